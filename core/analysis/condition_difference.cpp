#include "core/analysis/condition_difference.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <numeric>

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include "core/analysis/difference_sample.hpp"
#include "core/analysis/energy_distance.hpp"
#include "core/analysis/label_shuffle.hpp"
#include "core/analysis/multiple_testing.hpp"
#include "core/base/error.hpp"

namespace ember {

namespace {

/// Distances inside one cell type, summed between units: all that a shuffle needs.
struct TypeDistances {
    std::vector<std::int32_t> units; ///< units that have cells of this type
    std::vector<double> cells;       ///< [units] their cells
    std::vector<float> sums;         ///< [units × units] sums of distances over ordered pairs of cells
};

/// Σ n_a·n_b·E(a, b) and Σ n_a·n_b·2·mean d(a, b) over pairs of conditions, with Σ n_a·n_b.
struct Effect {
    double energy = 0, between = 0, weight = 0;
    double value() const { return between > 0 ? energy / between : 0; }
    bool defined() const { return weight > 0; }
};

TypeDistances measure_type(const DifferenceSample& sample, const ShufflePlan& plan, std::int32_t type,
                           JobContext& job) {
    std::vector<std::uint32_t> rows;
    std::vector<std::size_t> local; // unit of each row, as an index into units
    TypeDistances result;
    std::vector<std::int32_t> index(plan.label.size(), -1);
    for (std::size_t cell = 0; cell < sample.type.size(); ++cell) {
        if (sample.type[cell] == type) {
            const std::int32_t unit = plan.unit[cell];
            std::int32_t& at = index[static_cast<std::size_t>(unit)];
            if (at < 0) {
                at = static_cast<std::int32_t>(result.units.size());
                result.units.push_back(unit);
                result.cells.push_back(0);
            }
            ++result.cells[static_cast<std::size_t>(at)];
            rows.push_back(static_cast<std::uint32_t>(cell));
            local.push_back(static_cast<std::size_t>(at));
        }
    }
    std::vector<float> distances = distances_among(sample.values, sample.cols, rows, job);
    if (!plan.replicates) {
        result.sums = std::move(distances); // each cell is a unit, in this order
        return result;
    }
    const std::size_t units = result.units.size();
    std::vector<double> sums(units * units, 0);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        for (std::size_t j = 0; j < rows.size(); ++j) {
            sums[local[i] * units + local[j]] += static_cast<double>(distances[i * rows.size() + j]);
        }
    }
    result.sums.assign(sums.begin(), sums.end());
    return result;
}

Effect effect_of(const TypeDistances& type, const std::vector<std::int32_t>& unit_label,
                 std::size_t conditions) {
    const std::size_t units = type.units.size();
    std::vector<std::size_t> label(units);
    std::vector<double> count(conditions, 0), sums(conditions * conditions, 0);
    for (std::size_t u = 0; u < units; ++u) {
        label[u] = static_cast<std::size_t>(unit_label[static_cast<std::size_t>(type.units[u])]);
        count[label[u]] += type.cells[u];
    }
    for (std::size_t u = 0; u < units; ++u) {
        double* row = &sums[label[u] * conditions];
        const float* distances = &type.sums[u * units];
        for (std::size_t v = 0; v < u; ++v) {
            row[label[v]] += 2 * static_cast<double>(distances[v]);
        }
        row[label[u]] += static_cast<double>(distances[u]);
    }
    Effect effect;
    for (std::size_t a = 0; a < conditions; ++a) {
        for (std::size_t b = a + 1; b < conditions; ++b) {
            const double pairs = count[a] * count[b];
            if (pairs == 0) {
                continue;
            }
            const double between =
                (sums[a * conditions + b] + sums[b * conditions + a]) / pairs; // twice the mean
            const double within = sums[a * conditions + a] / (count[a] * count[a]) +
                                  sums[b * conditions + b] / (count[b] * count[b]);
            effect.energy += pairs * (between - within);
            effect.between += pairs * between;
            effect.weight += pairs;
        }
    }
    return effect;
}

/// Over the types, weighted by their cells in the file.
double overall_of(const std::vector<Effect>& effects, const std::vector<double>& cells) {
    double energy = 0, between = 0;
    for (std::size_t t = 0; t < effects.size(); ++t) {
        if (effects[t].defined()) {
            energy += cells[t] * effects[t].energy / effects[t].weight;
            between += cells[t] * effects[t].between / effects[t].weight;
        }
    }
    return between > 0 ? energy / between : 0;
}

std::vector<Effect> effects_of(const std::vector<TypeDistances>& types,
                               const std::vector<std::int32_t>& unit_label, std::size_t conditions) {
    std::vector<Effect> effects;
    for (const TypeDistances& type : types) {
        effects.push_back(effect_of(type, unit_label, conditions));
    }
    return effects;
}

/// Effects under shuffled labels: the whole sample's, then each type's (NaN: undefined in that shuffle).
std::vector<std::vector<double>> shuffle_effects(const std::vector<TypeDistances>& types,
                                                 const ShufflePlan& plan, const DifferenceSample& sample,
                                                 const ConditionDifferenceRequest& request, JobContext& job) {
    const auto shuffles = static_cast<std::size_t>(request.permutations);
    std::vector<std::vector<double>> effects(types.size() + 1, std::vector<double>(shuffles));
    job.begin("Shuffling labels", shuffles, "shuffles");
    std::atomic<std::uint64_t> done = 0;
    tbb::parallel_for(tbb::blocked_range<std::size_t>(0, shuffles, 1), [&](const auto& range) {
        for (std::size_t b = range.begin(); b != range.end(); ++b) {
            job.check_cancelled();
            const auto found =
                effects_of(types, plan.shuffled(request.seed, b + 1), sample.conditions.size());
            effects[0][b] = overall_of(found, sample.type_cells);
            for (std::size_t t = 0; t < found.size(); ++t) {
                effects[t + 1][b] = found[t].defined() ? found[t].value() : NAN;
            }
            job.advance_to(++done);
        }
    });
    return effects;
}

struct Tail {
    double mean = 0, p = 1;
};

/// A shuffle that leaves nothing to compare counts against a difference.
Tail tail_of(const std::vector<double>& shuffled, double effect) {
    double sum = 0;
    std::size_t defined = 0, as_large = 0;
    for (const double value : shuffled) {
        if (!std::isnan(value)) {
            sum += value;
            ++defined;
        }
        as_large += std::isnan(value) || value >= effect - 1e-7 * std::abs(effect);
    }
    return {defined > 0 ? sum / static_cast<double>(defined) : 0,
            static_cast<double>(as_large + 1) / static_cast<double>(shuffled.size() + 1)};
}

DifferenceVerdict judge(double effect, double shuffled_mean, double p,
                        const ConditionDifferenceRequest& request) {
    const bool differs = p <= request.alpha && effect - shuffled_mean >= request.smallest_effect;
    return differs ? DifferenceVerdict::differs : DifferenceVerdict::does_not_differ;
}

ShufflePlan choose_plan(const DifferenceSample& sample, const ConditionDifferenceRequest& request) {
    const std::size_t conditions = sample.conditions.size();
    ShufflePlan cells = shuffle_cells(sample.condition, sample.type, conditions);
    if (sample.replicate.empty()) {
        return cells;
    }
    ShufflePlan replicates = shuffle_replicates(sample.condition, sample.replicate, sample.block, conditions);
    if (1 / replicates.relabelings <= request.alpha) {
        return replicates;
    }
    cells.replicates_per_label = replicates.replicates_per_label; // too few of them for a test
    return cells;
}

/// Mean value of each sampled cell, less that of its type.
std::vector<double> centred_means(const DifferenceSample& sample) {
    std::vector<double> means(sample.cells.size()), sum(sample.types.size(), 0),
        count(sample.types.size(), 0);
    for (std::size_t cell = 0; cell < means.size(); ++cell) {
        const float* row = &sample.values[cell * sample.cols];
        means[cell] = std::accumulate(row, row + sample.cols, 0.0) / static_cast<double>(sample.cols);
        sum[static_cast<std::size_t>(sample.type[cell])] += means[cell];
        ++count[static_cast<std::size_t>(sample.type[cell])];
    }
    for (std::size_t cell = 0; cell < means.size(); ++cell) {
        const auto type = static_cast<std::size_t>(sample.type[cell]);
        means[cell] -= sum[type] / count[type];
    }
    return means;
}

/// The automatic finding on the cells' mean values: η² and the largest |d| of any pair of conditions.
void measure_means(const DifferenceSample& sample, ConditionDifferenceResult& result) {
    const std::vector<double> means = centred_means(sample);
    const std::size_t conditions = sample.conditions.size();
    std::vector<double> sum(conditions, 0), count(conditions, 0), squares(conditions, 0);
    double all_squares = 0, between = 0;
    for (std::size_t cell = 0; cell < means.size(); ++cell) {
        const auto label = static_cast<std::size_t>(sample.condition[cell]);
        sum[label] += means[cell];
        ++count[label];
        all_squares += means[cell] * means[cell]; // their mean is zero
    }
    for (std::size_t cell = 0; cell < means.size(); ++cell) {
        const auto label = static_cast<std::size_t>(sample.condition[cell]);
        squares[label] += std::pow(means[cell] - sum[label] / count[label], 2);
    }
    for (std::size_t a = 0; a < conditions; ++a) {
        between += count[a] > 0 ? sum[a] * sum[a] / count[a] : 0;
        for (std::size_t b = 0; b < a; ++b) {
            const double pooled = std::sqrt((squares[a] + squares[b]) / (count[a] + count[b] - 2));
            if (count[a] > 1 && count[b] > 1 && pooled > 0) {
                const double shift = std::abs(sum[a] / count[a] - sum[b] / count[b]);
                result.largest_d = std::max(result.largest_d, shift / pooled);
            }
        }
    }
    result.eta_squared = all_squares > 0 ? between / all_squares : 0;
}

void test(const DifferenceSample& sample, const ConditionDifferenceRequest& request,
          ConditionDifferenceResult& result, JobContext& job) {
    const ShufflePlan plan = choose_plan(sample, request);
    std::vector<TypeDistances> types;
    job.begin("Comparing cells", sample.types.size(), "groups");
    for (std::size_t t = 0; t < sample.types.size(); ++t) {
        types.push_back(measure_type(sample, plan, static_cast<std::int32_t>(t), job));
        job.advance_to(t + 1);
    }
    const std::vector<Effect> found = effects_of(types, plan.label, sample.conditions.size());
    if (std::none_of(found.begin(), found.end(), [](const Effect& effect) { return effect.defined(); })) {
        result.verdict = DifferenceVerdict::too_few_cells; // the rest had values that are not finite
        return;
    }
    const auto shuffled = shuffle_effects(types, plan, sample, request, job);
    result.effect = overall_of(found, sample.type_cells);
    const Tail tail = tail_of(shuffled[0], result.effect);
    result.shuffled_mean = tail.mean;
    result.p = tail.p;
    result.verdict = judge(result.effect, tail.mean, tail.p, request);
    result.replicates_shuffled = plan.replicates;
    result.replicates = plan.replicates_per_label;
    result.relabelings = plan.relabelings;
    std::vector<double> p;
    for (std::size_t t = 0; t < types.size() && !request.within_col.empty(); ++t) {
        const Tail own = tail_of(shuffled[t + 1], found[t].value());
        const double cells = std::accumulate(types[t].cells.begin(), types[t].cells.end(), 0.0);
        result.groups.push_back({sample.types[t], DifferenceVerdict::not_tested,
                                 static_cast<std::uint64_t>(cells), found[t].value(), own.mean, own.p, 1});
        if (!found[t].defined()) {
            result.groups.back().verdict = DifferenceVerdict::too_few_cells;
            result.groups.back().p = NAN;
        }
        p.push_back(result.groups.back().p);
    }
    const std::vector<double> adjusted = benjamini_hochberg(p);
    for (std::size_t t = 0; t < result.groups.size(); ++t) {
        GroupDifference& group = result.groups[t];
        group.p_adjusted = adjusted[t];
        if (group.verdict != DifferenceVerdict::too_few_cells) {
            group.verdict = judge(group.effect, group.shuffled_mean, group.p_adjusted, request);
        }
    }
}

} // namespace

const char* to_string(DifferenceVerdict verdict) noexcept {
    switch (verdict) {
    case DifferenceVerdict::differs:
        return "differs";
    case DifferenceVerdict::does_not_differ:
        return "does_not_differ";
    case DifferenceVerdict::too_few_cells:
        return "too_few_cells";
    case DifferenceVerdict::one_group:
        return "one_group";
    case DifferenceVerdict::not_tested:
        break;
    }
    return "not_tested";
}

ConditionDifferenceRequest difference_request(const AnnData& data, const MatrixSource& source,
                                              const Schema& schema) {
    return difference_request(data, source, schema, schema.pert_col.value);
}

ConditionDifferenceRequest difference_request(const AnnData& data, const MatrixSource& source,
                                              const Schema& schema, const std::string& column) {
    ConditionDifferenceRequest request;
    request.adata = data.path();
    request.source = source;
    request.group_col = column;
    const auto unless_tested = [&](const std::string& other) {
        return other == column ? std::string() : other;
    };
    request.within_col = unless_tested(schema.celltype_col.value);
    request.replicate_col = unless_tested(schema.replicate_col.value);
    if (!request.replicate_col.empty()) {
        request.block_col = column == schema.timepoint_col.value ? unless_tested(schema.pert_col.value)
                                                                 : unless_tested(schema.timepoint_col.value);
    }
    return request;
}

ConditionDifferenceResult compare_conditions(const AnnData& data, const ConditionDifferenceRequest& request,
                                             JobContext& job) {
    if (request.permutations < 1 || request.max_cells < 2 * least_cells_per_stratum) {
        throw UsageError("A comparison of conditions needs at least 1 shuffle and a sample of 10 cells");
    }
    ConditionDifferenceResult result;
    if (request.group_col.empty()) {
        return result;
    }
    const DifferenceSample sample = draw_sample(data, request, job);
    result.labels = sample.conditions;
    result.sampled = sample.cells.size();
    result.cells = sample.labelled;
    result.without_label = sample.without_label;
    result.nonfinite_rows = sample.nonfinite_rows;
    result.left_out = sample.left_out;
    result.permutations = request.permutations;
    if (sample.conditions_in_file < 2) {
        result.verdict = DifferenceVerdict::one_group;
    } else if (sample.mostly_small || sample.cells.size() < 2 * least_cells_per_stratum ||
               sample.conditions.size() < 2) {
        result.verdict = DifferenceVerdict::too_few_cells;
    } else {
        measure_means(sample, result);
        test(sample, request, result, job);
    }
    return result;
}

} // namespace ember

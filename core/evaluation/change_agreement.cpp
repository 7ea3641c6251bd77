#include "core/evaluation/change_agreement.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>

#include <tbb/parallel_for.h>

#include "core/analysis/label_shuffle.hpp"
#include "core/base/error.hpp"

namespace ember {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::uint64_t splits_begin = 1ULL << 40; ///< numbers of draws for the halves

using Values = std::vector<double>;

/// Mean of the cells in the groups of a type that `weight(group)` counts; empty where there are none.
template<typename Weight>
Values mean_of(const ChangeSums& sums, std::size_t type, std::size_t genes, Weight weight) {
    Values mean(genes, 0);
    double cells = 0;
    for (const std::int32_t index : sums.by_type[type]) {
        const ChangeGroup& group = sums.groups[static_cast<std::size_t>(index)];
        const double w = weight(group);
        if (w > 0 && group.cells > 0) {
            cells += w * static_cast<double>(group.cells);
            for (std::size_t gene = 0; gene < genes; ++gene) {
                mean[gene] += w * group.sum[gene];
            }
        }
    }
    if (cells == 0) {
        return {};
    }
    for (double& value : mean) {
        value /= cells;
    }
    return mean;
}

Values difference(Values a, const Values& b) {
    if (a.empty() || b.empty()) {
        return {};
    }
    for (std::size_t i = 0; i < a.size(); ++i) {
        a[i] -= b[i];
    }
    return a;
}

/// Perturbed less control, units weighted.
Values change_of(const ChangeSums& sums, std::size_t type, std::int32_t pert, std::size_t genes,
                 const Values& weight) {
    const auto of = [&](std::int32_t label) {
        return mean_of(sums, type, genes, [&](const ChangeGroup& group) {
            return group.pert == label ? weight[static_cast<std::size_t>(group.unit)] : 0.0;
        });
    };
    return difference(of(pert), of(0));
}

/// Multiplicities of the units in resample `number`: replicates that carry several labels are drawn as a
/// whole, others within their label.
Values resampled(const ChangeLayout& layout, bool crossed, std::uint64_t seed, std::uint64_t number) {
    Shuffler random(seed, number);
    Values weight(layout.unit_pert.size(), 0);
    std::vector<std::vector<std::size_t>> strata(crossed ? 1 : layout.perturbations.size());
    std::vector<std::vector<std::size_t>> members; // of each thing that is drawn
    if (crossed) {
        members.resize(layout.replicate_names.size());
        for (std::size_t unit = 0; unit < weight.size(); ++unit) {
            members[static_cast<std::size_t>(layout.unit_replicate[unit])].push_back(unit);
        }
        for (std::size_t i = 0; i < members.size(); ++i) {
            if (!members[i].empty()) {
                strata[0].push_back(i);
            }
        }
    } else {
        for (std::size_t unit = 0; unit < weight.size(); ++unit) {
            members.push_back({unit});
            strata[static_cast<std::size_t>(layout.unit_pert[unit])].push_back(unit);
        }
    }
    for (const auto& stratum : strata) {
        for (std::size_t draw = 0; draw < stratum.size(); ++draw) {
            for (const std::size_t unit : members[stratum[random.below(stratum.size())]]) {
                weight[unit] += 1;
            }
        }
    }
    return weight;
}

bool is_crossed(const ChangeLayout& layout) {
    std::set<std::int32_t> seen;
    return layout.replicates && std::any_of(layout.unit_replicate.begin(), layout.unit_replicate.end(),
                                            [&](std::int32_t r) { return !seen.insert(r).second; });
}

/// 1.96 standard deviations of the resamples to either side. Percentiles would not do: a resample adds noise
/// to both changes, so that its correlation is lower on average than that of the data.
Estimate estimate_of(double value, const Values& resamples, bool correlation) {
    const auto scaled = [&](double r) {
        return correlation ? std::atanh(std::clamp(r, -0.9999999, 0.9999999)) : r;
    };
    double sum = 0, squares = 0, count = 0;
    for (const double resample : resamples) {
        if (std::isfinite(resample)) {
            sum += scaled(resample);
            squares += scaled(resample) * scaled(resample);
            ++count;
        }
    }
    if (!std::isfinite(value) || count < 20) {
        return {value, nan, nan};
    }
    const double variance = std::max(0.0, (squares - sum * sum / count) / (count - 1));
    const double reach = 1.959964 * std::sqrt(variance), centre = scaled(value);
    return correlation ? Estimate{value, std::tanh(centre - reach), std::tanh(centre + reach)}
                       : Estimate{value, centre - reach, centre + reach};
}

/// What one resample (or the data themselves) says of one perturbation.
struct Reading {
    std::vector<Values> models;       ///< [models][types] r
    Values others, perturbation_mean; ///< [types] r
};

/// [shuffles] r and slope under shuffled labels.
struct Null {
    Values pearson, slope;
};

double slope_of(const Values& predicted, const Values& observed) {
    if (predicted.empty() || observed.empty()) {
        return nan;
    }
    double product = 0, square = 0;
    for (std::size_t i = 0; i < observed.size(); ++i) {
        product += predicted[i] * observed[i];
        square += observed[i] * observed[i];
    }
    return square > 0 ? product / square : nan;
}

class Agreement {
public:
    Agreement(const ChangeLayout& layout, const ChangeSums& observed,
              const std::vector<ChangeSums>& predicted, const ChangeOptions& options)
        : layout_(layout),
          observed_(observed),
          predicted_(predicted),
          options_(options),
          crossed_(is_crossed(layout)),
          genes_(layout.genes.size()),
          types_(layout.types.size()) {}

    PerturbationChange of(std::int32_t pert, JobContext& job) const;

private:
    Reading read(std::int32_t pert, const Values& weight, std::vector<Values>* observed) const;
    std::vector<Values> mean_of_others(std::int32_t pert, const Values& weight) const;
    void describe_type(TypeChange& change, std::int32_t pert, std::size_t type) const;
    double reliability(std::int32_t pert, std::size_t type) const;
    /// [models][types] under shuffled labels.
    std::vector<std::vector<Null>> shuffled(std::int32_t pert, const std::vector<TypeChange>& types,
                                            JobContext& job) const;

    const ChangeLayout& layout_;
    const ChangeSums& observed_;
    const std::vector<ChangeSums>& predicted_;
    const ChangeOptions& options_;
    bool crossed_;
    std::size_t genes_, types_;
};

/// [types] mean observed change of the other perturbations; empty with one perturbation.
std::vector<Values> Agreement::mean_of_others(std::int32_t pert, const Values& weight) const {
    std::vector<Values> means(types_);
    const auto perturbations = static_cast<std::int32_t>(layout_.perturbations.size());
    if (perturbations < 3) {
        return means;
    }
    for (std::size_t type = 0; type < types_; ++type) {
        means[type] =
            difference(mean_of(observed_, type, genes_,
                               [&](const ChangeGroup& group) {
                                   return group.pert != pert && group.pert != 0
                                              ? weight[static_cast<std::size_t>(group.unit)]
                                              : 0.0;
                               }),
                       mean_of(observed_, type, genes_, [&](const ChangeGroup& group) {
                           return group.pert == 0 ? weight[static_cast<std::size_t>(group.unit)] : 0.0;
                       }));
    }
    return means;
}

Reading Agreement::read(std::int32_t pert, const Values& weight, std::vector<Values>* keep) const {
    std::vector<Values> observed;
    Values all(genes_, 0);
    double cells = 0;
    std::vector<double> size(types_, 0);
    for (std::size_t type = 0; type < types_; ++type) {
        observed.push_back(change_of(observed_, type, pert, genes_, weight));
        if (!observed.back().empty()) {
            size[type] = static_cast<double>(observed_.cells_of(pert, static_cast<std::int32_t>(type)));
            cells += size[type];
            for (std::size_t gene = 0; gene < genes_; ++gene) {
                all[gene] += size[type] * observed.back()[gene];
            }
        }
    }
    const std::vector<Values> average = mean_of_others(pert, weight);
    Reading reading;
    for (std::size_t type = 0; type < types_; ++type) {
        Values rest;
        if (!observed[type].empty() && cells > size[type]) {
            rest = all;
            for (std::size_t gene = 0; gene < genes_; ++gene) {
                rest[gene] -= size[type] * observed[type][gene];
            }
        }
        reading.others.push_back(pearson_of(observed[type], rest));
        reading.perturbation_mean.push_back(pearson_of(observed[type], average[type]));
    }
    for (const ChangeSums& sums : predicted_) {
        Values r;
        for (std::size_t type = 0; type < types_; ++type) {
            r.push_back(pearson_of(change_of(sums, type, pert, genes_, weight), observed[type]));
        }
        reading.models.push_back(std::move(r));
    }
    if (keep != nullptr) {
        *keep = std::move(observed);
    }
    return reading;
}

double Agreement::reliability(std::int32_t pert, std::size_t type) const {
    // Dealt in turn within each label and block, so that both halves have the same days.
    std::vector<std::vector<std::size_t>> hands;
    for (const std::int32_t label : {0, pert}) {
        std::vector<std::pair<std::int32_t, std::size_t>> units;
        for (std::size_t unit = 0; unit < layout_.unit_pert.size(); ++unit) {
            if (layout_.unit_pert[unit] == label) {
                units.emplace_back(layout_.unit_block.empty() ? 0 : layout_.unit_block[unit], unit);
            }
        }
        std::sort(units.begin(), units.end());
        hands.emplace_back();
        for (std::size_t i = 0; i < units.size(); ++i) {
            if (i > 0 && units[i].first != units[i - 1].first) {
                hands.emplace_back();
            }
            hands.back().push_back(units[i].second);
        }
    }
    double sum = 0;
    int count = 0;
    for (int split = 0; split < options_.halves; ++split) {
        Shuffler random(options_.seed, splits_begin + static_cast<std::uint64_t>(split));
        Values first(layout_.unit_pert.size(), 0), second = first;
        std::vector<std::size_t> turn(layout_.perturbations.size(), 0);
        for (std::vector<std::size_t> hand : hands) {
            random.choose_first(hand, hand.size());
            for (const std::size_t unit : hand) {
                std::size_t& dealt = turn[static_cast<std::size_t>(layout_.unit_pert[unit])];
                (dealt++ % 2 == 0 ? first : second)[unit] = 1;
            }
        }
        const double r = pearson_of(change_of(observed_, type, pert, genes_, first),
                                    change_of(observed_, type, pert, genes_, second));
        if (std::isfinite(r)) {
            sum += r;
            ++count;
        }
    }
    if (count == 0) {
        return nan;
    }
    const double r = sum / count;
    return r > 0 ? 2 * r / (1 + r) : r;
}

void Agreement::describe_type(TypeChange& change, std::int32_t pert, std::size_t type) const {
    change.type = layout_.types[type];
    std::set<std::int32_t> units[2];
    for (const std::int32_t index : observed_.by_type[type]) {
        const ChangeGroup& group = observed_.groups[static_cast<std::size_t>(index)];
        if (group.cells > 0 && (group.pert == 0 || group.pert == pert)) {
            (group.pert == 0 ? change.control_cells : change.cells) += group.cells;
            units[group.pert == 0 ? 0 : 1].insert(group.unit);
        }
    }
    change.control_units = static_cast<int>(units[0].size());
    change.units = static_cast<int>(units[1].size());
    double squares = 0;
    for (const double value : change.observed) {
        squares += value * value;
    }
    change.size = change.observed.empty() ? nan : std::sqrt(squares / static_cast<double>(genes_));
    change.reliability = reliability(pert, type);
    const std::uint64_t least = std::min(change.cells, change.control_cells);
    if (least < options_.least_cells) {
        const bool control = change.control_cells <= change.cells;
        change.why_not = std::to_string(least) + (least == 1 ? " cell in " : " cells in ") +
                         layout_.perturbations[static_cast<std::size_t>(control ? 0 : pert)];
    } else if (!std::isfinite(change.reliability)) {
        change.why_not = "one replicate, so that its change cannot be checked";
    } else if (change.reliability < options_.least_reliability) {
        change.why_not = "the observed change differs between two halves of the replicates";
    }
    change.judged = change.why_not.empty();
}

std::vector<std::vector<Null>> Agreement::shuffled(std::int32_t pert, const std::vector<TypeChange>& types,
                                                   JobContext& job) const {
    std::vector<std::int32_t> conditions(layout_.unit_pert), replicates(layout_.unit_replicate);
    const ShufflePlan plan =
        shuffle_replicates(conditions, replicates, layout_.unit_block, layout_.perturbations.size());
    const auto shuffles = static_cast<std::size_t>(options_.shuffles);
    std::vector<std::vector<Null>> found(
        predicted_.size(), std::vector<Null>(types_, Null{Values(shuffles, 0), Values(shuffles, 0)}));
    tbb::parallel_for(std::size_t{0}, shuffles, [&](std::size_t shuffle) {
        if (job.cancel_requested()) {
            return;
        }
        const std::vector<std::int32_t> labels = plan.shuffled(options_.seed, shuffle);
        const auto of = [&](const ChangeSums& sums, std::size_t type, std::int32_t label) {
            return mean_of(sums, type, genes_, [&](const ChangeGroup& group) {
                const auto unit = static_cast<std::size_t>(plan.unit[static_cast<std::size_t>(group.unit)]);
                return labels[unit] == label ? 1.0 : 0.0;
            });
        };
        for (std::size_t model = 0; model < predicted_.size(); ++model) {
            for (std::size_t type = 0; type < types_; ++type) {
                const Values change =
                    difference(of(predicted_[model], type, pert), of(predicted_[model], type, 0));
                const double r = pearson_of(change, types[type].observed);
                const double slope = slope_of(change, types[type].observed);
                found[model][type].pearson[shuffle] = std::isfinite(r) ? r : 0;
                found[model][type].slope[shuffle] = std::isfinite(slope) ? slope : 0;
            }
        }
    });
    job.check_cancelled();
    return found;
}

void judge_by_shuffles(ModelAgreement& agreement, const Null& shuffled) {
    if (!std::isfinite(agreement.pearson.value) || shuffled.slope.empty()) {
        agreement.p = agreement.shuffled_mean = nan;
        return;
    }
    const auto count = static_cast<double>(shuffled.slope.size());
    const auto above = std::count_if(shuffled.slope.begin(), shuffled.slope.end(),
                                     [&](double slope) { return slope >= agreement.slope; });
    agreement.p = (static_cast<double>(above) + 1) / (count + 1);
    agreement.shuffled_mean = std::accumulate(shuffled.pearson.begin(), shuffled.pearson.end(), 0.0) / count;
}

/// The mean over the judged types; NaN counts as no agreement only where the baseline is meant to be a mean.
double mean_over(const Values& by_type, const std::vector<bool>& judged) {
    double sum = 0;
    int count = 0;
    for (std::size_t type = 0; type < by_type.size(); ++type) {
        if (judged[type] && std::isfinite(by_type[type])) {
            sum += by_type[type];
            ++count;
        }
    }
    return count > 0 ? sum / count : nan;
}

double better(double a, double b) {
    return std::isnan(a) ? b : std::isnan(b) ? a : std::max(a, b);
}

/// Picks a number out of the data's reading and of all resamples.
template<typename Pick>
Estimate picked(const Reading& whole, const std::vector<Reading>& resamples, Pick pick,
                bool correlation = true) {
    Values values;
    values.reserve(resamples.size());
    for (const Reading& reading : resamples) {
        values.push_back(pick(reading));
    }
    return estimate_of(pick(whole), values, correlation);
}

PerturbationChange Agreement::of(std::int32_t pert, JobContext& job) const {
    PerturbationChange result;
    result.perturbation = layout_.perturbations[static_cast<std::size_t>(pert)];
    std::vector<Values> observed;
    const Values ones(layout_.unit_pert.size(), 1);
    const Reading whole = read(pert, ones, &observed);
    std::vector<Reading> resamples(static_cast<std::size_t>(options_.bootstrap));
    tbb::parallel_for(std::size_t{0}, resamples.size(), [&](std::size_t draw) {
        if (!job.cancel_requested()) {
            resamples[draw] = read(pert, resampled(layout_, crossed_, options_.seed, draw), nullptr);
        }
    });
    job.check_cancelled();
    result.types.resize(types_);
    tbb::parallel_for(std::size_t{0}, types_, [&](std::size_t type) {
        result.types[type].observed = observed[type];
        describe_type(result.types[type], pert, type);
    });
    std::vector<bool> judged;
    for (const TypeChange& type : result.types) {
        judged.push_back(type.judged);
        result.judged += type.judged ? 1 : 0;
    }
    const auto null = shuffled(pert, result.types, job);
    for (std::size_t type = 0; type < types_; ++type) {
        TypeChange& change = result.types[type];
        change.others = picked(whole, resamples, [&](const Reading& r) { return r.others[type]; });
        change.perturbation_mean =
            picked(whole, resamples, [&](const Reading& r) { return r.perturbation_mean[type]; });
        for (std::size_t model = 0; model < predicted_.size(); ++model) {
            ModelAgreement agreement;
            agreement.pearson =
                picked(whole, resamples, [&](const Reading& r) { return r.models[model][type]; });
            agreement.over_baseline = picked(
                whole, resamples,
                [&](const Reading& r) {
                    return r.models[model][type] - better(r.others[type], r.perturbation_mean[type]);
                },
                false);
            Values predicted = change_of(predicted_[model], type, pert, genes_, ones);
            agreement.slope = slope_of(predicted, change.observed);
            agreement.cells = predicted_[model].cells_of(pert, static_cast<std::int32_t>(type));
            judge_by_shuffles(agreement, null[model][type]);
            change.predicted.push_back(std::move(predicted));
            change.models.push_back(agreement);
        }
    }
    const auto mean = [&](auto member) {
        return picked(whole, resamples, [&](const Reading& r) { return mean_over(member(r), judged); });
    };
    result.others = mean([](const Reading& r) -> const Values& { return r.others; });
    result.perturbation_mean = mean([](const Reading& r) -> const Values& { return r.perturbation_mean; });
    for (std::size_t model = 0; model < predicted_.size(); ++model) {
        ModelAgreement overall;
        overall.pearson = mean([&](const Reading& r) -> const Values& { return r.models[model]; });
        overall.over_baseline = picked(
            whole, resamples,
            [&](const Reading& r) {
                return mean_over(r.models[model], judged) -
                       better(mean_over(r.others, judged), mean_over(r.perturbation_mean, judged));
            },
            false);
        Values slopes;
        for (std::size_t type = 0; type < types_; ++type) {
            slopes.push_back(result.types[type].models[model].slope);
            overall.cells += result.types[type].models[model].cells;
        }
        overall.slope = mean_over(slopes, judged);
        Null means;
        for (std::size_t shuffle = 0; shuffle < static_cast<std::size_t>(options_.shuffles); ++shuffle) {
            Values r, slope;
            for (std::size_t type = 0; type < types_; ++type) {
                r.push_back(null[model][type].pearson[shuffle]);
                slope.push_back(null[model][type].slope[shuffle]);
            }
            means.pearson.push_back(mean_over(r, judged));
            means.slope.push_back(mean_over(slope, judged));
        }
        judge_by_shuffles(overall, means);
        result.overall.push_back(overall);
    }
    for (std::size_t row = 0; row < predicted_.size(); ++row) {
        for (std::size_t column = 0; column < predicted_.size(); ++column) {
            result.differences.push_back(picked(
                whole, resamples,
                [&](const Reading& r) {
                    return mean_over(r.models[row], judged) - mean_over(r.models[column], judged);
                },
                false));
        }
    }
    return result;
}

} // namespace

double pearson_of(const std::vector<double>& a, const std::vector<double>& b) {
    if (a.size() != b.size() || a.size() < 2) {
        return nan;
    }
    const auto n = static_cast<double>(a.size());
    const double mean_a = std::accumulate(a.begin(), a.end(), 0.0) / n;
    const double mean_b = std::accumulate(b.begin(), b.end(), 0.0) / n;
    double product = 0, square_a = 0, square_b = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        product += (a[i] - mean_a) * (b[i] - mean_b);
        square_a += (a[i] - mean_a) * (a[i] - mean_a);
        square_b += (b[i] - mean_b) * (b[i] - mean_b);
    }
    return square_a > 0 && square_b > 0 ? product / std::sqrt(square_a * square_b) : nan;
}

std::vector<PerturbationChange> agree_on_change(const ChangeLayout& layout, const ChangeSums& observed,
                                                const std::vector<ChangeSums>& predicted,
                                                const ChangeOptions& options, JobContext& job) {
    const Agreement agreement(layout, observed, predicted, options);
    std::vector<PerturbationChange> changes;
    job.begin("Comparing changes", layout.perturbations.size() - 1, "perturbations");
    for (std::size_t pert = 1; pert < layout.perturbations.size(); ++pert) {
        changes.push_back(agreement.of(static_cast<std::int32_t>(pert), job));
        job.advance_to(pert);
    }
    return changes;
}

} // namespace ember

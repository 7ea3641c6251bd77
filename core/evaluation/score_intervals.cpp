#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

#include <tbb/parallel_for.h>

#include "core/evaluation/mean_metrics.hpp"
#include "core/evaluation/resampling.hpp"

namespace ember {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t most_values = std::size_t{1} << 27; ///< of the parts' sums on a side: 512 MiB

constexpr std::array<const char*, 10> metrics = {"pearson_delta",
                                                 "mse",
                                                 "mae",
                                                 "mse_delta",
                                                 "mae_delta",
                                                 "perturbation_correlation",
                                                 "gene_correlation",
                                                 "temporal_coherence",
                                                 "nn_distance",
                                                 "cell_type_accuracy"};
using Row = std::array<double, metrics.size()>;

/// Sums over the cells of each part.
struct PartSums {
    std::vector<float> sums; ///< [parts × genes]
    std::vector<double> cells;
};

PartSums sum_parts(const CellPool& pool, const LabelledCells& cells, const std::vector<std::int32_t>& part,
                   std::size_t parts, JobContext& job) {
    std::vector<std::vector<std::uint32_t>> rows(parts);
    for (std::size_t i = 0; i < cells.size(); ++i) {
        rows[static_cast<std::size_t>(part[i])].push_back(cells.row[i]);
    }
    const std::size_t genes = pool.genes();
    PartSums sums{std::vector<float>(parts * genes, 0.0F), std::vector<double>(parts, 0)};
    tbb::parallel_for(std::size_t{0}, parts, [&](std::size_t p) {
        job.check_cancelled();
        std::vector<double> sum(genes, 0);
        for (const std::uint32_t number : rows[p]) {
            const CellRow row = pool.row(number);
            for (std::size_t i = 0; i < row.values.size(); ++i) {
                sum[row.sparse ? row.genes[i] : i] += static_cast<double>(row.values[i]);
            }
        }
        std::copy(sum.begin(), sum.end(), &sums.sums[p * genes]);
        sums.cells[p] = static_cast<double>(rows[p].size());
    });
    return sums;
}

GroupSums resampled(const PartSums& parts, const ResamplePlan& plan, const std::vector<double>& weights,
                    const GroupShape& shape, std::size_t genes) {
    GroupSums groups{shape, genes, std::vector<double>(shape.size(), 0),
                     std::vector<double>(shape.size() * genes, 0)};
    for (std::size_t p = 0; p < weights.size(); ++p) {
        if (weights[p] == 0 || parts.cells[p] == 0) {
            continue;
        }
        const std::size_t group = plan.parts[p].group;
        groups.cells[group] += weights[p] * parts.cells[p];
        double* to = &groups.sums[group * genes];
        const float* from = &parts.sums[p * genes];
        for (std::size_t g = 0; g < genes; ++g) {
            to[g] += weights[p] * static_cast<double>(from[g]);
        }
    }
    return groups;
}

/// Mean of the cells' values in a row of the sheet: sums by part first.
class CellMeans {
public:
    CellMeans(const std::vector<double>& values, const ResamplePlan& plan)
        : sum_(plan.parts.size(), 0), n_(plan.parts.size(), 0) {
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (!std::isnan(values[i])) {
                sum_[static_cast<std::size_t>(plan.pred[i])] += values[i];
                n_[static_cast<std::size_t>(plan.pred[i])] += 1;
            }
        }
    }

    double mean(const ResamplePlan& plan, const std::vector<double>& weights, const GroupShape& shape,
                std::int32_t pert, std::int32_t type) const {
        double sum = 0, n = 0;
        for (std::size_t p = 0; p < weights.size(); ++p) {
            const std::size_t group = plan.parts[p].group / shape.times;
            const bool inside = group / shape.types == static_cast<std::size_t>(pert) &&
                                (type == every || group % shape.types == static_cast<std::size_t>(type));
            if (inside) {
                sum += weights[p] * sum_[p];
                n += weights[p] * n_[p];
            }
        }
        return n > 0 ? sum / n : nan;
    }

private:
    std::vector<double> sum_, n_;
};

/// Scale on which resampled values are about normal: correlations by Fisher's z, errors by their logarithm.
enum class Scale { correlation, positive, share };

Scale scale_of(const std::string& metric) {
    if (metric == "cell_type_accuracy") {
        return Scale::share;
    }
    return metric.starts_with("m") || metric == "nn_distance" ? Scale::positive : Scale::correlation;
}

double to_scale(double value, Scale scale) {
    constexpr double nearly_one = 1 - 1e-12;
    return scale == Scale::correlation ? std::atanh(std::clamp(value, -nearly_one, nearly_one))
           : scale == Scale::positive  ? std::log(std::max(value, 1e-300))
                                       : value;
}

double from_scale(double value, Scale scale) {
    return scale == Scale::correlation ? std::tanh(value)
           : scale == Scale::positive  ? std::exp(value)
                                       : std::clamp(value, 0.0, 1.0);
}

/// The value ± 1.96 standard errors. Percentiles would leave correlations out of their own intervals, because
/// resampled means are noisier than those of the data. None where most resamples are not defined.
std::pair<double, double> interval(double value, std::vector<double> resampled, Scale scale) {
    const std::size_t all = resampled.size();
    std::erase_if(resampled, [](double v) { return std::isnan(v); });
    if (std::isnan(value) || resampled.size() < 2 || 2 * resampled.size() < all) {
        return {nan, nan};
    }
    if (scale == Scale::positive &&
        (value <= 0 || *std::min_element(resampled.begin(), resampled.end()) <= 0)) {
        return {nan, nan};
    }
    double mean = 0, squares = 0;
    for (double& v : resampled) {
        v = to_scale(v, scale);
        mean += v / static_cast<double>(resampled.size());
    }
    for (const double v : resampled) {
        squares += (v - mean) * (v - mean);
    }
    const double half = 1.96 * std::sqrt(squares / static_cast<double>(resampled.size() - 1));
    constexpr double rounding = 1e-9;
    if (half < rounding) {
        return {value, value};
    }
    const double centre = to_scale(value, scale);
    return {from_scale(centre - half, scale), from_scale(centre + half, scale)};
}

Row row_of(const MeanMetrics& m, double nearest, double own_type) {
    return {m.pearson_delta,
            m.mse,
            m.mae,
            m.mse_delta,
            m.mae_delta,
            m.perturbation_correlation,
            m.gene_correlation,
            m.temporal_coherence,
            nearest,
            own_type};
}

double mean_defined(const std::vector<double>& values) {
    double sum = 0, n = 0;
    for (const double v : values) {
        if (!std::isnan(v)) {
            sum += v;
            n += 1;
        }
    }
    return n > 0 ? sum / n : nan;
}

} // namespace

bool score_intervals(ScoreSheet& sheet, const ComparedCells& cells, const Candidate& candidate,
                     const ResamplePlan& plan, const std::vector<double>& nearest,
                     const std::vector<double>& own_type, const EvaluationRequest& request, JobContext& job) {
    const std::size_t genes = cells.genes.size();
    if (plan.parts.size() * genes > most_values || !plan.enough.back()) {
        return false;
    }
    const GroupShape shape = shape_of(cells);
    const PartSums pred = sum_parts(cells.pool, candidate.cells, plan.pred, plan.parts.size(), job);
    const PartSums real = sum_parts(cells.pool, cells.real, plan.real, plan.parts.size(), job);
    const CellMeans nearest_means(nearest, plan), type_means(own_type, plan);
    std::vector<std::pair<std::int32_t, std::int32_t>> rows;
    for (const std::int32_t type : sheet.slices()) {
        for (const std::int32_t pert : sheet.perts_in(type)) {
            if (plan.enough[static_cast<std::size_t>(pert)]) {
                rows.emplace_back(pert, type);
            }
        }
    }
    const auto resamples = static_cast<std::size_t>(request.bootstrap);
    std::vector<std::vector<Row>> found(resamples, std::vector<Row>(rows.size()));
    tbb::parallel_for(std::size_t{0}, resamples, [&](std::size_t b) {
        job.check_cancelled();
        const std::vector<double> weights = plan.weights(request.seed, b);
        const GroupSums pred_sums = resampled(pred, plan, weights, shape, genes);
        const GroupSums real_sums = resampled(real, plan, weights, shape, genes);
        for (std::size_t r = 0; r < rows.size(); ++r) {
            job.check_cancelled();
            const auto [pert, type] = rows[r];
            found[b][r] =
                row_of(mean_metrics(pred_sums, real_sums, pert, type, {candidate.controls_predicted}),
                       nearest_means.mean(plan, weights, shape, pert, type),
                       type_means.mean(plan, weights, shape, pert, type));
        }
    });
    for (std::size_t m = 0; m < metrics.size(); ++m) {
        const Scale scale = scale_of(metrics[m]);
        std::vector<std::vector<double>> overall(resamples);
        for (std::size_t r = 0; r < rows.size(); ++r) {
            std::vector<double> values(resamples);
            for (std::size_t b = 0; b < resamples; ++b) {
                values[b] = found[b][r][m];
                if (rows[r].second == every) {
                    overall[b].push_back(values[b]);
                }
            }
            const auto [low, high] =
                interval(sheet.value(metrics[m], rows[r].first, rows[r].second), std::move(values), scale);
            sheet.set_interval(metrics[m], rows[r].first, rows[r].second, low, high);
        }
        std::vector<double> means(resamples), values;
        std::transform(overall.begin(), overall.end(), means.begin(), mean_defined);
        for (const auto& [pert, type] : rows) {
            if (type == every) {
                values.push_back(sheet.value(metrics[m], pert, type));
            }
        }
        const auto [low, high] = interval(mean_defined(values), std::move(means), scale);
        sheet.set_overall_interval(metrics[m], low, high);
    }
    return true;
}

} // namespace ember

#include "core/evaluation/mean_metrics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/analysis/correlation.hpp"

namespace ember {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

std::vector<double> difference(const std::vector<double>& a, const std::vector<double>& b) {
    std::vector<double> d(a.empty() || b.empty() ? 0 : a.size());
    for (std::size_t i = 0; i < d.size(); ++i) {
        d[i] = a[i] - b[i];
    }
    return d;
}

/// Of changes: NaN where one is nothing but rounding.
double correlation_of_changes(const std::vector<double>& pred, const std::vector<double>& real) {
    constexpr double rounding = 1e-6;
    const auto stands_still = [](const std::vector<double>& change) {
        return std::all_of(change.begin(), change.end(), [](double v) { return std::abs(v) <= rounding; });
    };
    return stands_still(pred) || stands_still(real) ? nan : pearson(pred, real);
}

struct Errors {
    double squared = nan, absolute = nan;
};

Errors errors(const std::vector<double>& a, const std::vector<double>& b) {
    if (a.empty() || b.empty()) {
        return {};
    }
    Errors sum{0, 0};
    for (std::size_t i = 0; i < a.size(); ++i) {
        sum.squared += (a[i] - b[i]) * (a[i] - b[i]);
        sum.absolute += std::abs(a[i] - b[i]);
    }
    const auto n = static_cast<double>(a.size());
    return {sum.squared / n, sum.absolute / n};
}

/// A mean over groups that counts defined values only.
struct WeightedMean {
    double sum = 0, weight = 0;
    void add(double value, double w) {
        if (!std::isnan(value)) {
            sum += value * w;
            weight += w;
        }
    }
    double value() const { return weight > 0 ? sum / weight : nan; }
};

struct Pair {
    const GroupSums &pred, &real;
    std::int32_t pert, type;
    std::int32_t control() const { return static_cast<std::int32_t>(real.shape.perts) - 1; }

    template<typename Visit>
    void for_types(const Visit& visit) const {
        const auto types = static_cast<std::int32_t>(real.shape.types);
        for (std::int32_t t = type == every ? 0 : type; t < (type == every ? types : type + 1); ++t) {
            visit(t);
        }
    }
};

/// Smaller groups of cells are too noisy for a cell type × time point of their own.
constexpr double least_cells = 5;

/// Within each cell type × time point, where all four groups have cells, weighted by the real ones.
double correlation_within(const Pair& pair) {
    WeightedMean mean;
    pair.for_types([&](std::int32_t t) {
        for (std::int32_t d = 0; d < static_cast<std::int32_t>(pair.real.shape.times); ++d) {
            if (std::min(pair.real.count(pair.pert, t, d), pair.real.count(pair.control(), t, d)) <
                least_cells) {
                continue;
            }
            const auto pred =
                difference(pair.pred.mean(pair.pert, t, d), pair.pred.mean(pair.control(), t, d));
            const auto real =
                difference(pair.real.mean(pair.pert, t, d), pair.real.mean(pair.control(), t, d));
            if (!pred.empty() && !real.empty()) {
                mean.add(correlation_of_changes(pred, real), pair.real.count(pair.pert, t, d));
            }
        }
    });
    return mean.value();
}

double correlation_of_genes(const Pair& pair, const MeanOptions& options) {
    std::vector<std::vector<double>> pred, real;
    const auto add = [&](std::int32_t pert, std::int32_t t, std::int32_t d) {
        if (pair.pred.count(pert, t, d) >= least_cells && pair.real.count(pert, t, d) >= least_cells) {
            pred.push_back(pair.pred.mean(pert, t, d));
            real.push_back(pair.real.mean(pert, t, d));
        }
    };
    pair.for_types([&](std::int32_t t) {
        for (std::int32_t d = 0; d < static_cast<std::int32_t>(pair.real.shape.times); ++d) {
            add(pair.pert, t, d);
            if (options.controls_predicted) {
                add(pair.control(), t, d);
            }
        }
    });
    if (real.size() < 3) {
        return nan;
    }
    WeightedMean mean;
    std::vector<double> x(real.size()), y(real.size());
    for (std::size_t g = 0; g < pair.real.genes; ++g) {
        for (std::size_t i = 0; i < real.size(); ++i) {
            x[i] = pred[i][g];
            y[i] = real[i][g];
        }
        const bool varies = std::any_of(y.begin(), y.end(), [&](double v) { return v != y.front(); });
        if (varies) { // a gene that is predicted to be constant has no correlation: it counts as 0
            const double r = pearson(x, y);
            mean.add(std::isnan(r) ? 0 : r, 1);
        }
    }
    return mean.value();
}

double coherence_over_time(const Pair& pair) {
    WeightedMean mean;
    pair.for_types([&](std::int32_t t) {
        double product = 0, pred_norm = 0, real_norm = 0, cells = 0;
        std::vector<double> last_pred, last_real;
        for (std::int32_t d = 0; d < static_cast<std::int32_t>(pair.real.shape.times); ++d) {
            std::vector<double> pred = pair.pred.mean(pair.pert, t, d);
            std::vector<double> real = pair.real.mean(pair.pert, t, d);
            if (pred.empty() || real.empty()) {
                continue;
            }
            const auto pred_step = difference(pred, last_pred), real_step = difference(real, last_real);
            for (std::size_t g = 0; g < real_step.size(); ++g) {
                product += pred_step[g] * real_step[g];
                pred_norm += pred_step[g] * pred_step[g];
                real_norm += real_step[g] * real_step[g];
            }
            cells += pair.real.count(pair.pert, t, d);
            last_pred = std::move(pred);
            last_real = std::move(real);
        }
        if (real_norm > 0) { // a prediction that does not move at all has no direction: 0
            mean.add(pred_norm > 0 ? product / std::sqrt(pred_norm * real_norm) : 0, cells);
        }
    });
    return mean.value();
}

double effect_distance(const std::vector<double>& a, const std::vector<double>& b, std::int64_t left_out,
                       EffectDistance distance) {
    double absolute = 0, squared = 0, product = 0, norm_a = 0, norm_b = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (static_cast<std::int64_t>(i) == left_out) {
            continue;
        }
        absolute += std::abs(a[i] - b[i]);
        squared += (a[i] - b[i]) * (a[i] - b[i]);
        product += a[i] * b[i];
        norm_a += a[i] * a[i];
        norm_b += b[i] * b[i];
    }
    switch (distance) {
    case EffectDistance::l1:
        return absolute;
    case EffectDistance::l2:
        return squared;
    case EffectDistance::cosine:
        return norm_a > 0 && norm_b > 0 ? 1 - product / std::sqrt(norm_a * norm_b) : 1;
    }
    return nan;
}

} // namespace

MeanMetrics mean_metrics(const GroupSums& pred, const GroupSums& real, std::int32_t pert, std::int32_t type,
                         const MeanOptions& options) {
    const Pair pair{pred, real, pert, type};
    const auto pred_mean = pred.mean(pert, type), real_mean = real.mean(pert, type);
    const auto pred_delta = difference(pred_mean, pred.mean(pair.control(), type));
    const auto real_delta = difference(real_mean, real.mean(pair.control(), type));
    MeanMetrics metrics;
    metrics.pearson_delta = correlation_of_changes(pred_delta, real_delta);
    const Errors of_means = errors(pred_mean, real_mean), of_changes = errors(pred_delta, real_delta);
    metrics.mse = of_means.squared;
    metrics.mae = of_means.absolute;
    metrics.mse_delta = of_changes.squared;
    metrics.mae_delta = of_changes.absolute;
    metrics.perturbation_correlation = correlation_within(pair);
    metrics.gene_correlation = correlation_of_genes(pair, options);
    metrics.temporal_coherence = real.shape.times > 1 ? coherence_over_time(pair) : nan;
    return metrics;
}

std::vector<double> discrimination_scores(const std::vector<std::vector<double>>& pred,
                                          const std::vector<std::vector<double>>& real,
                                          const std::vector<std::int64_t>& left_out,
                                          EffectDistance distance) {
    const auto counted =
        std::count_if(real.begin(), real.end(), [](const auto& effect) { return !effect.empty(); });
    std::vector<double> scores(pred.size(), nan);
    for (std::size_t p = 0; p < pred.size(); ++p) {
        if (pred[p].empty() || real[p].empty()) {
            continue;
        }
        const double own = effect_distance(real[p], pred[p], left_out[p], distance);
        double rank = 0;
        for (std::size_t q = 0; q < real.size(); ++q) {
            if (q != p && !real[q].empty()) {
                const double other = effect_distance(real[q], pred[p], left_out[p], distance);
                rank += other < own || (other == own && q < p) ? 1 : 0;
            }
        }
        scores[p] = 1 - rank / static_cast<double>(counted);
    }
    return scores;
}

} // namespace ember

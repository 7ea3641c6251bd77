#pragma once
// How well a predicted change of expression agrees with the observed one, cell type by cell type: Pearson's r
// over genes of (mean of the perturbed − mean of the control cells), predicted against observed. Intervals
// resample whole replicates, the null distribution shuffles their labels, and the observed change is itself
// judged first: it must come out in both halves of the replicates.

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/job.hpp"
#include "core/evaluation/change_units.hpp"

namespace ember {

struct ChangeOptions {
    int bootstrap = 200; ///< resamples of the units
    int shuffles = 999;  ///< of the units' labels
    int halves = 50;     ///< random splits of the units
    std::uint64_t seed = 42;
    std::uint64_t least_cells = 20; ///< observed, perturbed and control each, for a judgement
    double least_reliability = 0.5; ///< of the observed change
};

/// An estimate with a 95 % interval: 1.96 standard deviations of the resamples to either side, for
/// correlations on the scale of Fisher's z. NaN: not defined.
struct Estimate {
    double value = 0, low = 0, high = 0;
};

/// One prediction in one cell type, or on average over the judged ones.
struct ModelAgreement {
    Estimate pearson;
    double slope = 0;         ///< of predicted on observed change through the origin: 1 when of full size
    double shuffled_mean = 0; ///< mean r under shuffled labels
    /// (shuffles with at least this slope + 1) / (shuffles + 1). Labels that are mixed in part leave r as it
    /// is and shrink the slope, so the slope is the sharper statistic.
    double p = 1;
    Estimate over_baseline;  ///< r less the better baseline's, of the same resamples
    std::uint64_t cells = 0; ///< predicted, of the perturbation
};

struct TypeChange {
    std::string type; ///< empty: all cells
    std::uint64_t cells = 0, control_cells = 0;
    int units = 0, control_units = 0;
    double size = 0; ///< root mean square over genes of the observed change
    /// Spearman and Brown's 2r / (1 + r) of the mean correlation r between the observed changes of two halves
    /// of the units; NaN where they cannot be halved.
    double reliability = 0;
    bool judged = false;
    std::string why_not;        ///< "12 cells in Burn"; empty when judged
    Estimate others;            ///< baseline: r of the mean observed change of the other cell types
    Estimate perturbation_mean; ///< baseline: r of the mean observed change of the other perturbations
    std::vector<ModelAgreement> models;         ///< [models]
    std::vector<double> observed;               ///< [genes] change
    std::vector<std::vector<double>> predicted; ///< [models][genes]; empty without cells
};

/// One perturbation against the control.
struct PerturbationChange {
    std::string perturbation;
    std::vector<TypeChange> types;
    std::size_t judged = 0;              ///< types
    std::vector<ModelAgreement> overall; ///< [models] mean over the judged types
    Estimate others, perturbation_mean;  ///< mean of the baselines over the judged types
    /// [models × models] mean r of the row less that of the column, over the same resamples.
    std::vector<Estimate> differences;
};

/// `predicted` [models] by the same layout. Same seed, same result for any number of threads.
std::vector<PerturbationChange> agree_on_change(const ChangeLayout& layout, const ChangeSums& observed,
                                                const std::vector<ChangeSums>& predicted,
                                                const ChangeOptions& options, JobContext& job);

/// Pearson's r; NaN where either is constant or shorter than two.
double pearson_of(const std::vector<double>& a, const std::vector<double>& b);

} // namespace ember

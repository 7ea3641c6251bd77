#pragma once
// How surely two data sets' changes between conditions correlate: a bootstrap over blocks of cells, which are
// replicates where there are some.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/data/anndata.hpp"

namespace ember {

/// Cells that are drawn together.
struct ChangeBlock {
    std::string key;    ///< of the replicate, or "0" … "9"
    bool group = false; ///< on the group's side, else on the reference's
    double cells = 0;
    std::vector<double> sums; ///< [genes] of the values, less their mean over the genes
};

/// Blocks of one stratum.
using ChangeBlocks = std::vector<ChangeBlock>;

struct ChangeBlocksRequest {
    MatrixSource source;
    std::string pert_col, group, reference;
    std::vector<std::string> strata;
    std::string replicate_col;                        ///< may be empty
    std::span<const std::vector<std::string>> labels; ///< strata wanted
    std::span<const bool> by_replicate;               ///< [labels] else by random tenths of the cells
    std::span<const std::size_t> columns;             ///< genes wanted
    std::uint64_t seed = 42;
};

/// Blocks of each stratum wanted; one pass over the matrix. Throws as differential_expression.
std::vector<ChangeBlocks> measure_blocks(const AnnData& data, const ChangeBlocksRequest& request,
                                         JobContext& job);

struct Interval {
    double low = 0, high = 0; ///< NaN: not defined
};

/// 95 % interval of Pearson's correlation `r` of two changes (group less reference): 1.96 standard deviations
/// of the resamples to either side, on the scale of Fisher's z. (With three replicates on a side most
/// resamples repeat one, so that their percentiles would all lie below r.) Blocks are drawn with replacement
/// on each side, those of one key together in both data sets. The same seed gives the same interval.
Interval bootstrap_correlation(double r, const ChangeBlocks& observed, const ChangeBlocks& predicted,
                               int resamples, std::uint64_t seed);

} // namespace ember

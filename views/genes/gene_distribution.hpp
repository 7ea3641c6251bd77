#pragma once
// How the values of one gene are distributed in groups of cells, as violins.

#include <string>
#include <vector>

#include "core/data/anndata.hpp"
#include "widgets/violin_data.hpp"

namespace ember {

/// Some cells and their values.
struct DistributionCells {
    std::string name; ///< "observed", "st_wound"; empty when there is one only
    AnnDataPtr data;
    MatrixSource source;
};

struct DistributionRequest {
    std::string gene;
    std::vector<DistributionCells> cells; ///< the first is drawn on the left beside each of the others
    std::string groupby;
    std::vector<std::string> groups; ///< empty: all
    std::string reference;           ///< a label, or "rest"
    std::vector<std::string> within;
    std::vector<std::string> stratum; ///< labels of `within`: only these cells; empty: all
};

/// Of one kind of cells: with one group, a reference and `within`, a violin for each stratum with the
/// reference on the left and the group on the right; else one for each group. Of several kinds: for each
/// prediction and group, the first kind on the left. Throws the reader's errors, MissingMember, Cancelled.
ViolinData gene_distribution(const DistributionRequest& request, JobContext& job);

} // namespace ember

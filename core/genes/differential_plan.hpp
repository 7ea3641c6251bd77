#pragma once
// What a request amounts to on the cells of a file, before any value is read.

#include <string>
#include <vector>

#include "core/genes/comparison.hpp"

namespace ember {

struct DifferentialPlan {
    CellDesign design;
    std::vector<Comparison> comparisons;
    std::vector<DifferentialTable> tables; ///< [comparisons] without values of genes
    std::vector<std::string> warnings;
};

/// Throws MissingMember, NotGroups, UsageError.
DifferentialPlan plan_differential(const AnnData& data, const DifferentialRequest& request);

/// differential_expression without telling the job's listener of the warnings.
DifferentialResult compare_groups(const AnnData& data, const DifferentialRequest& request, JobContext& job);

} // namespace ember

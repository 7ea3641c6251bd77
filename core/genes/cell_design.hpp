#pragma once
// Which cells are compared with which: strata, groups inside them and, inside those, replicates.

#include <cstdint>
#include <string>
#include <vector>

#include "core/data/anndata.hpp"

namespace ember {

/// Cells of one group and one replicate in one stratum: what is summed on its own.
struct Leaf {
    std::uint32_t cohort = 0;
    std::int32_t replicate = -1; ///< index into CellDesign::replicates; -1: not known
    std::uint64_t cells = 0;
};

/// Cells of one group in one stratum.
struct Cohort {
    std::uint32_t stratum = 0;
    std::int32_t group = 0; ///< index into CellDesign::groups
    std::uint64_t cells = 0;
    std::uint32_t first_leaf = 0, last_leaf = 0; ///< [first, last)
};

struct Stratum {
    std::vector<std::string> labels;                 ///< one per `within` column
    std::uint32_t first_cohort = 0, last_cohort = 0; ///< [first, last)
    std::uint32_t first_leaf = 0, last_leaf = 0;
    std::uint64_t cells = 0;
};

struct CellDesign {
    std::vector<std::string> groups, replicates; ///< labels in category order
    std::vector<std::int32_t> leaf;              ///< [cells]; -1: left out
    std::vector<Leaf> leaves;                    ///< by stratum, group, replicate
    std::vector<Cohort> cohorts;                 ///< by stratum, group
    std::vector<Stratum> strata;                 ///< those with cells; the last column's labels fastest
    std::uint64_t without_label = 0;             ///< cells left out for a missing label

    /// The cohort of a group in a stratum; -1: no cells.
    std::int32_t cohort_of(const Stratum& stratum, std::int32_t group) const;
};

struct CellDesignRequest {
    std::string groupby;
    std::string replicate_col;      ///< may be empty
    bool replicates_needed = false; ///< cells without a replicate label are left out
    std::vector<std::string> within;
    std::vector<std::int32_t> only = {}; ///< groups whose cells count; empty: all
};

/// Throws MissingMember, NotGroups, and UsageError where a column is named twice or has no labels.
CellDesign design_cells(const AnnData& data, const CellDesignRequest& request);

/// Index of a label of the column `groupby`. Throws UsageError with the nearest names.
std::int32_t group_index(const std::vector<std::string>& groups, const std::string& label,
                         const std::string& groupby);

} // namespace ember

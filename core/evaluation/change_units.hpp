#pragma once
// Sums of expression by perturbation, cell type and unit of replication: from them every change, its interval
// and its null distribution follow without reading the matrix again.

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/job.hpp"
#include "core/data/anndata.hpp"

namespace ember {

/// The columns that sort cells; all but the first may be empty.
struct ChangeColumns {
    std::string pert_col, control_pert, celltype_col, replicate_col, time_col;
};

/// What all compared data sets have in common. A unit is one replicate (mouse) under one perturbation, or,
/// where no replicates are known, one of ten random parts of a perturbation's cells.
struct ChangeLayout {
    std::vector<std::string> perturbations;   ///< the control first
    std::vector<std::string> types;           ///< one empty name without a cell type column
    std::vector<std::string> genes;           ///< in the observed order, no repeats
    std::vector<std::uint32_t> columns;       ///< [genes] of the observed matrix
    std::uint64_t width = 0;                  ///< columns of the observed matrix
    bool named = true;                        ///< false: genes are "gene 1", "gene 2" …, matched by place
    bool replicates = false;                  ///< units are replicates, else parts of the cells
    std::vector<std::int32_t> unit_pert;      ///< [units] perturbation
    std::vector<std::int32_t> unit_replicate; ///< [units]; parts of cells have numbers of their own
    std::vector<std::int32_t> unit_block;     ///< [units] time point; empty when unknown
    std::vector<std::string> replicate_names;
    std::vector<std::string> warnings;
};

/// Sums over the cells of one perturbation, cell type and unit.
struct ChangeGroup {
    std::int32_t pert = 0, type = 0, unit = 0;
    std::uint64_t cells = 0;
    std::vector<double> sum; ///< [genes]
};

struct ChangeSums {
    std::vector<ChangeGroup> groups;
    std::vector<std::vector<std::int32_t>> by_type; ///< [types] indices of groups
    std::uint64_t cells = 0;                        ///< counted
    std::uint64_t without_label = 0, nonfinite = 0; ///< cells left out
    /// Cells of a perturbation and type.
    std::uint64_t cells_of(std::int32_t pert, std::int32_t type) const;
};

/// Gene names of the columns of a matrix: var_names, the highly variable ones where their number fits, those
/// of raw; empty when unknown.
std::vector<std::string> genes_of(const AnnData& data, const MatrixSource& source);

/// Labels, units and genes of the observed cells. Throws MissingMember, NotGroups, UsageError (no control).
ChangeLayout change_layout(const AnnData& data, const MatrixSource& source, const ChangeColumns& columns);

/// Takes the genes away that the prediction lacks, with a warning. Throws GenesDiffer when fewer than three
/// are left.
void keep_common_genes(ChangeLayout& layout, const AnnData& data, const MatrixSource& source);

/// One pass over the matrix. Labels that the layout lacks are left out; units are found by their names, so a
/// prediction without replicates gets parts of its cells. Throws MissingMember, NotGroups, GenesDiffer,
/// ShapeMismatch, ResourceError, Cancelled and the reader's errors.
ChangeSums change_sums(const AnnData& data, const MatrixSource& source, const ChangeColumns& columns,
                       const ChangeLayout& layout, std::uint64_t seed, JobContext& job);

} // namespace ember

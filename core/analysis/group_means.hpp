#pragma once
// The mean of every gene in every group of cells, and how far apart two values of the same cell are.

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/job.hpp"
#include "core/data/anndata.hpp"

namespace ember {

/// Groups that have cells, in category order, later columns fastest. Cells without a label are left out.
struct GroupMeans {
    std::vector<std::vector<std::string>> labels; ///< [groups][columns]
    std::vector<std::uint64_t> cells;             ///< [groups] whose values were all finite
    std::uint64_t genes = 0;
    std::vector<double> mean;          ///< [groups × genes]; NaN where a group has no finite cell
    std::uint64_t nonfinite_cells = 0; ///< left out: they have NaN or infinite values

    const double* of(std::size_t group) const { return mean.data() + group * genes; }
    /// Index of the group with these labels; -1: none.
    int find(const std::vector<std::string>& wanted) const;
};

/// One pass; sums in double precision and in the order of the rows. Throws MissingMember, NotGroups,
/// UsageError when `columns` is empty, Cancelled and the reader's errors.
GroupMeans group_means(const AnnData& data, const MatrixSource& source,
                       const std::vector<std::string>& columns, JobContext& job);

/// Euclidean distance between row i of `a` and row i of `b`, [rows]; NaN where a value is not finite. One
/// pass over both. Throws ShapeMismatch when they differ in rows or columns, Cancelled and the reader's
/// errors.
std::vector<float> cell_distances(const Matrix& a, const Matrix& b, JobContext& job);

} // namespace ember

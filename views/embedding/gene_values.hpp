#pragma once
// One gene of all cells, for colouring.

#include <string>
#include <vector>

#include "core/data/anndata.hpp"

namespace ember {

/// Column `gene` of the matrix, [cells]; one pass over its rows. Throws the reader's errors.
std::vector<float> gene_values(const Matrix& matrix, std::uint64_t gene, JobContext& job);

/// Names of the columns of a matrix: genes where their number says so (all of var, or those marked
/// `highly_variable`), else "<key> 1", "<key> 2", ….
std::vector<std::string> column_names(const AnnData& data, const MatrixSource& source);

} // namespace ember

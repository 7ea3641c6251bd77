#pragma once
// One gene of all cells by its name.

#include <string>
#include <vector>

#include "core/data/anndata.hpp"

namespace ember {

/// The gene's values in a matrix, [cells]: from the index where there is one, else read. Throws MissingMember
/// with the nearest names, and the reader's errors.
std::vector<float> gene_values(const AnnData& data, const MatrixSource& source, const std::string& gene,
                               JobContext& job);

/// Names of the columns of a matrix: genes where their number says so (all of var, or those marked
/// `highly_variable`), else "<key> 1", "<key> 2", ….
std::vector<std::string> column_names(const AnnData& data, const MatrixSource& source);

} // namespace ember

#pragma once
// Where a model's genes stand among the columns of a matrix of the data, by name.

#include <cstdint>
#include <string>
#include <vector>

#include "core/data/anndata.hpp"
#include "core/run/run_directory.hpp"
#include "core/run/st_config.hpp"

namespace ember {

/// Every list of names in the file that has one name per column of the matrix, the most specific first.
/// `embed_key`: of the matrix, empty for X; `width`: its columns.
std::vector<std::vector<std::string>> matrix_column_names(const AnnData& data, const std::string& embed_key,
                                                          std::uint64_t width);

struct GeneMatch {
    bool named = false;                 ///< the columns have names
    std::size_t found = 0;              ///< genes that have a column of their own
    std::vector<std::uint32_t> columns; ///< of each gene; empty unless all were found

    bool same_order(std::uint64_t width) const;
};

/// The list of matrix_column_names() that has all genes decides.
GeneMatch match_genes(const std::vector<std::string>& genes, const AnnData& data,
                      const std::string& embed_key, std::uint64_t width);

/// The model's names of `count` genes; empty when they are unknown.
std::vector<std::string> genes_of_model(const RunDirectory& run, const StConfig& config, std::int64_t count);

} // namespace ember

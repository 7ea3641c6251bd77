#pragma once
// Opens the file of a gene index and checks it.

#include <filesystem>
#include <string>

#include "core/genes/gene_index.hpp"

namespace ember::gene_index {

/// Null when the file is missing, damaged, cut off, of another version or of another matrix than `key` with
/// this shape. The file may be removed or replaced while the index is in use.
GeneIndexPtr open_index(const std::filesystem::path& file, const std::string& key, std::uint64_t cells,
                        std::uint64_t genes);

} // namespace ember::gene_index

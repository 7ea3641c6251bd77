#pragma once
// Writes the file of a gene index from a matrix, in one pass.

#include <filesystem>
#include <string>

#include "core/base/job.hpp"
#include "core/data/matrix.hpp"

namespace ember::gene_index {

/// Writes `file`, which exists (a temporary). `segment_entries`: see GeneSegment. Throws NoSpace,
/// CannotWrite, Cancelled and the reader's errors.
void write_index(const Matrix& matrix, const std::string& key, const std::filesystem::path& file,
                 JobContext& job, std::uint64_t segment_entries);

} // namespace ember::gene_index

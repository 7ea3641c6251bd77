#pragma once
// Uncompressed copies of matrices that are slow to read row by row, in the user's cache. Made once per matrix
// and file, checked when opened and row by row when read, removed when not used for longest.

#include <cstdint>
#include <filesystem>

#include "core/data/anndata.hpp"

namespace ember {

/// `emberview/training-cells` in the user's cache folder.
std::filesystem::path row_cache_folder();

/// Bytes that a copy of this matrix takes at most, from its storage and a sample of rows.
std::uint64_t row_cache_bytes(const Matrix& matrix, JobContext& job);

/// Whether there is a copy already.
bool has_row_cache(const AnnData& data, const Matrix& matrix);

/// The copy, made when there is none: one pass with progress. It reads rows only, no blocks. Older copies
/// make room until the folder holds `most` bytes. Throws ResourceError NoSpace before it begins where the
/// disk has too little room, the reader's errors, Cancelled. Reading throws Corrupt where the copy was
/// damaged.
MatrixPtr open_row_cache(const AnnData& data, const MatrixPtr& matrix, std::uint64_t most, JobContext& job);

} // namespace ember

#pragma once
// The file of a row cache: header, rows (dense, or column and value of what is not zero), a record per row.

#include <cstdint>
#include <filesystem>
#include <string>

#include "core/data/matrix.hpp"

namespace ember::row_cache {

struct RowHeader {
    char magic[8];
    std::uint64_t version, rows, cols, records_at, file_bytes, records_check;
    char key[64];
    std::uint64_t check; ///< of all before
};

struct RowRecord {
    std::uint64_t at = 0;      ///< in the file
    std::uint32_t entries = 0; ///< values that are not zero, or dense_row
    std::uint32_t check = 0;   ///< of the row's bytes
};

inline constexpr std::uint32_t dense_row = 0xFFFFFFFF;
inline constexpr std::uint64_t entry_bytes = sizeof(std::uint32_t) + sizeof(float);

/// Null when the file is absent, of another matrix, cut off or otherwise damaged.
MatrixPtr open_file(const std::filesystem::path& file, const std::string& key, const MatrixInfo& info);

/// Replaces the file whole or not at all.
void write_file(const std::filesystem::path& file, const std::string& key, const Matrix& matrix,
                JobContext& job);

} // namespace ember::row_cache

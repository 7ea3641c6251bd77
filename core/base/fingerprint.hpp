#pragma once
// Content hashes for provenance.

#include <filesystem>
#include <string>

#include "core/base/job.hpp"

namespace ember {

/// SHA-256 of a whole file as 64 hexadecimal digits (equal to `sha256sum`); streams, honours cancel.
/// Throws Error `CannotRead`.
std::string sha256_of_file(const std::filesystem::path& file, JobContext& job);

/// SHA-256 of bytes in memory.
std::string sha256_of_bytes(const void* bytes, std::size_t size);

} // namespace ember

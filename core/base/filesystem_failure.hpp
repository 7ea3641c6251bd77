#pragma once
// The exceptions of std::filesystem as errors that name their file.

#include <filesystem>

#include "core/base/error.hpp"

namespace ember {

/// Throws Error `CannotRead` with the system's reason, or ResourceError `NoSpace` when the disk is full.
[[noreturn]] void throw_filesystem_failure(const std::filesystem::filesystem_error& failure);

} // namespace ember

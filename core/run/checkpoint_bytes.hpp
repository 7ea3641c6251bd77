#pragma once
// Checkpoints from bytes in memory; Checkpoint::open maps a file and calls this.

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>

#include "core/run/checkpoint.hpp"

namespace ember {

/// What keeps the bytes alive, the bytes, and whether the pickle's checksum is compared (not when fuzzing).
struct CheckpointBytes {
    std::shared_ptr<const void> owner;
    std::span<const std::byte> bytes;
    bool check_sums = true;
};

/// As Checkpoint::open; `path` is only named in errors.
CheckpointPtr checkpoint_from_bytes(CheckpointBytes source, const std::filesystem::path& path);

} // namespace ember

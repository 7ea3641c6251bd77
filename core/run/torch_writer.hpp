#pragma once
// Files of torch.save: a zip archive of a pickle and the tensors' storages.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/base/job.hpp"
#include "core/run/pickle_value.hpp"

namespace ember {

/// Data of a tensor: entry "data/<its position>".
struct TorchStorage {
    std::span<const std::byte> bytes; ///< stays the caller's; empty when it is zeros
    std::uint64_t zeros = 0;          ///< so many bytes of zeros
    std::uint64_t size() const noexcept { return bytes.empty() ? zeros : bytes.size(); }
};

/// Replaces `file` atomically; `folder` is the archive's top folder. Tensors of `root` refer to `storages` by
/// position. Cancel is checked every few megabytes. Throws NoSpace, CannotWrite, Cancelled and write_pickle's
/// errors.
void write_torch_file(const std::filesystem::path& file, const std::string& folder, const PickleValue& root,
                      const std::vector<TorchStorage>& storages, JobContext& job);

} // namespace ember

#pragma once
// Model weights in a file: Lightning .ckpt and plain .pt (zip + pickle, through a restricted unpickler that
// never executes anything) or .safetensors. Memory-mapped; only tensors under `state_dict` (or the top level
// of a plain .pt) are listed, optimizer state is never touched.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/run/tensor_view.hpp"

namespace ember {

class Checkpoint {
public:
    /// Errors: NotACheckpoint, Truncated, Corrupt, RefusedGlobal (names the pickle global), UnsupportedType.
    static std::shared_ptr<const Checkpoint> open(const std::filesystem::path& file);
    virtual ~Checkpoint();

    virtual const std::filesystem::path& path() const = 0;
    virtual const std::string&
    format() const = 0; ///< "Lightning checkpoint", "PyTorch state dict", "safetensors"
    virtual const std::vector<TensorView>& tensors() const = 0; ///< in the file's order
    virtual const TensorView* find(const std::string& name) const = 0;
    virtual const nlohmann::json& hyper_parameters() const = 0; ///< {} when the file has none
    virtual std::optional<std::int64_t> epoch() const = 0;
    virtual std::optional<std::int64_t> global_step() const = 0;
    virtual bool has_optimizer_state() const = 0;
    virtual std::uint64_t file_bytes() const = 0;

    /// A content hash for provenance that does not read the tensors: SHA-256 of the archive's directory
    /// (names, sizes and CRC-32 of every part) and data.pkl, or of the header for safetensors.
    virtual std::string fingerprint() const = 0;
};

using CheckpointPtr = std::shared_ptr<const Checkpoint>;

} // namespace ember

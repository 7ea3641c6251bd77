#pragma once
// .safetensors: a JSON header with types, shapes and offsets, then the tensors' bytes.

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/run/tensor_view.hpp"

namespace ember {

struct SafetensorsFile {
    std::vector<TensorView> tensors; ///< in the order of their data
    nlohmann::json hyper_parameters =
        nlohmann::json::object(); ///< JSON under that key of the metadata, if any
    std::string header;
};

/// Whether the bytes begin like the format: a length and '{'.
bool looks_like_safetensors(std::span<const std::byte> bytes) noexcept;

/// Views into `bytes`. Errors: Truncated, Corrupt (header, offsets, overlaps, gaps), UnsupportedType.
SafetensorsFile read_safetensors(std::span<const std::byte> bytes, const std::string& file);

} // namespace ember

#pragma once
// A tensor inside a memory-mapped checkpoint.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ember {

enum class ScalarType { float32, float64, float16, bfloat16, int64, int32, int16, int8, uint8, boolean };

std::size_t size_of(ScalarType type) noexcept;
const char* to_string(ScalarType type) noexcept; ///< "float32" …

/// Points into the mapping of the Checkpoint that made it; valid as long as that lives. Bounds are checked
/// when made.
struct TensorView {
    std::string name; ///< "transformer_backbone.layers.0.self_attn.q_proj.weight"
    ScalarType type = ScalarType::float32;
    std::vector<std::int64_t> shape;
    std::vector<std::int64_t> strides; ///< in elements
    const std::byte* data = nullptr;   ///< first element, little-endian, any alignment
    std::int64_t numel() const noexcept;
    bool contiguous() const noexcept;
};

} // namespace ember

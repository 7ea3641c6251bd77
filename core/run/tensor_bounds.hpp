#pragma once
// Makes tensor views out of claims in a file, after checking every claim.

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "core/run/tensor_view.hpp"

namespace ember {

/// A view of `storage` from element `offset`. Errors: Corrupt for negative extents, strides or offsets, more
/// elements than the storage has, or a tensor that reaches beyond it; place: `file` and the tensor's name.
TensorView checked_view(std::string name, ScalarType type, std::vector<std::int64_t> shape,
                        std::vector<std::int64_t> strides, std::int64_t offset,
                        std::span<const std::byte> storage, const std::string& file);

/// Row-major strides; nothing is checked.
std::vector<std::int64_t> contiguous_strides(const std::vector<std::int64_t>& shape);

/// All elements, row-major, as float32.
std::vector<float> float_values(const TensorView& tensor);

} // namespace ember

#pragma once
// Linear layers with gradients. The gradient of a weight is added where it belongs by the backward pass
// itself: a copy of 0.85 GB less at the size of ST-Tahoe.

#include <vector>

#include "core/model/weights.hpp"
#include "core/training/network_pass.hpp"

namespace ember {

/// x [rows × in] Wᵀ + b for several layers that take the same input; frozen weights get no gradient.
std::vector<at::Tensor> project(const NetworkPass& pass, const at::Tensor& x,
                                const std::vector<Linear>& layers);

/// residual + x Wᵀ + b; `residual` may be undefined.
at::Tensor project(const NetworkPass& pass, const at::Tensor& x, const Linear& layer,
                   const at::Tensor& residual = {});

} // namespace ember

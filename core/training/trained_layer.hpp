#pragma once
// One layer of the backbone with gradients.

#include "core/training/network_modules.hpp"

namespace ember {

/// x [rows × H], or [rows × streams × H] with hyper-connections, of `sets` sets of equal length.
at::Tensor run_layer(const NetworkPass& pass, const StConfig& config, std::int64_t sinkhorn_iterations,
                     const TrainedLayer& layer, std::int64_t sets, const at::Tensor& x);

/// The same, but nothing inside the layer is kept: the backward pass runs it once more, with equal masks.
at::Tensor run_layer_again_later(const NetworkPass& pass, const StConfig& config,
                                 std::int64_t sinkhorn_iterations, const TrainedLayer& layer,
                                 std::int64_t sets, const at::Tensor& x);

} // namespace ember

#pragma once
// Norm, activation, dropout and attention of the network, with gradients.

#include "core/run/st_config.hpp"
#include "core/training/network_pass.hpp"

namespace ember {

/// RMSNorm of rows; keeps x and one number per row for the backward pass.
at::Tensor rms_norm(const NetworkPass& pass, const at::Tensor& x, const at::Tensor& weight, double eps);

/// silu(gate) · up; the backward pass computes silu again.
at::Tensor swiglu(const NetworkPass& pass, const at::Tensor& gate, const at::Tensor& up);

at::Tensor activate(const NetworkPass& pass, Activation activation, const at::Tensor& x);

/// Zeroes elements of x [rows × width] with probability p and scales the others by 1 / (1 − p); x itself in
/// evaluation. The mask is drawn again in the backward pass instead of being kept.
at::Tensor dropout(const NetworkPass& pass, const at::Tensor& x, double p, std::uint64_t place);

/// Attention within each of `sets` sets of equal length. query [rows × A·d], key and value [rows × K·d];
/// query and key are overwritten (rotated) when the model is causal. Returns [rows × A·d].
at::Tensor attend(const NetworkPass& pass, const StConfig& config, std::int64_t sets, const at::Tensor& query,
                  const at::Tensor& key, const at::Tensor& value);

} // namespace ember

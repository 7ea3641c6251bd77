#pragma once
// Matrix products and row loops of the forward pass, in pieces short enough to hear a cancel between them.

#include <functional>

#include "core/base/job.hpp"
#include "core/model/weights.hpp"

namespace ember {

/// out [n × outputs] = x [n × inputs] Wᵀ + b.
void apply(const Linear& linear, const at::Tensor& x, at::Tensor& out, JobContext& job);

/// out [n × outputs] += x [n × inputs] Wᵀ; the bias is not used.
void accumulate(const Linear& linear, const at::Tensor& x, at::Tensor& out, JobContext& job);

/// out [m × n] = a [m × k] b [k × n], or out += a b. The matrices may be transposed views.
void multiply(const at::Tensor& a, const at::Tensor& b, at::Tensor& out, JobContext& job);
void multiply_add(const at::Tensor& a, const at::Tensor& b, at::Tensor& out, JobContext& job);

/// The same of bfloat16 matrices into a float32 one, with float32 sums.
void multiply_halves(const at::Tensor& a, const at::Tensor& b, bool add, at::Tensor& out, JobContext& job);

void activate(Activation activation, at::Tensor& x);

/// The whole MLP. Returns `first` or `second`, [n × at least the widest layer] work buffers, or `out`, which
/// receives the last layer.
void apply(const Mlp& mlp, Activation activation, const at::Tensor& x, at::Tensor& first, at::Tensor& second,
           at::Tensor& out, JobContext& job);

/// Calls `body(first, last)` for parts of [0, count) on the threads of the engine.
void parallel(std::int64_t count, std::int64_t grain,
              const std::function<void(std::int64_t, std::int64_t)>& body);

} // namespace ember

#pragma once
// Manifold-constrained hyper-connections (mHC) around attention and MLP of a layer: several residual streams
// that are mixed by doubly stochastic matrices. The same functions serve training (differentiable) and
// prediction.

#include <cstdint>
#include <string>

#include "core/model/torch.hpp"

namespace ember {

/// The streams of a wrapped block, arXiv 2512.24880: x' = H_res x + H_postᵀ F(H_pre x). The coefficients of a
/// cell follow from its own streams: H̃ = α · (RMSNorm(vec x) φᵀ) + bias, H_pre = σ, H_post = 2σ, H_res =
/// Sinkhorn-Knopp(exp). The order of φ's rows: n of pre, n of post, n × n of res, row by row.
struct StreamMixer {
    at::Tensor norm_weight; ///< [n·C] "norm.weight"
    at::Tensor phi_weight;  ///< [n² + 2n × n·C] "phi.weight"
    at::Tensor phi_bias;    ///< [n² + 2n] "phi.bias"
    at::Tensor alpha;       ///< [3] of pre, post and res: "alpha"
};

/// The published seed's form, which mixes features, not streams: x' = x H_resᵀ + F(x H_preᵀ) H_post with
/// H_res = Sinkhorn-Knopp (rows, then columns) and H_pre, H_post = softplus.
struct FeatureMixer {
    at::Tensor res, pre, post; ///< [C × C] each: "res", "pre", "post"
};

/// One block's mixer, one of the two forms.
struct HyperMixer {
    StreamMixer streams;
    FeatureMixer features;
    bool defined() const { return of_streams() || of_features(); }
    bool of_streams() const { return streams.phi_weight.defined(); }
    bool of_features() const { return features.res.defined(); }
};

/// What a block works with between `mix_before` and `mix_after`.
struct MixedInput {
    at::Tensor input;    ///< [rows × C] what the block's norm takes
    at::Tensor residual; ///< H_res x: [rows × n × C], or [rows × C] in the form of features
    at::Tensor post;     ///< [rows × n] H_post; undefined in the form of features
    at::Tensor res;      ///< [rows × n × n] H_res, or [C × C]; without gradient
};

/// hidden [rows × C] → what the layers carry: n copies [rows × n × C]; the same [rows × C] for features.
at::Tensor open_streams(const at::Tensor& hidden, std::int64_t streams);
/// Back to [rows × C]: the mean of the streams.
at::Tensor close_streams(const at::Tensor& carried);

/// Before and after the block F (its norm, attention or MLP, output projection; no residual):
/// `MixedInput m = mix_before(mixer, x, iterations); x = mix_after(mixer, m, F(m.input));`
MixedInput mix_before(const HyperMixer& mixer, const at::Tensor& carried, std::int64_t iterations);
at::Tensor mix_after(const HyperMixer& mixer, const MixedInput& mixed, const at::Tensor& block_output);

/// Sinkhorn-Knopp on exp(logits) [… × n × n]: columns first, then rows, so that rows sum to one exactly. In
/// logarithms for a matrix in which a logit exceeds 30.
at::Tensor doubly_stochastic(const at::Tensor& logits, std::int64_t iterations);
/// The seed's order: rows, then columns.
at::Tensor doubly_stochastic_rows_first(const at::Tensor& logits, std::int64_t iterations);

/// How far the row and column sums of matrices [… × n × n] are from one, at most.
struct MarginErrors {
    double row = 0, column = 0;
};
MarginErrors margin_errors(const at::Tensor& matrices);

} // namespace ember

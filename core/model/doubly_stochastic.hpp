#pragma once
// Sinkhorn-Knopp: matrices of logits → matrices whose rows and columns sum to one. Knows no LibTorch.

#include <cstdint>

namespace ember {

struct SinkhornKnopp {
    std::int64_t iterations = 20;
    bool rows_first = false; ///< the order of the half-steps
};

/// out = the scaled exp(logits) of one matrix [n × n]; in logarithms when any logit exceeds 30.
template<typename T>
void scale_matrix(const SinkhornKnopp& method, std::int64_t n, const T* logits, T* out);

/// Its derivative: `gradient` of the result [n × n] → of the logits, in `out`. Scales again instead of
/// keeping every step.
template<typename T>
void scale_matrix_backward(const SinkhornKnopp& method, std::int64_t n, const T* logits, const T* gradient,
                           T* out);

} // namespace ember

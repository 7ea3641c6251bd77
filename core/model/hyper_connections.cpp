#include "core/model/hyper_connections.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/addcmul.h>
#include <ATen/ops/bmm.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/max.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/softplus.h>
#include <ATen/ops/sum.h>
#include <torch/csrc/autograd/custom_function.h>

#include "core/model/doubly_stochastic.hpp"

namespace ember {

namespace {

constexpr double norm_eps = 1e-6;

/// Calls body(matrix) for each [n × n] of a batch, on all threads.
template<typename Body>
void for_matrices(const at::Tensor& logits, const Body& body) {
    const std::int64_t size = logits.size(-1) * logits.size(-2);
    at::parallel_for(0, size == 0 ? 0 : logits.numel() / size, 32,
                     [&](std::int64_t first, std::int64_t last) {
                         for (std::int64_t matrix = first; matrix < last; ++matrix) {
                             body(matrix * size);
                         }
                     });
}

template<typename T>
at::Tensor scaled(const at::Tensor& logits, const SinkhornKnopp& method) {
    at::Tensor result = at::empty(logits.sizes(), logits.options());
    const T* const from = logits.const_data_ptr<T>();
    T* const to = result.data_ptr<T>();
    for_matrices(logits, [&](std::int64_t at) { scale_matrix(method, logits.size(-1), from + at, to + at); });
    return result;
}

template<typename T>
at::Tensor scaled_backward(const at::Tensor& logits, const at::Tensor& gradient,
                           const SinkhornKnopp& method) {
    at::Tensor result = at::empty(logits.sizes(), logits.options());
    const T *const from = logits.const_data_ptr<T>(), *const pull = gradient.const_data_ptr<T>();
    T* const to = result.data_ptr<T>();
    for_matrices(logits, [&](std::int64_t at) {
        scale_matrix_backward(method, logits.size(-1), from + at, pull + at, to + at);
    });
    return result;
}

at::Tensor scaled_matrices(const at::Tensor& logits, const SinkhornKnopp& method) {
    return logits.scalar_type() == at::kDouble ? scaled<double>(logits, method)
                                               : scaled<float>(logits, method);
}

struct DoublyStochastic : torch::autograd::Function<DoublyStochastic> {
    static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& logits,
                              std::int64_t iterations, bool rows_first) {
        context->save_for_backward({logits});
        context->saved_data["iterations"] = iterations;
        context->saved_data["rows_first"] = rows_first;
        return scaled_matrices(logits, {iterations, rows_first});
    }

    static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                   torch::autograd::variable_list grads) {
        const at::Tensor logits = context->get_saved_variables()[0], gradient = grads[0].contiguous();
        const SinkhornKnopp method{context->saved_data["iterations"].toInt(),
                                   context->saved_data["rows_first"].toBool()};
        return {logits.scalar_type() == at::kDouble ? scaled_backward<double>(logits, gradient, method)
                                                    : scaled_backward<float>(logits, gradient, method),
                {},
                {}};
    }
};

at::Tensor scale(const at::Tensor& logits, const SinkhornKnopp& method) {
    const at::Tensor dense = logits.contiguous();
    if (at::GradMode::is_enabled() && dense.requires_grad()) {
        return DoublyStochastic::apply(dense, method.iterations, method.rows_first);
    }
    return scaled_matrices(dense, method);
}

/// α · (RMSNorm(vec x) φᵀ) + bias, [rows × n² + 2n]. The norm's weight goes into φ, its length into the
/// result: no normed copy of the streams.
at::Tensor coefficients(const StreamMixer& mixer, const at::Tensor& flat, std::int64_t streams) {
    const at::Tensor inverse_length = (flat.square().mean(-1, true) + norm_eps).rsqrt();
    const at::Tensor raw = at::mm(flat, (mixer.phi_weight * mixer.norm_weight).t());
    const at::Tensor alpha =
        at::cat({mixer.alpha.narrow(0, 0, 1).expand({streams}), mixer.alpha.narrow(0, 1, 1).expand({streams}),
                 mixer.alpha.narrow(0, 2, 1).expand({streams * streams})});
    return at::addcmul(mixer.phi_bias, raw * inverse_length, alpha);
}

MixedInput mix_streams(const StreamMixer& mixer, const at::Tensor& carried, std::int64_t iterations) {
    const std::int64_t rows = carried.size(0), streams = carried.size(1), width = carried.size(2);
    const at::Tensor all = coefficients(mixer, carried.reshape({rows, streams * width}), streams);
    const at::Tensor pre = at::sigmoid(all.narrow(1, 0, streams));
    const at::Tensor res = doubly_stochastic(
        all.narrow(1, 2 * streams, streams * streams).reshape({rows, streams, streams}), iterations);
    MixedInput mixed;
    mixed.input = at::bmm(pre.unsqueeze(1), carried).view({rows, width});
    mixed.residual = at::bmm(res, carried);
    mixed.post = at::sigmoid(all.narrow(1, streams, streams)) * 2;
    mixed.res = res.detach();
    return mixed;
}

MixedInput mix_features(const FeatureMixer& mixer, const at::Tensor& x, std::int64_t iterations) {
    const at::Tensor res = doubly_stochastic_rows_first(mixer.res, iterations);
    return {at::mm(x, at::softplus(mixer.pre).t()), at::mm(x, res.t()), {}, res.detach()};
}

} // namespace

at::Tensor open_streams(const at::Tensor& hidden, std::int64_t streams) {
    return hidden.unsqueeze(1).expand({hidden.size(0), streams, hidden.size(1)}).contiguous();
}

at::Tensor close_streams(const at::Tensor& carried) {
    return carried.mean(1);
}

MixedInput mix_before(const HyperMixer& mixer, const at::Tensor& carried, std::int64_t iterations) {
    return mixer.of_streams() ? mix_streams(mixer.streams, carried, iterations)
                              : mix_features(mixer.features, carried, iterations);
}

at::Tensor mix_after(const HyperMixer& mixer, const MixedInput& mixed, const at::Tensor& block_output) {
    if (mixer.of_streams()) {
        return at::addcmul(mixed.residual, mixed.post.unsqueeze(2), block_output.unsqueeze(1));
    }
    return at::addmm(mixed.residual, block_output, at::softplus(mixer.features.post));
}

at::Tensor doubly_stochastic(const at::Tensor& logits, std::int64_t iterations) {
    return scale(logits, {iterations, false});
}

at::Tensor doubly_stochastic_rows_first(const at::Tensor& logits, std::int64_t iterations) {
    return scale(logits, {iterations, true});
}

MarginErrors margin_errors(const at::Tensor& matrices) {
    const at::NoGradGuard no_grad;
    if (matrices.numel() == 0) {
        return {};
    }
    const auto largest = [&](std::int64_t over) {
        return at::max((at::sum(matrices, over, false, at::kDouble) - 1).abs()).item<double>();
    };
    return {largest(-1), largest(-2)};
}

} // namespace ember

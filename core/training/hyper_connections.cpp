#include "core/training/hyper_connections.hpp"

#include <cmath>

#include <ATen/ops/full.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>

#include "core/training/autograd.hpp"

namespace ember {

namespace {

constexpr double start_alpha = 0.01, start_own_stream = 4, certain = 20; ///< σ(20) is one in float32
constexpr double softplus_of_one = 0.541324854612918, far_from_identity = -12;

/// The logit of the share that a block reads from its main stream: half, and its part of the other half.
double pre_logit(std::int64_t streams, bool main) {
    if (streams == 1) {
        return certain;
    }
    const double even = 0.5 / static_cast<double>(streams), share = main ? 0.5 + even : even;
    return std::log(share / (1 - share));
}

StreamMixer fresh_streams(std::int64_t width, std::int64_t block, std::int64_t streams) {
    const std::int64_t coefficients = streams * (streams + 2);
    StreamMixer mixer;
    mixer.norm_weight = at::ones({streams * width}, at::kFloat);
    mixer.phi_weight = at::zeros({coefficients, streams * width}, at::kFloat);
    mixer.phi_bias = at::zeros({coefficients}, at::kFloat);
    mixer.alpha = at::full({3}, start_alpha, at::kFloat);
    auto* const bias = mixer.phi_bias.data_ptr<float>();
    for (std::int64_t i = 0; i < streams; ++i) {
        bias[i] = static_cast<float>(pre_logit(streams, i == block % streams));
        bias[2 * streams + i * streams + i] = start_own_stream;
    }
    return mixer;
}

at::Tensor near_identity(std::int64_t width, double own) {
    at::Tensor matrix = at::full({width, width}, far_from_identity, at::kFloat);
    matrix.diagonal().fill_(own);
    return matrix;
}

} // namespace

HyperMixer fresh_mixer(std::int64_t width, std::int64_t block, const HyperConnectionSettings& settings) {
    HyperMixer mixer;
    if (settings.form == HyperConnection::paper) {
        mixer.streams = fresh_streams(width, block, settings.streams);
    } else {
        mixer.features = {near_identity(width, 0), near_identity(width, softplus_of_one),
                          near_identity(width, softplus_of_one)};
    }
    return mixer;
}

std::vector<NetworkParameter> mixer_parameters(const HyperMixer& mixer, const std::string& prefix) {
    std::vector<NetworkParameter> parameters;
    const auto add = [&](const char* name, const at::Tensor& value) {
        if (value.defined()) {
            parameters.push_back({prefix + name, value, value.sizes().vec()});
        }
    };
    add("norm.weight", mixer.streams.norm_weight);
    add("phi.weight", mixer.streams.phi_weight);
    add("phi.bias", mixer.streams.phi_bias);
    add("alpha", mixer.streams.alpha);
    add("res", mixer.features.res);
    add("pre", mixer.features.pre);
    add("post", mixer.features.post);
    return parameters;
}

} // namespace ember

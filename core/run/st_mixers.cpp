// Hyper-connections (mHC) of an ST network: two mixers per layer, in one of two forms.

#include "core/base/error.hpp"
#include "core/run/st_tensors.hpp"

namespace ember {

namespace {

/// n of n² + 2n coefficients. Throws ShapeMismatch.
std::int64_t streams_of(const StTensors& tensors, const TensorView& bias) {
    std::int64_t streams = 1;
    while (streams * (streams + 2) < bias.shape[0]) {
        ++streams;
    }
    if (streams * (streams + 2) != bias.shape[0]) {
        throw Error("ShapeMismatch",
                    "Hyper-connections have " + std::to_string(bias.shape[0]) +
                        " coefficients, which no number of streams gives",
                    {tensors.file(), bias.name, {}}, "Copy the checkpoint again, or choose another");
    }
    return streams;
}

void check_mixer(const StTensors& tensors, const StConfig& config, const std::string& prefix) {
    const std::int64_t width = config.hidden_dim, n = config.mixers.streams;
    if (config.mixers.of_features) {
        for (const char* name : {"res", "pre", "post"}) {
            tensors.need(prefix + name, std::vector{width, width});
        }
        return;
    }
    tensors.need(prefix + "norm.weight", std::vector{n * width});
    tensors.need(prefix + "phi.weight", std::vector{n * (n + 2), n * width});
    tensors.need(prefix + "phi.bias", std::vector{n * (n + 2)});
    tensors.need(prefix + "alpha", std::vector<std::int64_t>{3});
}

} // namespace

void check_mixers(const StTensors& tensors, StConfig& config) {
    const std::string layers = config.backbone_prefix + "layers.";
    const std::string first = layers + "0.mhc_attn.";
    config.mixers.enabled = tensors.has_prefix(first);
    if (!config.mixers.enabled) {
        return;
    }
    config.mixers.of_features = tensors.has(first + "res");
    if (!config.mixers.of_features) {
        config.mixers.streams = streams_of(tensors, tensors.need(first + "phi.bias", 1));
    }
    for (std::int64_t i = 0; i < config.layers; ++i) {
        check_mixer(tensors, config, layers + std::to_string(i) + ".mhc_attn.");
        check_mixer(tensors, config, layers + std::to_string(i) + ".mhc_mlp.");
    }
}

} // namespace ember

#pragma once
// The parameters of a network in the places where the forward pass takes them.

#include <functional>

#include "core/model/hyper_connections.hpp"
#include "core/model/st_network.hpp"
#include "core/training/network_pass.hpp"

namespace ember {

/// A low-rank addition to a projection: (alpha / r) · B A drop(x). Undefined when it is not adapted.
struct Adapter {
    at::Tensor down, up; ///< A [r × in], B [out × r]
    double scale = 1, dropout = 0;
    std::uint64_t place = 0; ///< of its dropout
    bool defined() const { return down.defined(); }
};

struct TrainedLayer {
    BackboneLayer base;
    Adapter query, key, value, output, gate, up, down;
    HyperMixer attention_mixer, mlp_mixer; ///< undefined without hyper-connections
    std::vector<at::Tensor> parameters;    ///< all of the above
};

struct NetworkModules {
    Mlp pert_encoder, basal_encoder, project_out;
    std::vector<TrainedLayer> layers;
    at::Tensor final_norm;
    at::Tensor batch_encoder, batch_token; ///< undefined without
    Linear batch_classifier;
    std::optional<ConfidenceHead> confidence;
    std::optional<GeneDecoder> gene_decoder;
    std::optional<Linear> down, up;
};

using FindParameter = std::function<at::Tensor(const std::string& name)>;

NetworkModules bind_modules(const StConfig& config, const NetworkSettings& settings,
                            const FindParameter& find);

} // namespace ember

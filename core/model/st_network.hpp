#pragma once
// The modules of an ST network as LibTorch tensors, and the buffers that one forward pass works in.

#include <optional>

#include "core/model/hyper_connections.hpp"
#include "core/model/weights.hpp"

namespace ember {

struct BackboneLayer {
    at::Tensor input_norm, post_attention_norm; ///< [H]
    Linear query, key, value, output, gate, up, down;
};

/// Hyper-connections around the blocks of one layer.
struct LayerMixers {
    HyperMixer attention, mlp;
};

struct NormedLinear {
    Linear linear;
    at::Tensor norm_weight, norm_bias; ///< LayerNorm after it
};

struct ConfidenceHead {
    at::Tensor token; ///< [H]
    NormedLinear first, second;
    Linear last;
};

struct GeneDecoder {
    std::vector<NormedLinear> blocks;
    Linear last;
    bool residual = false; ///< odd blocks add the output of the block before
};

/// Everything that the forward pass reads (reference: arc-state's state_dict).
struct StModules {
    Mlp pert_encoder, basal_encoder, project_out;
    std::vector<BackboneLayer> layers;
    std::vector<LayerMixers> mixers; ///< of each layer, or none
    at::Tensor final_norm;
    at::Tensor batch_encoder; ///< [Nb × H], undefined without
    at::Tensor batch_token;   ///< [H], undefined without
    std::optional<ConfidenceHead> confidence;
    std::optional<GeneDecoder> gene_decoder;
    std::optional<Linear> down, up; ///< final_down_then_up
};

StModules read_modules(const Checkpoint& checkpoint, const StConfig& config);

} // namespace ember

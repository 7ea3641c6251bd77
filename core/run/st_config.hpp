#pragma once
// Everything that defines an ST network, from hyper-parameters, configuration and the tensors' shapes
// (reference: arc-state 0.11.1; shapes win over hyper-parameters).

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/run/checkpoint.hpp"
#include "core/run/run_directory.hpp"

namespace ember {

enum class Activation { gelu, relu, leaky_relu, elu, selu };
enum class OutputSpace { gene, all, embedding };

struct LoraConfig {
    bool enabled = false;
    std::int64_t rank = 0;
    double alpha = 0;
};

/// Hyper-connections around attention and MLP of each layer (core/model/hyper_connections.hpp).
struct MixerConfig {
    bool enabled = false, of_features = false; ///< of_features: the published seed's form
    std::int64_t streams = 0;                  ///< residual streams; 0 in the form of features
    std::int64_t iterations = 20;              ///< of Sinkhorn-Knopp
};

struct StConfig {
    std::int64_t input_dim = 0, hidden_dim = 0, output_dim = 0, pert_dim = 0, batch_dim = 0;
    std::int64_t layers = 0, heads = 0, kv_heads = 0, head_dim = 0, intermediate_dim = 0;
    std::int64_t encoder_layers = 1, decoder_layers = 1; ///< Linear layers of pert_encoder and project_out
    std::int64_t basal_layers = 1;                       ///< 1: a plain Linear
    bool basal_is_mlp = false; ///< keys basal_encoder.{0,3,…} instead of basal_encoder
    std::int64_t cell_set_len = 0;
    Activation activation = Activation::gelu;
    OutputSpace output_space = OutputSpace::gene;
    bool predict_residual = true, bidirectional = true, mask_attn = false;
    bool batch_encoder = false, batch_token = false, confidence_token = false;
    bool final_relu = false;         ///< reference §3.6
    bool final_down_then_up = false; ///< exists and is used
    double rms_norm_eps = 1e-6, rope_theta = 10000;
    bool gene_decoder = false, residual_decoder = false;
    std::vector<std::int64_t> decoder_hidden_dims;
    std::int64_t gene_dim = 0; ///< outputs of the gene decoder
    LoraConfig lora;
    MixerConfig mixers;
    std::string embed_key, control_pert, basal_mapping_strategy;
    std::vector<std::string> gene_names;
    std::string backbone_prefix;      ///< "transformer_backbone." or "transformer_backbone.base_model.model."
    std::int64_t parameters = 0;      ///< trainable and used; without dead embed_tokens
    std::int64_t dead_parameters = 0; ///< embed_tokens
    std::vector<std::string> unusual; ///< one sentence each
};

/// Throws UnsupportedModel (GPT-2 backbone, unknown activation), MissingMember (tensor), ShapeMismatch.
StConfig read_st_config(const Checkpoint& checkpoint, const RunDirectory* run);

/// As above from hyper-parameters and tensors of any origin; `file` is only named in errors. What the
/// hyper-parameters lack is looked up in the run's configuration (`run` may be null).
StConfig read_st_config(const nlohmann::json& hyper_parameters, const std::vector<TensorView>& tensors,
                        const RunDirectory* run, const std::string& file);

/// The report of `emberview-cli inspect` on a run directory or a checkpoint file: format, dimensions,
/// vocabulary sizes and labels, genes, hyper-parameters, parameter count, checkpoints with sizes, what is
/// unusual.
nlohmann::json inspect_model(const std::filesystem::path& run_or_checkpoint);

} // namespace ember

#pragma once
// The State Transition network with gradients: the same mathematics as core/model/st_model.hpp, in training
// mode.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/base/job.hpp"
#include "core/experiment/train_settings.hpp"
#include "core/model/hyper_connections.hpp"
#include "core/model/torch.hpp"
#include "core/run/st_config.hpp"

namespace ember {

/// A tensor of the network under arc-state's name, in named_parameters() order (the optimizer's index).
///
/// `value` is filled in place (copy_), never replaced: the network holds the same tensor. Its gradient is
/// cleared by `value.mutable_grad().reset()`, which costs nothing: the network keeps the memory and the next
/// backward pass writes it without zeroing it first.
struct NetworkParameter {
    std::string name; ///< "transformer_backbone.layers.0.self_attn.q_proj.weight"
    at::Tensor value; ///< a leaf; undefined for embed_tokens: zeros of `shape` that nobody holds or trains
    std::vector<std::int64_t> shape;
    bool held() const { return value.defined(); }
    bool trained() const { return value.defined() && value.requires_grad(); }
};

/// One batch as tensors.
struct NetworkInput {
    std::int64_t sets = 0, set_len = 0;
    at::Tensor basal;     ///< [cells × D]
    at::Tensor pert_rows; ///< [U × P] the distinct perturbation vectors of this batch
    at::Tensor pert;      ///< [cells] int64, row of pert_rows
    at::Tensor batch;     ///< [cells] int64; undefined without
};

/// Where dropout masks come from: a function of seed, step, micro-batch and place, so that a step can be
/// repeated.
struct DropoutKey {
    std::uint64_t seed = 0, step = 0, micro = 0;
    bool active = true; ///< false: evaluation mode
};

struct NetworkOutput {
    at::Tensor prediction;   ///< [cells × O], after the final activation
    at::Tensor confidence;   ///< [sets] or undefined
    at::Tensor batch_logits; ///< [sets × Nb] or undefined
    /// With hyper-connections, in evaluation mode: how far the mixing matrices are from doubly stochastic, of
    /// attention and MLP of each layer.
    std::vector<MarginErrors> mixing;
};

class TrainableNetwork {
public:
    /// Fresh weights (reference §3.3), drawn from `seed`; LoRA and mHC as the settings ask.
    TrainableNetwork(const StConfig& config, const NetworkSettings& settings, std::uint64_t seed);
    ~TrainableNetwork();
    TrainableNetwork(const TrainableNetwork&) = delete;
    TrainableNetwork& operator=(const TrainableNetwork&) = delete;

    const StConfig& config() const noexcept;
    std::vector<NetworkParameter>& parameters() noexcept;
    const std::vector<NetworkParameter>& parameters() const noexcept;
    at::Tensor* find(const std::string& name) noexcept; ///< null when there is no such parameter

    /// With gradients if at::GradMode is enabled; the network and `job` then outlive the backward pass, which
    /// hears a cancel too. Checks for cancel between products.
    NetworkOutput forward(const NetworkInput& input, const DropoutKey& dropout, JobContext& job);

    /// The gene decoder on a prediction [cells × O] → [cells × G].
    at::Tensor decode_genes(const at::Tensor& prediction, const DropoutKey& dropout, JobContext& job);

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

/// The dimensions of a fresh network from the configuration (model.kwargs as arc-state names them) and its
/// data. Absent keys take arc-state's defaults; control_pert and basal_mapping_strategy are read from the
/// same object. Throws BadConfig (heads that do not divide the width …), UnsupportedModel.
StConfig fresh_st_config(const nlohmann::json& model_kwargs, const std::string& embed_key,
                         const std::string& output_space, std::int64_t input_dim, std::int64_t gene_dim,
                         std::int64_t hvg_dim, std::int64_t pert_dim, std::int64_t batch_dim);

} // namespace ember

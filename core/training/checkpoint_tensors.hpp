#pragma once
// The tensors of a checkpoint under plain backbone names, whatever wrapped them.

#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "core/model/torch.hpp"
#include "core/run/checkpoint.hpp"

namespace ember {

/// A stored tensor as float32 in memory of its own or, where it has that form, in the mapping.
at::Tensor float_tensor(const TensorView& view);

/// "transformer_backbone.layers.0.self_attn.q_proj.weight" for its LoRA-wrapped spellings too.
std::string plain_name(std::string name);

class CheckpointTensors {
public:
    CheckpointTensors(const Checkpoint& checkpoint, double lora_alpha);

    const TensorView* find(const std::string& plain) const;
    /// The value under a plain name.
    std::optional<at::Tensor> value(const std::string& plain);
    /// The weight with its adapter merged (W + alpha/r · B A) when there is one.
    std::optional<at::Tensor> merged(const std::string& plain_weight);
    bool has_adapter(const std::string& plain_weight) const;
    /// Names as the file has them that nobody asked for.
    std::vector<std::string> unused() const;

private:
    const Checkpoint& checkpoint_;
    double lora_alpha_;
    std::unordered_map<std::string, const TensorView*> by_name_;
    std::unordered_set<std::string> used_;
};

} // namespace ember

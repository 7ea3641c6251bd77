#pragma once
// Tensors of a checkpoint as LibTorch tensors, checked against the shapes that the network needs.

#include <string>
#include <vector>

#include "core/model/torch.hpp"
#include "core/run/checkpoint.hpp"
#include "core/run/st_config.hpp"

namespace ember {

/// y = x Wᵀ + b; the bias may be undefined.
struct Linear {
    at::Tensor weight; ///< [out × in]
    at::Tensor bias;   ///< [out]
    std::int64_t inputs() const { return weight.size(1); }
    std::int64_t outputs() const { return weight.size(0); }
};

/// Linear layers with an activation between them.
using Mlp = std::vector<Linear>;

class WeightReader {
public:
    WeightReader(const Checkpoint& checkpoint, const StConfig& config)
        : checkpoint_(checkpoint), config_(config) {}

    bool has(const std::string& name) const { return checkpoint_.find(name) != nullptr; }

    /// float32 in row-major order: the mapping itself where it has that form, otherwise a converted copy.
    /// A negative extent accepts any. Throws MissingMember, ShapeMismatch.
    at::Tensor tensor(const std::string& name, const std::vector<std::int64_t>& shape) const;

    /// `prefix`.weight [outputs × inputs] and `prefix`.bias.
    Linear linear(const std::string& prefix, std::int64_t inputs, std::int64_t outputs) const;

    /// `prefix`.{0,3,6,…}: `layers` Linear layers, the inner width is the model's hidden size.
    Mlp mlp(const std::string& prefix, std::int64_t layers, std::int64_t inputs, std::int64_t outputs) const;

    /// A bias-free Linear of the backbone, with its LoRA adapter (if any) merged: W + alpha/r · B A.
    Linear backbone_linear(const std::string& prefix, std::int64_t inputs, std::int64_t outputs) const;

private:
    [[noreturn]] void missing(const std::string& name) const;

    const Checkpoint& checkpoint_;
    const StConfig& config_;
};

} // namespace ember

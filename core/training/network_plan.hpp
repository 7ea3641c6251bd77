#pragma once
// Every parameter of a network before any memory is taken: names and order as arc-state's
// named_parameters(), shapes, fresh values (reference §2, §3.3, §5). Needs no LibTorch.

#include <cstdint>
#include <string>
#include <vector>

#include "core/experiment/train_settings.hpp"
#include "core/run/st_config.hpp"

namespace ember {

enum class FreshValues { zeros, ones, uniform, normal, mixer };

struct PlannedParameter {
    std::string name;
    std::vector<std::int64_t> shape;
    FreshValues values = FreshValues::zeros;
    double spread = 0; ///< half width of `uniform`, standard deviation of `normal`
    bool trained = true;
    bool held = true; ///< false: embed_tokens
    std::int64_t count() const;
};

/// "transformer_backbone." or, with adapters, "transformer_backbone.base_model.model."
std::string backbone_prefix(const NetworkSettings& settings);

/// Whether LoRA adapts a projection of the backbone ("q_proj", "gate_proj" …).
bool is_adapted(const LoraSettings& settings, const std::string& projection);

/// Throws BadConfig (adapter targets that do not exist, a rank below 1).
std::vector<PlannedParameter> plan_network(const StConfig& config, const NetworkSettings& settings);

} // namespace ember

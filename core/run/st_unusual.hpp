#pragma once
// What a user should know about an ST model before relying on it.

#include "core/run/st_config.hpp"
#include "core/run/st_settings.hpp"
#include "core/run/st_tensors.hpp"

namespace ember {

/// One sentence each: contradictions between hyper-parameters and shapes, dead or unused weights, LoRA,
/// untrained decoder, attention variants, labels and genes that do not fit.
std::vector<std::string> unusual_facts(const StTensors& tensors, const StSettings& settings,
                                       const StConfig& config, const RunDirectory* run);

} // namespace ember

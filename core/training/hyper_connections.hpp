#pragma once
// The parameters of hyper-connections (core/model/hyper_connections.hpp) in a network that is trained.

#include <string>
#include <vector>

#include "core/experiment/train_settings.hpp"
#include "core/model/hyper_connections.hpp"
#include "core/training/network.hpp"

namespace ember {

/// Fresh mixers of one block, whose number is `block` of 2·layers (attention 2i, MLP 2i + 1). Initialised so
/// that a trained backbone inside computes what it did: on equal streams H_pre sums to one, H_post is one,
/// H_res is doubly stochastic. Streams differ in H_pre (each block reads mostly stream `block` mod n), so
/// that they can part. The form of features starts near the identity only: its softplus matrices have no
/// exact one.
HyperMixer fresh_mixer(std::int64_t width, std::int64_t block, const HyperConnectionSettings& settings);

/// The mixer's tensors as parameters "<prefix>norm.weight" …; `prefix` is
/// "transformer_backbone.layers.3.mhc_attn." or "….mhc_mlp.".
std::vector<NetworkParameter> mixer_parameters(const HyperMixer& mixer, const std::string& prefix);

} // namespace ember

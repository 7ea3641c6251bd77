#pragma once
// The whole loss of a batch as arc-state's training_step and validation_step compose it, with the names under
// which its parts are logged.

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/job.hpp"
#include "core/experiment/train_settings.hpp"
#include "core/training/network.hpp"

namespace ember {

/// What a batch is compared with, as tensors; cells = sets · set_len, sets one after the other.
struct LossBatch {
    std::int64_t sets = 0, set_len = 0;
    at::Tensor target;     ///< [cells × O] the observed cells
    at::Tensor control;    ///< [cells × D] the paired control cells; for regularisation and velocity (D = O)
    at::Tensor counts;     ///< [cells × G] target of the gene decoder, or undefined
    at::Tensor batch;      ///< [cells] int64, label of the batch token, or undefined
    at::Tensor velocity;   ///< [cells × D] velocity of the control cell, or undefined
    at::Tensor confidence; ///< [cells] of that velocity, or undefined
};

struct TrainingLoss {
    at::Tensor total; ///< scalar to differentiate; not divided by the accumulated batches
    double main = 0;  ///< train_loss or val_loss: without decoder, tokens and regularisation
    std::vector<std::pair<std::string, double>>
        logged; ///< "train_loss", "decoder_loss" … in arc-state's order
};

/// Runs the gene decoder on a prediction [cells × O] → [cells × G]; empty: the network has none.
using GeneDecoding = std::function<at::Tensor(const at::Tensor& prediction, const DropoutKey& dropout)>;

/// main + batch token + decoder + confidence + regularisation + velocity. `key` names the step and the batch
/// within it: random chunks, detach_decoder's draw, dropout in the decoder; `key.step` is also the step of
/// the velocity's warm-up. Throws BadConfig when regularisation or velocity meet a prediction that is not as
/// wide as the control cells.
TrainingLoss training_loss(const GeneDecoding& decode, const NetworkOutput& output, const LossBatch& batch,
                           const LossSettings& loss, const VelocitySettings& velocity, const DropoutKey& key);

/// main + decoder + confidence with names as validation_step logs them ("val_loss", "val/decoder_loss" …).
/// Dropout is off and chunks are not random. Call it without gradients.
TrainingLoss validation_loss(const GeneDecoding& decode, const NetworkOutput& output, const LossBatch& batch,
                             const LossSettings& loss, const VelocitySettings& velocity);

inline GeneDecoding gene_decoding(TrainableNetwork& network, JobContext& job) {
    if (!network.config().gene_decoder) {
        return {};
    }
    return [&](const at::Tensor& prediction, const DropoutKey& dropout) {
        return network.decode_genes(prediction, dropout, job);
    };
}

inline TrainingLoss training_loss(TrainableNetwork& network, const NetworkOutput& output,
                                  const LossBatch& batch, const LossSettings& loss,
                                  const VelocitySettings& velocity, const DropoutKey& key, JobContext& job) {
    return training_loss(gene_decoding(network, job), output, batch, loss, velocity, key);
}

inline TrainingLoss validation_loss(TrainableNetwork& network, const NetworkOutput& output,
                                    const LossBatch& batch, const LossSettings& loss,
                                    const VelocitySettings& velocity, JobContext& job) {
    return validation_loss(gene_decoding(network, job), output, batch, loss, velocity);
}

} // namespace ember

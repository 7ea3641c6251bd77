#pragma once
// `init_from`: the weights of a pretrained model, also into a network with other perturbations, adapters or
// streams.

#include <filesystem>
#include <string>
#include <vector>

#include "core/run/run_directory.hpp"
#include "core/training/network.hpp"

namespace ember {

/// What became of each tensor; written to the log and to init_report.json in the run directory.
struct TransferReport {
    std::vector<std::string> copied, fresh, unused; ///< names; `fresh` of the network, `unused` of the file
    std::vector<std::string> partly; ///< "pert_encoder.0.weight: 24 of 26 perturbations by name"
    std::vector<std::string> perturbations_kept, perturbations_new;
};

/// Copies by name; backbone names are mapped between plain and LoRA networks; columns of
/// pert_encoder.0.weight and rows of batch_encoder go by label, from the run directory beside the checkpoint.
/// New perturbations start as the control's column. Throws CannotRead, NotACheckpoint, ShapeMismatch (naming
/// tensor, both shapes, remedy) when the networks differ in more than the vocabulary; `peer_compatible`
/// copies as arc-state does (equal shapes only).
TransferReport transfer_weights(TrainableNetwork& network, const std::filesystem::path& checkpoint,
                                const LabelMap& perturbations, const LabelMap& batches, bool peer_compatible);

} // namespace ember

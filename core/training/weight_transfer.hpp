#pragma once
// `init_from`: the weights of a pretrained model, also into a network with other perturbations, genes in
// another order, adapters or streams.

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/experiment/pretrained.hpp"
#include "core/run/run_directory.hpp"
#include "core/training/network.hpp"

namespace ember {

/// What the new run knows.
struct TransferTarget {
    const LabelMap& perturbations; ///< of the network's input
    const LabelMap& batches;
    const std::vector<std::string>& genes; ///< names of the input columns, or empty
    std::string control;                   ///< label of the control cells
};

/// What became of each tensor; written to the log and to init_report.json in the run directory.
struct TransferReport {
    std::string file;
    std::vector<std::string> copied, fresh, unused; ///< names; `fresh` of the network, `unused` of the file
    std::vector<std::string> partly; ///< "pert_encoder.0.weight: 24 of 26 perturbations by name"
    std::vector<std::string> perturbations_kept, perturbations_new;
    std::vector<std::string> notes; ///< one sentence each

    nlohmann::ordered_json json() const;
    std::string sentence() const; ///< for the log
};

/// Copies by name; backbone names are mapped between plain and LoRA networks (adapters that the network lacks
/// are merged into its weights); columns of pert_encoder.0.weight and rows of the batch encoder go by label.
/// New perturbations start as the control's column, or as the pretrained control's when the label is new too.
/// Genes in another order are brought into the network's. Throws ShapeMismatch (naming tensor, both shapes,
/// remedy) when the networks differ in more than that, GeneMismatch naming genes that the model does not
/// know; `peer_compatible` copies as arc-state does (equal names and shapes only).
TransferReport transfer_weights(TrainableNetwork& network, const Pretrained& pretrained,
                                const TransferTarget& target, bool peer_compatible);

} // namespace ember

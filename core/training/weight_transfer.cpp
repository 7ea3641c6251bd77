#include "core/training/weight_transfer.hpp"

#include <algorithm>

#include "core/base/error.hpp"
#include "core/run/st_tensors.hpp"
#include "core/training/autograd.hpp"
#include "core/training/checkpoint_tensors.hpp"
#include "core/training/vocabulary.hpp"

namespace ember {

namespace {

using Rows = std::vector<std::int64_t>; ///< of the pretrained model; −1: nothing there

Rows rows_by_name(const std::vector<std::string>& wanted, const std::vector<std::string>& known) {
    std::unordered_map<std::string, std::int64_t> places;
    for (std::size_t i = 0; i < known.size(); ++i) {
        places.emplace(known[i], static_cast<std::int64_t>(i));
    }
    Rows rows;
    rows.reserve(wanted.size());
    for (const std::string& name : wanted) {
        const auto found = places.find(name);
        rows.push_back(found == places.end() ? -1 : found->second);
    }
    return rows;
}

/// The entries `rows` of one dimension, all of which exist.
at::Tensor taken(const at::Tensor& source, std::int64_t dimension, const Rows& rows) {
    // LibTorch asks for a mutable pointer; it is only read.
    auto* const places = const_cast<std::int64_t*>(rows.data());
    return source.index_select(dimension,
                               at::from_blob(places, {static_cast<std::int64_t>(rows.size())}, at::kLong));
}

class Transfer {
public:
    Transfer(TrainableNetwork& network, const Pretrained& pretrained, const TransferTarget& target)
        : network_(network),
          pretrained_(pretrained),
          target_(target),
          source_(*pretrained.checkpoint, pretrained.config.lora.alpha) {}

    TransferReport run(bool peer_compatible) {
        report_.file = pretrained_.checkpoint->path().string();
        if (!peer_compatible) {
            order_genes();
        }
        for (NetworkParameter& parameter : network_.parameters()) {
            if (!parameter.value.defined()) { // embed_tokens
                continue;
            }
            if (peer_compatible) {
                copy_like_peer(parameter);
            } else {
                copy(parameter);
            }
        }
        report_.unused = source_.unused();
        return std::move(report_);
    }

private:
    void put(NetworkParameter& parameter, const at::Tensor& value) { parameter.value.detach().copy_(value); }

    void copy_like_peer(NetworkParameter& parameter) {
        const TensorView* const view = pretrained_.checkpoint->find(parameter.name);
        if (view == nullptr || at::IntArrayRef(view->shape) != parameter.value.sizes()) {
            report_.fresh.push_back(parameter.name);
            return;
        }
        put(parameter, *source_.value(plain_name(parameter.name)));
        report_.copied.push_back(parameter.name);
    }

    void copy(NetworkParameter& parameter) {
        const std::string name = plain_name(parameter.name);
        if (name == "pert_encoder.0.weight" && copy_perturbations(parameter)) {
            return;
        }
        if ((name == "batch_encoder.weight" || name.starts_with("batch_classifier.0.")) &&
            copy_batches(parameter, name)) {
            return;
        }
        // Adapters of the same rank go on as adapters, all others become part of the weights.
        const bool keeps_adapter = same_adapter(name);
        std::optional<at::Tensor> value;
        if (name.find(".lora_") == std::string::npos) {
            value = keeps_adapter ? source_.value(name) : source_.merged(name);
        } else if (keeps_adapter) {
            value = source_.value(name);
        }
        if (!value) {
            if (!may_be_fresh(name)) {
                mismatch(parameter, "is not in it", "");
            }
            report_.fresh.push_back(parameter.name);
            return;
        }
        at::Tensor reordered = in_gene_order(name, *value);
        if (reordered.sizes() != parameter.value.sizes()) {
            if (!name.starts_with("gene_decoder.")) {
                mismatch(parameter, "is " + shape_text(reordered.sizes().vec()) + " in it",
                         shape_text(parameter.value.sizes().vec()));
            }
            report_.fresh.push_back(parameter.name);
            return;
        }
        put(parameter, reordered);
        report_.copied.push_back(parameter.name);
    }

    bool same_adapter(const std::string& name) {
        const auto at = name.find(".lora_");
        const std::string layer =
            at == std::string::npos ? name.substr(0, name.rfind('.')) : name.substr(0, at);
        const TensorView* const theirs = source_.find(layer + ".lora_A.default.weight");
        if (theirs == nullptr) {
            return false;
        }
        const auto& ours = network_.parameters();
        return std::any_of(ours.begin(), ours.end(), [&](const NetworkParameter& parameter) {
            return plain_name(parameter.name) == layer + ".lora_A.default.weight" &&
                   parameter.value.sizes() == at::IntArrayRef(theirs->shape);
        });
    }

    /// Parts that a pretrained model may lack.
    static bool may_be_fresh(const std::string& name) {
        const auto has = [&](const char* part) { return name.find(part) != std::string::npos; };
        return has(".lora_") || has("mhc") || has("confidence_token") || has("batch_") ||
               name.starts_with("gene_decoder.") || name.starts_with("final_down_then_up.");
    }

    [[noreturn]] void mismatch(const NetworkParameter& parameter, const std::string& theirs,
                               const std::string& ours) const {
        throw Error("ShapeMismatch",
                    "The pretrained model does not fit: the tensor " + theirs +
                        (ours.empty() ? "" : ", " + ours + " in the new network"),
                    {report_.file, parameter.name, {}},
                    "Train on data with the same features as the pretrained model's, or without init_from");
    }

    bool copy_perturbations(NetworkParameter& parameter) {
        const auto value = source_.value("pert_encoder.0.weight");
        const bool known = pretrained_.run && !pretrained_.run->perturbations.empty();
        if (!value || (known && !is_one_hot(pretrained_.run->perturbations)) ||
            !is_one_hot(target_.perturbations)) {
            return false; // feature vectors: the columns are features
        }
        if (!known) {
            report_.notes.emplace_back(
                "The pretrained checkpoint lies in no run directory, so its perturbations "
                "have no names: all perturbations start afresh");
            report_.partly.push_back(parameter.name + ": 0 of " +
                                     std::to_string(target_.perturbations.labels.size()) +
                                     " perturbations by name");
            report_.perturbations_new = target_.perturbations.labels;
            return true;
        }
        if (value->size(0) != parameter.value.size(0)) {
            mismatch(parameter, "is " + shape_text(value->sizes().vec()) + " in it",
                     shape_text(parameter.value.sizes().vec()));
        }
        const LabelMap& theirs = pretrained_.run->perturbations;
        std::optional<std::size_t> control = theirs.find(target_.control);
        if (!control) {
            control = theirs.find(pretrained_.config.control_pert);
        }
        at::Tensor weights = parameter.value.detach();
        std::size_t kept = 0;
        for (std::size_t i = 0; i < target_.perturbations.labels.size(); ++i) {
            const std::string& label = target_.perturbations.labels[i];
            const auto row = theirs.find(label);
            (row ? report_.perturbations_kept : report_.perturbations_new).push_back(label);
            kept += row ? 1 : 0;
            if (const auto from = row ? row : control) {
                weights.select(1, target_.perturbations.argmax[i])
                    .copy_(value->select(1, theirs.argmax[*from]));
            }
        }
        report_.partly.push_back(parameter.name + ": " + std::to_string(kept) + " of " +
                                 std::to_string(target_.perturbations.labels.size()) +
                                 " perturbations by name");
        return true;
    }

    bool copy_batches(NetworkParameter& parameter, const std::string& name) {
        const auto value = source_.value(name);
        if (!value || !pretrained_.run || pretrained_.run->batches.empty() ||
            value->dim() != parameter.value.dim() ||
            (value->dim() == 2 && value->size(1) != parameter.value.size(1))) {
            report_.fresh.push_back(parameter.name);
            return true;
        }
        const LabelMap &theirs = pretrained_.run->batches, &ours = target_.batches;
        at::Tensor rows = parameter.value.detach();
        std::size_t kept = 0;
        for (std::size_t i = 0; i < ours.labels.size(); ++i) {
            const auto row = theirs.find(ours.labels[i]);
            if (row && theirs.argmax[*row] < value->size(0) && ours.argmax[i] < rows.size(0)) {
                rows.select(0, ours.argmax[i]).copy_(value->select(0, theirs.argmax[*row]));
                ++kept;
            }
        }
        report_.partly.push_back(parameter.name + ": " + std::to_string(kept) + " of " +
                                 std::to_string(ours.labels.size()) + " batches by name");
        return true;
    }

    void order_genes() {
        const StConfig& theirs = pretrained_.config;
        const bool named = static_cast<std::int64_t>(theirs.gene_names.size()) == theirs.input_dim &&
                           static_cast<std::int64_t>(target_.genes.size()) == network_.config().input_dim;
        if (!pretrained_.gene_space() || !named) {
            if (pretrained_.gene_space()) {
                report_.notes.emplace_back("Genes have no names on one side; they are taken by position");
            }
            return;
        }
        if (theirs.gene_names == target_.genes) {
            return;
        }
        genes_ = rows_by_name(target_.genes, theirs.gene_names);
        std::string missing;
        int count = 0;
        for (std::size_t i = 0; i < genes_.size(); ++i) {
            if (genes_[i] < 0 && ++count <= 5) {
                missing += (missing.empty() ? "" : ", ") + target_.genes[i];
            }
        }
        if (count > 0) {
            throw Error(
                "GeneMismatch",
                "The pretrained model does not know " + std::to_string(count) +
                    " of the data's genes: " + missing + (count > 5 ? " …" : ""),
                {report_.file, "gene_names", {}},
                "Select the model's genes in the data, or set training.peer_compatible=true to take genes "
                "by position");
        }
        report_.notes.emplace_back(
            "The data's genes are in another order than the pretrained model's; input and "
            "output weights were reordered by name");
    }

    /// The tensor with its gene dimension in the network's order.
    at::Tensor in_gene_order(const std::string& name, const at::Tensor& value) const {
        if (genes_.empty()) {
            return value;
        }
        const StConfig& theirs = pretrained_.config;
        const bool genes_out = theirs.output_dim == theirs.input_dim;
        const std::string last = "project_out." + std::to_string(3 * (theirs.decoder_layers - 1)) + ".";
        if (name == "basal_encoder.weight" || name == "basal_encoder.0.weight") {
            return taken(value, 1, genes_);
        }
        if (genes_out && (name.starts_with(last) || name.starts_with("final_down_then_up.2."))) {
            return taken(value, 0, genes_);
        }
        const bool first_of_decoder =
            name == "gene_decoder.decoder.0.weight" || name == "gene_decoder.blocks.0.0.weight";
        if (genes_out && (name == "final_down_then_up.0.weight" || first_of_decoder)) {
            return taken(value, 1, genes_);
        }
        if (name.starts_with(last_of_decoder()) && value.size(0) == theirs.input_dim) {
            return taken(value, 0, genes_);
        }
        return value;
    }

    std::string last_of_decoder() const {
        const StConfig& theirs = pretrained_.config;
        return theirs.residual_decoder
                   ? "gene_decoder.final_layer.0."
                   : "gene_decoder.decoder." + std::to_string(4 * theirs.decoder_hidden_dims.size()) + ".";
    }

    TrainableNetwork& network_;
    const Pretrained& pretrained_;
    const TransferTarget& target_;
    CheckpointTensors source_;
    Rows genes_;
    TransferReport report_;
};

std::string counted(std::size_t count, const char* one, const char* many) {
    return std::to_string(count) + ' ' + (count == 1 ? one : many);
}

} // namespace

nlohmann::ordered_json TransferReport::json() const {
    nlohmann::ordered_json result;
    result["init_from"] = file;
    result["copied"] = copied;
    result["partly"] = partly;
    result["fresh"] = fresh;
    result["unused"] = unused;
    result["perturbations_kept"] = perturbations_kept;
    result["perturbations_new"] = perturbations_new;
    result["notes"] = notes;
    return result;
}

std::string TransferReport::sentence() const {
    std::string text =
        "Started from " + file + ": " + counted(copied.size(), "tensor", "tensors") + " copied";
    if (!partly.empty()) {
        text += ", " + std::to_string(partly.size()) + " by label";
    }
    if (!fresh.empty()) {
        text += ", " + std::to_string(fresh.size()) + " fresh";
    }
    if (!unused.empty()) {
        text += ", " + std::to_string(unused.size()) + " of the file not used";
    }
    if (!perturbations_new.empty()) {
        text += "; new: ";
        for (std::size_t i = 0; i < std::min<std::size_t>(perturbations_new.size(), 5); ++i) {
            text += (i == 0 ? "" : ", ") + perturbations_new[i];
        }
        text += perturbations_new.size() > 5 ? " …" : "";
    }
    return text;
}

TransferReport transfer_weights(TrainableNetwork& network, const Pretrained& pretrained,
                                const TransferTarget& target, bool peer_compatible) {
    const at::NoGradGuard no_gradients;
    return Transfer(network, pretrained, target).run(peer_compatible);
}

} // namespace ember

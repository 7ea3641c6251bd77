#include "core/run/st_unusual.hpp"

#include "core/base/nearest_names.hpp"

namespace ember {

namespace {

using Facts = std::vector<std::string>;

std::string float32_size(std::int64_t numbers) {
    const std::int64_t bytes = numbers * 4;
    return bytes < 1'000'000 ? std::to_string((bytes + 500) / 1'000) + " kB"
                             : std::to_string((bytes + 500'000) / 1'000'000) + " MB";
}

void check_stated(const StSettings& settings, const StConfig& config, Facts& facts) {
    const auto compare = [&](const std::string& key, const nlohmann::json& stated, std::int64_t actual) {
        const std::int64_t value = integer_or(stated, actual);
        if (value != actual) {
            facts.push_back(key + " is stated as " + std::to_string(value) + ", but the weights say " +
                            std::to_string(actual));
        }
    };
    compare("input_dim", settings.value("input_dim"), config.input_dim);
    compare("hidden_dim", settings.value("hidden_dim"), config.hidden_dim);
    compare("output_dim", settings.value("output_dim"), config.output_dim);
    compare("pert_dim", settings.value("pert_dim"), config.pert_dim);
    compare("n_encoder_layers", settings.value("n_encoder_layers"), config.encoder_layers);
    compare("n_decoder_layers", settings.value("n_decoder_layers"), config.decoder_layers);
    if (config.batch_encoder) {
        compare("batch_dim", settings.value("batch_dim"), config.batch_dim);
    }
    const auto backbone = [&](const std::string& key, std::int64_t actual) {
        compare(key, settings.value("transformer_backbone_kwargs", key), actual);
    };
    backbone("num_hidden_layers", config.layers);
    backbone("head_dim", config.head_dim);
    backbone("num_key_value_heads", config.kv_heads);
    backbone("intermediate_size", config.intermediate_dim);
}

void check_unstated(const StSettings& settings, const StConfig& config, Facts& facts) {
    if (!settings.states("cell_set_len")) {
        facts.push_back("cell_set_len is not stated; sets of " + std::to_string(config.cell_set_len) +
                        " cells are used");
    }
    if (!settings.states("output_space")) {
        facts.emplace_back("output_space is not stated; 'gene' is assumed");
    }
    if (config.lora.enabled && settings.value("lora", "alpha").is_null()) {
        facts.emplace_back("The LoRA strength alpha is not stated; 32 is assumed");
    }
}

void check_network(const StTensors& tensors, const StConfig& config, Facts& facts) {
    if (config.lora.enabled) {
        facts.push_back(
            "LoRA adapters of rank " + std::to_string(config.lora.rank) +
            " on the backbone; a backbone that arc-state adapted from a plain checkpoint is random, "
            "because it loses the weights on the way");
    }
    if (config.mixers.enabled) {
        facts.push_back((config.mixers.of_features ? std::string("Hyper-connections that mix features")
                                                   : "Hyper-connections with " +
                                                         std::to_string(config.mixers.streams) + " streams") +
                        " around each block; arc-state cannot load them");
    }
    if (!config.bidirectional) {
        facts.emplace_back(
            "Causal attention with rotary positions: predictions depend on the order of cells");
    }
    if (config.mask_attn) {
        facts.emplace_back("Every cell attends to itself only");
    }
    if (config.dead_parameters > 0) {
        facts.push_back("embed_tokens holds " + float32_size(config.dead_parameters) +
                        " of weights that nothing uses; they are not read");
    }
    if (config.gene_decoder && (config.embed_key.empty() || config.embed_key == "X_hvg")) {
        facts.emplace_back("The gene decoder was never trained, since the input is genes; it is not used");
    }
    if (tensors.has_prefix("final_down_then_up.") && !config.final_down_then_up) {
        facts.emplace_back("final_down_then_up exists but is not used without the residual");
    }
    for (const TensorView& tensor : tensors.all()) {
        if (tensor.type != ScalarType::float32) {
            facts.push_back("Weights are stored as " + std::string(to_string(tensor.type)) +
                            "; computing is in float32");
            break;
        }
    }
}

void check_run(const StConfig& config, const RunDirectory& run, Facts& facts) {
    const LabelMap& known = run.perturbations;
    if (known.dim != config.pert_dim) {
        facts.push_back("The perturbation map has vectors of length " + std::to_string(known.dim) +
                        ", but the model takes " + std::to_string(config.pert_dim));
    }
    if (!config.control_pert.empty() && !known.find(config.control_pert)) {
        const auto near = nearest_names(config.control_pert, known.labels);
        facts.push_back("The control '" + config.control_pert + "' is not among the perturbations" +
                        (near.empty() ? "" : "; the nearest are " + quoted_list(near)));
    }
    if (config.batch_encoder && run.batches.empty()) {
        facts.emplace_back("The model encodes batches, but the run directory has no batch map");
    }
    if (config.batch_encoder && !run.batches.empty() && run.batches.dim != config.batch_dim) {
        facts.push_back("The batch map has " + std::to_string(run.batches.dim) +
                        " batches, but the model takes " + std::to_string(config.batch_dim));
    }
}

void check_genes(const StConfig& config, Facts& facts) {
    const std::size_t names = config.gene_names.size();
    const std::int64_t outputs =
        config.gene_decoder && config.gene_dim > 0 ? config.gene_dim : config.output_dim;
    if (config.output_space == OutputSpace::embedding) {
        return;
    }
    if (names == 0) {
        facts.emplace_back("No gene names: columns are taken by position");
    } else if (static_cast<std::int64_t>(names) != outputs) {
        facts.push_back(std::to_string(names) + " gene names for " + std::to_string(outputs) +
                        " outputs: the names cannot be matched");
    }
}

} // namespace

std::vector<std::string> unusual_facts(const StTensors& tensors, const StSettings& settings,
                                       const StConfig& config, const RunDirectory* run) {
    Facts facts;
    check_stated(settings, config, facts);
    check_unstated(settings, config, facts);
    check_network(tensors, config, facts);
    check_genes(config, facts);
    if (run != nullptr) {
        check_run(config, *run, facts);
    }
    return facts;
}

} // namespace ember

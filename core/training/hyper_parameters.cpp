#include "core/training/hyper_parameters.hpp"

#include <array>
#include <string>

#include "core/run/st_settings.hpp"

namespace ember {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

/// Arguments of arc-state's constructors that stand before all other options, and those behind them.
constexpr std::array first_keys{"dropout", "lr", "loss_fn", "batch_size", "hidden_dim", "decoder_cfg"};
constexpr std::array last_keys{"predict_residual", "distributional_loss", "transformer_backbone_key",
                               "transformer_backbone_kwargs"};

json section(const json& config, const char* first, const char* second) {
    const json::json_pointer pointer =
        second != nullptr ? json::json_pointer() / first / second : json::json_pointer() / first;
    return config.contains(pointer) && config.at(pointer).is_object() ? config.at(pointer) : json::object();
}

json value(const json& section, const char* key, json fallback) {
    const auto found = section.find(key);
    return found == section.end() || found->is_null() ? std::move(fallback) : *found;
}

template<typename Keys>
bool holds(const Keys& keys, const std::string& key) {
    for (const char* const one : keys) {
        if (key == one) {
            return true;
        }
    }
    return false;
}

json dimension(const std::optional<std::int64_t>& number) {
    return number ? json(*number) : json();
}

/// The decoder that arc-state would build; null for predictions in an embedding.
json decoder_configuration(const json& model, const VarDims& dims, const json& gene_dim, const json& space) {
    if (space == "embedding") {
        return nullptr;
    }
    return {{"latent_dim", dimension(dims.output_dim)},
            {"gene_dim", gene_dim},
            {"hidden_dims", value(model, "decoder_hidden_dims", {1024, 1024, 512})},
            {"dropout", value(model, "decoder_dropout", 0.1)},
            {"residual_decoder", value(model, "residual_decoder", false)}};
}

} // namespace

ordered_json hyper_parameters(const json& config, const VarDims& dims) {
    const json data = section(config, "data", "kwargs"), model = section(config, "model", "kwargs"),
               training = section(config, "training", nullptr);
    const json space = value(data, "output_space", "gene");
    const json gene_dim = dimension(space == "gene" ? dims.hvg_dim : dims.gene_dim);
    ordered_json result;
    result["input_dim"] = dimension(dims.input_dim);
    result["hidden_dim"] = value(model, "hidden_dim", 768);
    result["output_dim"] = dimension(dims.output_dim);
    result["pert_dim"] = dimension(dims.pert_dim);
    result["batch_dim"] = dimension(dims.batch_dim);
    result["dropout"] = value(model, "dropout", 0.1);
    result["lr"] = value(training, "lr", 1e-4);
    result["loss_fn"] = value(training, "loss_fn", "mse");
    result["control_pert"] = value(data, "control_pert", "non-targeting");
    result["embed_key"] = value(data, "embed_key", nullptr);
    result["output_space"] = space;
    result["gene_names"] = dims.gene_names;
    result["batch_size"] = value(training, "batch_size", 16);
    result["gene_dim"] = gene_dim;
    result["hvg_dim"] = dimension(dims.hvg_dim);
    result["decoder_cfg"] = decoder_configuration(model, dims, gene_dim, space);
    for (const json& part : {model, training}) {
        for (const auto& [key, entry] : part.items()) {
            if (!holds(first_keys, key) && !holds(last_keys, key)) {
                result[key] = entry;
            }
        }
    }
    if (space == "embedding") {
        result["gene_decoder_bool"] = false;
    }
    result["basal_mapping_strategy"] = value(data, "basal_mapping_strategy", "random");
    result["predict_residual"] = value(model, "predict_residual", true);
    result["distributional_loss"] = value(model, "distributional_loss", "energy");
    result["transformer_backbone_key"] = value(model, "transformer_backbone_key", "llama");
    json backbone = section(model, "transformer_backbone_kwargs", nullptr);
    backbone["n_positions"] =
        integer_or(value(model, "cell_set_len", 512), 512) + integer_or(value(model, "extra_tokens", 0), 0);
    result["transformer_backbone_kwargs"] = backbone;
    return result;
}

ordered_json data_module_arguments(const json& config) {
    const json data = section(config, "data", "kwargs");
    const json set_len = value(section(config, "model", "kwargs"), "cell_set_len", 512);
    ordered_json result;
    const auto take = [&](const char* key, json fallback) {
        result[key] = value(data, key, std::move(fallback));
    };
    take("toml_config_path", "");
    result["batch_size"] = value(section(config, "training", nullptr), "batch_size", 16);
    take("num_workers", 12);
    take("random_seed", 42);
    take("pert_col", "gene");
    take("batch_col", "gem_group");
    take("cell_type_key", "cell_type");
    take("control_pert", "non-targeting");
    take("embed_key", nullptr);
    take("output_space", "gene");
    take("downsample", nullptr);
    take("downsample_cells", nullptr);
    take("is_log1p", true);
    take("basal_mapping_strategy", "random");
    take("n_basal_samples", 1);
    take("should_yield_control_cells", true);
    result["cell_sentence_len"] = set_len;
    take("cache_perturbation_control_pairs", false);
    take("map_controls", true);
    take("perturbation_features_file", nullptr);
    take("exp_counts", false);
    take("normalize_counts", false);
    take("store_raw_basal", false);
    take("barcode", true);
    take("val_subsample_fraction", 1.0);
    take("additional_obs", json::array());
    take("use_consecutive_loading", false);
    take("h5_open_kwargs", nullptr);
    return result;
}

} // namespace ember

#include "core/base/error.hpp"
#include "core/run/st_config.hpp"
#include "core/run/st_tensors.hpp"

namespace ember {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const char* name_of(OutputSpace space) {
    switch (space) {
    case OutputSpace::gene:
        return "gene";
    case OutputSpace::all:
        return "all";
    case OutputSpace::embedding:
        return "embedding";
    }
    return "";
}

const char* name_of(Activation activation) {
    switch (activation) {
    case Activation::gelu:
        return "gelu";
    case Activation::relu:
        return "relu";
    case Activation::leaky_relu:
        return "leakyrelu";
    case Activation::elu:
        return "elu";
    case Activation::selu:
        return "selu";
    }
    return "";
}

json dimensions(const StConfig& config) {
    return {{"input_dim", config.input_dim},
            {"hidden_dim", config.hidden_dim},
            {"output_dim", config.output_dim},
            {"pert_dim", config.pert_dim},
            {"batch_dim", config.batch_dim},
            {"gene_dim", config.gene_decoder ? json(config.gene_dim) : json()},
            {"layers", config.layers},
            {"heads", config.heads},
            {"kv_heads", config.kv_heads},
            {"head_dim", config.head_dim},
            {"intermediate_dim", config.intermediate_dim},
            {"encoder_layers", config.encoder_layers},
            {"decoder_layers", config.decoder_layers},
            {"basal_layers", config.basal_layers},
            {"cell_set_len", config.cell_set_len}};
}

json options(const StConfig& config) {
    json result = {{"activation", name_of(config.activation)},
                   {"output_space", name_of(config.output_space)},
                   {"embed_key", config.embed_key.empty() ? json() : json(config.embed_key)},
                   {"control_pert", config.control_pert},
                   {"basal_mapping_strategy", config.basal_mapping_strategy},
                   {"predict_residual", config.predict_residual},
                   {"bidirectional_attention", config.bidirectional},
                   {"mask_attn", config.mask_attn},
                   {"batch_encoder", config.batch_encoder},
                   {"batch_token", config.batch_token},
                   {"confidence_token", config.confidence_token},
                   {"gene_decoder", config.gene_decoder},
                   {"lora", nullptr},
                   {"mhc", nullptr}};
    if (config.lora.enabled) {
        result["lora"] = {{"rank", config.lora.rank}, {"alpha", config.lora.alpha}};
    }
    if (config.mixers.enabled) {
        result["mhc"] = {{"form", config.mixers.of_features ? "seed" : "paper"},
                         {"sinkhorn_iters", config.mixers.iterations}};
        if (!config.mixers.of_features) {
            result["mhc"]["streams"] = config.mixers.streams;
        }
    }
    return result;
}

void add_model(const Checkpoint& checkpoint, const RunDirectory* run, json& report) {
    report["format"] = checkpoint.format();
    report["fingerprint"] = checkpoint.fingerprint();
    report["epoch"] = checkpoint.epoch() ? json(*checkpoint.epoch()) : json();
    report["global_step"] = checkpoint.global_step() ? json(*checkpoint.global_step()) : json();
    report["has_optimizer_state"] = checkpoint.has_optimizer_state();
    report["hyper_parameters"] = checkpoint.hyper_parameters();
    json tensors = json::object();
    std::int64_t numbers = 0;
    for (const TensorView& tensor : checkpoint.tensors()) {
        tensors[tensor.name] = std::string(to_string(tensor.type)) + " " + shape_text(tensor.shape);
        numbers += tensor.numel();
    }
    report["tensors"] = std::move(tensors);
    report["parameters"] = numbers;
    try {
        const StConfig config = read_st_config(checkpoint, run);
        report["dimensions"] = dimensions(config);
        report["options"] = options(config);
        report["genes"] = {{"count", config.gene_names.size()}, {"names", config.gene_names}};
        report["parameters"] = config.parameters;
        report["dead_parameters"] = config.dead_parameters;
        for (const std::string& fact : config.unusual) {
            report["unusual"].push_back(fact);
        }
    } catch (const Error& error) {
        // Weights of another model can be described too; that they cannot be run is what is unusual.
        report["unusual"].push_back("It cannot be run as an ST model: " + std::string(error.what()));
    }
}

json vocabulary(const LabelMap& map) {
    return map.empty() ? json()
                       : json{{"count", map.labels.size()}, {"dim", map.dim}, {"labels", map.labels}};
}

void add_missing_files(const RunDirectory& run, json& report) {
    if (run.checkpoints.empty()) {
        report["unusual"].push_back("The run directory has no checkpoint");
    }
    if (!fs::exists(run.path / "var_dims.pkl")) {
        report["unusual"].push_back("var_dims.pkl is missing: dimensions come from the weights");
    }
    if (run.cell_types.empty()) {
        report["unusual"].push_back("There is no cell type map");
    }
    if (run.batches.empty()) {
        report["unusual"].push_back("There is no batch map");
    }
}

json inspect_run(const fs::path& directory) {
    const RunDirectory run = open_run_directory(directory);
    json report = {{"kind", "ST run directory"}, {"path", directory.string()}, {"unusual", json::array()}};
    report["vocabulary"] = {{"perturbations", vocabulary(run.perturbations)},
                            {"batches", vocabulary(run.batches)},
                            {"cell_types", vocabulary(run.cell_types)}};
    report["config"] = run.config;
    report["checkpoints"] = json::array();
    for (const fs::path& checkpoint : run.checkpoints) {
        std::error_code unreadable;
        report["checkpoints"].push_back({{"file", fs::relative(checkpoint, directory, unreadable).string()},
                                         {"bytes", fs::file_size(checkpoint, unreadable)}});
    }
    report["default_checkpoint"] = nullptr;
    if (!run.checkpoints.empty()) {
        std::error_code unreadable;
        const fs::path& chosen = run.default_checkpoint();
        report["default_checkpoint"] = fs::relative(chosen, directory, unreadable).string();
        add_model(*Checkpoint::open(chosen), &run, report);
    }
    add_missing_files(run, report);
    return report;
}

json inspect_checkpoint(const fs::path& file) {
    const CheckpointPtr checkpoint = Checkpoint::open(file);
    json report = {{"kind", "checkpoint"}, {"path", file.string()}, {"unusual", json::array()}};
    report["file_bytes"] = checkpoint->file_bytes();
    // A checkpoint in a run directory is described with what the directory knows.
    for (const fs::path& folder : {file.parent_path().parent_path(), file.parent_path()}) {
        if (!folder.empty() && is_run_directory(folder)) {
            try {
                const RunDirectory run = open_run_directory(folder);
                add_model(*checkpoint, &run, report);
                return report;
            } catch (const Error& error) {
                report["unusual"].push_back("Its run directory cannot be read: " + std::string(error.what()));
                break;
            }
        }
    }
    add_model(*checkpoint, nullptr, report);
    return report;
}

} // namespace

json inspect_model(const fs::path& run_or_checkpoint) {
    if (fs::is_directory(run_or_checkpoint)) {
        return inspect_run(run_or_checkpoint);
    }
    // An absolute path, so that the folders above a bare file name are found too.
    return inspect_checkpoint(fs::absolute(run_or_checkpoint).lexically_normal());
}

} // namespace ember

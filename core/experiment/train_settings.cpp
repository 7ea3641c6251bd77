#include "core/experiment/train_settings.hpp"

#include <string_view>

#include "core/base/error.hpp"

namespace ember {

namespace {

/// One section of the configuration; absent and null values keep the fallback.
class Section {
public:
    Section(const nlohmann::json& config, std::string path) : path_(std::move(path)) {
        const nlohmann::json::json_pointer pointer("/" + slashes(path_));
        if (config.contains(pointer) && config.at(pointer).is_object()) {
            values_ = config.at(pointer);
        }
    }

    template<typename T>
    void read(const char* key, T& value) const {
        const auto found = values_.find(key);
        if (found == values_.end() || found->is_null()) {
            return;
        }
        try {
            value = found->template get<T>();
        } catch (const nlohmann::json::exception&) {
            fail(key, "has a value of the wrong type, " + found->dump());
        }
    }

    template<typename T>
    void read(const char* key, std::optional<T>& value) const {
        T plain{};
        const auto found = values_.find(key);
        if (found != values_.end() && !found->is_null()) {
            read(key, plain);
            value = plain;
        }
    }

    void read(const char* key, std::filesystem::path& value) const {
        std::string text;
        read(key, text);
        value = text;
    }

    /// A value out of a list of words; the position is the enumerator.
    template<typename Enum>
    void choose(const char* key, std::initializer_list<std::string_view> words, Enum& value) const {
        std::string text;
        read(key, text);
        if (text.empty()) {
            return;
        }
        int position = 0;
        std::string all;
        for (const std::string_view word : words) {
            if (text == word) {
                value = static_cast<Enum>(position);
                return;
            }
            ++position;
            all += (all.empty() ? "" : ", ") + std::string(word);
        }
        fail(key, "is " + text, "Use one of " + all);
    }

    const nlohmann::json& values() const { return values_; }

private:
    [[noreturn]] void fail(const std::string& key, const std::string& what,
                           const std::string& remedy = "") const {
        throw Error("BadConfig", "The option " + key + ' ' + what, {"", path_ + '.' + key, {}}, remedy);
    }

    static std::string slashes(std::string text) {
        for (char& letter : text) {
            letter = letter == '.' ? '/' : letter;
        }
        return text;
    }

    std::string path_;
    nlohmann::json values_ = nlohmann::json::object();
};

DataSettings data_settings(const nlohmann::json& config) {
    const Section data(config, "data.kwargs");
    DataSettings settings;
    data.read("toml_config_path", settings.split_file);
    std::vector<std::string> files;
    data.read("files", files);
    settings.files.assign(files.begin(), files.end());
    data.read("embed_key", settings.embed_key);
    data.read("output_space", settings.output_space);
    data.read("pert_col", settings.pert_col);
    data.read("cell_type_key", settings.cell_type_key);
    data.read("batch_col", settings.batch_col);
    data.read("control_pert", settings.control_pert);
    data.choose("basal_mapping_strategy", {"random", "batch"}, settings.pairing);
    data.read("should_yield_control_cells", settings.yield_controls);
    data.read("perturbation_features_file", settings.perturbation_features);
    data.read("downsample", settings.downsample);
    data.read("downsample_cells", settings.downsample_cells);
    data.read("val_subsample_fraction", settings.val_subsample_fraction);
    data.read("min_cells", settings.min_cells);
    data.read("memory_bytes", settings.memory_bytes);
    data.read("prefetch", settings.prefetch);
    data.read("reshuffle", settings.reshuffle);
    data.choose("shuffle", {"auto", "full", "windows"}, settings.shuffle);
    data.read("row_cache_bytes", settings.row_cache_bytes);
    return settings;
}

NetworkSettings network_settings(const nlohmann::json& config) {
    const Section model(config, "model.kwargs");
    const Section lora(config, "model.kwargs.lora");
    const Section mhc(config, "model.kwargs.mhc");
    NetworkSettings settings;
    model.read("dropout", settings.dropout);
    model.read("decoder_dropout", settings.decoder_dropout);
    model.read("freeze_pert_backbone", settings.freeze_backbone);
    model.read("init_from", settings.init_from);
    lora.read("enable", settings.lora.enable);
    lora.read("r", settings.lora.r);
    lora.read("alpha", settings.lora.alpha);
    lora.read("dropout", settings.lora.dropout);
    lora.read("adapt_mlp", settings.lora.adapt_mlp);
    lora.read("target_modules", settings.lora.targets);
    model.read("use_mhc", settings.mhc.enable);
    mhc.choose("form", {"paper", "seed"}, settings.mhc.form);
    mhc.read("streams", settings.mhc.streams);
    mhc.read("sinkhorn_iters", settings.mhc.sinkhorn_iters);
    const Section training(config, "training");
    training.read("gradient_checkpointing", settings.gradient_checkpointing);
    training.choose("precision", {"float32", "bfloat16"}, settings.precision);
    return settings;
}

LossSettings loss_settings(const nlohmann::json& config, bool like_peer) {
    const Section model(config, "model.kwargs");
    LossSettings settings;
    model.choose("loss", {"energy", "sinkhorn", "se", "mse"}, settings.loss);
    model.choose("distributional_loss", {"energy", "gaussian", "laplacian"}, settings.distance);
    model.read("blur", settings.blur);
    model.read("sinkhorn_weight", settings.sinkhorn_weight);
    model.read("energy_weight", settings.energy_weight);
    model.read("mmd_num_chunks", settings.chunks);
    model.read("randomize_mmd_chunks", settings.randomize_chunks);
    model.read("regularization", settings.regularization);
    model.read("decoder_weight", settings.decoder_weight);
    if (!like_peer) {
        model.read("decoder_loss_weight", settings.decoder_weight);
    }
    model.read("detach_decoder", settings.detach_decoder);
    model.read("batch_token_weight", settings.batch_token_weight);
    model.read("confidence_weight", settings.confidence_weight);
    model.read("confidence_target_scale", settings.confidence_target_scale);
    return settings;
}

VelocitySettings velocity_settings(const nlohmann::json& config, DataSettings& data) {
    const Section model(config, "model.kwargs");
    VelocitySettings settings;
    model.read("use_velocity_alignment", settings.enable);
    model.read("velocity_lambda", settings.lambda);
    model.read("velocity_mu", settings.mu);
    model.read("velocity_beta", settings.beta);
    model.read("velocity_min_confidence", settings.min_confidence);
    model.read("velocity_warmup_steps", settings.warmup_steps);
    model.choose("velocity_form", {"formula", "upstream"}, settings.form);
    model.read("velocity_weighted", settings.weighted);
    model.read("velocity_max_row_gradient", settings.max_row_gradient);
    if (settings.enable) {
        data.velocity_key = "velocity_latent";
        data.confidence_key = "velocity_confidence";
        model.read("velocity_key", data.velocity_key);
        model.read("velocity_confidence_key", data.confidence_key);
    }
    return settings;
}

OptimizerSettings optimizer_settings(const Section& training, bool like_peer) {
    OptimizerSettings settings;
    training.choose("optimizer", {"adam", "adamw"}, settings.kind);
    training.read("lr", settings.lr);
    training.read("gradient_clip_val", settings.gradient_clip);
    training.read("gradient_accumulation_steps", settings.accumulation);
    if (!like_peer) {
        training.read("weight_decay", settings.weight_decay);
        training.choose("lr_schedule", {"constant", "linear", "cosine"}, settings.schedule);
        training.read("warmup_steps", settings.warmup_steps);
        training.read("final_lr_ratio", settings.final_lr_ratio);
    }
    return settings;
}

LoopSettings loop_settings(const nlohmann::json& config, bool like_peer) {
    const Section training(config, "training");
    LoopSettings settings;
    training.read("batch_size", settings.batch_sets);
    training.read("max_steps", settings.max_steps);
    training.read("max_epochs", settings.max_epochs);
    training.read("val_freq", settings.val_freq);
    training.read("log_every_n_steps", settings.log_every);
    if (!like_peer) {
        training.read("ckpt_every_n_steps", settings.ckpt_every);
    }
    training.read("early_stop_patience", settings.patience);
    training.read("early_stop_min_delta", settings.min_delta);
    training.read("train_seed", settings.seed);
    training.read("roll_back", settings.roll_back);
    training.read("monitor_cells", settings.monitor_cells);
    if (config.contains("overwrite") && config.at("overwrite").is_boolean()) {
        settings.overwrite = config.at("overwrite").get<bool>();
    }
    return settings;
}

} // namespace

TrainSettings train_settings(const nlohmann::json& config) {
    const Section training(config, "training");
    bool like_peer = false;
    training.read("peer_compatible", like_peer);
    TrainSettings settings;
    settings.data = data_settings(config);
    settings.network = network_settings(config);
    settings.loss = loss_settings(config, like_peer);
    settings.velocity = velocity_settings(config, settings.data);
    settings.optimizer = optimizer_settings(training, like_peer);
    settings.loop = loop_settings(config, like_peer);
    settings.model_kwargs = Section(config, "model.kwargs").values();
    return settings;
}

} // namespace ember

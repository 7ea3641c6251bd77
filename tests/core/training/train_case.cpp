#include "tests/core/training/train_case.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "core/run/training_state.hpp"
#include "core/run/yaml_config.hpp"

namespace ember::test {

namespace fs = std::filesystem;

namespace {

const fs::path state = fs::path(EMBER_TEST_DATA) / "state";

void append(std::string& bytes, const TensorView& view) {
    const auto* const data = reinterpret_cast<const char*>(view.data);
    bytes.append(data, static_cast<std::size_t>(view.numel()) * size_of(view.type));
}

} // namespace

Scratch::Scratch()
    : path_(fs::temp_directory_path() /
            (std::string("ember-train-") + testing::UnitTest::GetInstance()->current_test_info()->name() +
             "-" + std::to_string(getpid()))) {
    fs::create_directories(path_);
}

Scratch::~Scratch() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

nlohmann::json tiny_config() {
    nlohmann::json config = read_yaml(state / "run_tiny" / "config.yaml");
    config["data"]["kwargs"]["toml_config_path"] = (state / "tiny.toml").string();
    config["overwrite"] = false;
    config["training"]["ckpt_every_n_steps"] = 0;
    return config;
}

nlohmann::json short_config(std::int64_t steps) {
    nlohmann::json config = tiny_config();
    nlohmann::json& kwargs = config["model"]["kwargs"];
    kwargs["cell_set_len"] = 8;
    kwargs["hidden_dim"] = 24;
    kwargs["n_encoder_layers"] = kwargs["n_decoder_layers"] = 1;
    nlohmann::json& backbone = kwargs["transformer_backbone_kwargs"];
    backbone["hidden_size"] = 24;
    backbone["num_hidden_layers"] = 1;
    backbone["num_attention_heads"] = backbone["num_key_value_heads"] = 2;
    backbone["intermediate_size"] = 32;
    backbone["max_position_embeddings"] = 8;
    kwargs["decoder_hidden_dims"] = {16};
    nlohmann::json& training = config["training"];
    training["batch_size"] = 2;
    training["max_steps"] = steps;
    training["val_freq"] = 10;
    training["log_every_n_steps"] = 1;
    training["monitor_cells"] = 20;
    return config;
}

TrainRequest train_request(const nlohmann::json& config, const fs::path& run, bool resume) {
    TrainRequest request;
    request.config = config.dump();
    request.run_directory = run;
    request.resume = resume;
    request.threads = 1;
    return request;
}

TrainResult train(const TrainRequest& request) {
    JobContext job;
    return engine().train(request, job);
}

std::string failure_of(const TrainRequest& request) {
    try {
        train(request);
        return "";
    } catch (const Error& error) {
        return error.class_name();
    }
}

std::string trained_bytes(const fs::path& checkpoint) {
    const LoadedTrainingState loaded = read_training_state(checkpoint);
    std::string bytes;
    for (const TensorView& view : loaded.checkpoint->tensors()) {
        append(bytes, view);
    }
    for (const LoadedMoments& moments : loaded.moments) {
        append(bytes, moments.exp_avg);
        append(bytes, moments.exp_avg_sq);
    }
    return bytes;
}

std::vector<MetricsRow> metrics_of(const fs::path& run) {
    MetricsTail tail;
    return read_metrics(run / "version_0" / "metrics.csv", tail);
}

} // namespace ember::test

// Every stage of the forward pass against arc-state's, for the trained model and all variants.

#include <cmath>
#include <fstream>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "core/data/npy.hpp"
#include "core/model/st_model.hpp"

using namespace ember;
namespace fs = std::filesystem;

namespace {

const fs::path state = fs::path(EMBER_TEST_DATA) / "state";

/// A weights file with the hyper-parameters that stand beside it.
class WithHyperParameters final : public Checkpoint {
public:
    WithHyperParameters(const fs::path& weights, const fs::path& hyper_parameters)
        : weights_(Checkpoint::open(weights)) {
        std::ifstream in(hyper_parameters);
        hyper_parameters_ = nlohmann::json::parse(in);
    }
    const fs::path& path() const override { return weights_->path(); }
    const std::string& format() const override { return weights_->format(); }
    const std::vector<TensorView>& tensors() const override { return weights_->tensors(); }
    const TensorView* find(const std::string& name) const override { return weights_->find(name); }
    const nlohmann::json& hyper_parameters() const override { return hyper_parameters_; }
    std::optional<std::int64_t> epoch() const override { return {}; }
    std::optional<std::int64_t> global_step() const override { return {}; }
    bool has_optimizer_state() const override { return false; }
    std::uint64_t file_bytes() const override { return weights_->file_bytes(); }
    std::string fingerprint() const override { return weights_->fingerprint(); }

private:
    CheckpointPtr weights_;
    nlohmann::json hyper_parameters_;
};

std::vector<float> read_floats(const fs::path& file) {
    const NpyArray array = read_npy(file);
    return {array.values.begin(), array.values.end()};
}

void expect_near(const std::vector<float>& actual, const fs::path& expected_file, const std::string& what) {
    const auto expected = read_npy(expected_file).values;
    ASSERT_EQ(actual.size(), expected.size()) << what;
    double worst = 0;
    for (std::size_t i = 0; i < actual.size(); ++i) {
        worst = std::max(worst, std::abs(actual[i] - expected[i]));
        ASSERT_FALSE(std::isnan(actual[i])) << what;
    }
    EXPECT_LE(worst, 1e-5) << what;
}

/// The index of the largest entry of each row, or the numbers themselves.
std::vector<std::int32_t> batch_indices(const fs::path& file, std::size_t cells) {
    const NpyArray array = read_npy(file);
    std::vector<std::int32_t> indices;
    const std::size_t width = array.values.size() / cells;
    for (std::size_t cell = 0; cell < cells; ++cell) {
        const auto first = array.values.begin() + static_cast<std::ptrdiff_t>(cell * width);
        indices.push_back(
            width == 1 ? static_cast<std::int32_t>(*first)
                       : static_cast<std::int32_t>(
                             std::max_element(first, first + static_cast<std::ptrdiff_t>(width)) - first));
    }
    return indices;
}

struct Case {
    std::unique_ptr<StModel> model;
    std::vector<float> basal, encodings;
    std::vector<std::int32_t> pert_index, batch_index;
    std::size_t cells = 0;

    Case(const fs::path& folder, const fs::path& weights) {
        auto checkpoint = std::make_shared<WithHyperParameters>(weights, folder / "hparams.json");
        const StConfig config = read_st_config(*checkpoint, nullptr);
        model = std::make_unique<StModel>(checkpoint, config);
        basal = read_floats(folder / "in_ctrl_cell_emb.npy");
        cells = basal.size() / static_cast<std::size_t>(config.input_dim);
        encodings = model->encode_perturbations(read_floats(folder / "in_pert_emb.npy"));
        for (std::size_t cell = 0; cell < cells; ++cell) {
            pert_index.push_back(static_cast<std::int32_t>(cell));
        }
        if (config.batch_encoder) {
            batch_index = batch_indices(folder / "in_batch.npy", cells);
        }
    }

    StOutput run(const std::vector<std::int64_t>& set_lengths, const StageObserver& observe = {}) const {
        std::size_t used = 0;
        for (const auto length : set_lengths) {
            used += static_cast<std::size_t>(length);
        }
        StBatch batch{set_lengths,
                      std::span(basal).first(used * static_cast<std::size_t>(model->config().input_dim)),
                      encodings,
                      std::span(pert_index).first(used),
                      batch_index.empty() ? std::span<const std::int32_t>{}
                                          : std::span<const std::int32_t>(batch_index).first(used),
                      true,
                      {}};
        StOutput output;
        JobContext job;
        model->forward(batch, output, job, observe);
        return output;
    }
};

/// Compares everything that the folder holds; returns the number of stages compared.
int compare_stages(const fs::path& folder, const fs::path& weights) {
    const Case test(folder, weights);
    const std::int64_t length = test.model->config().cell_set_len;
    const std::vector<std::int64_t> sets(test.cells / static_cast<std::size_t>(length), length);
    std::set<std::string> compared;
    const auto compare = [&](const std::string& stage, const std::vector<float>& values) {
        const fs::path file = folder / ("stage_" + stage + ".npy");
        if (fs::exists(file)) {
            compared.insert(stage);
            expect_near(values, file, folder.filename().string() + " " + stage);
        }
    };
    const StOutput output = test.run(
        sets, [&](std::string_view stage, std::int64_t rows, std::int64_t width, const float* values) {
            compare(std::string(stage), {values, values + rows * width});
        });
    compare("pert_encoder", test.encodings);
    compare("final", output.prediction);
    compare("confidence", output.confidence);
    compare("gene_decoder", output.genes);
    EXPECT_TRUE(compared.contains("final")) << folder;
    EXPECT_EQ(fs::exists(folder / "stage_confidence.npy"), compared.contains("confidence")) << folder;
    return static_cast<int>(compared.size());
}

} // namespace

TEST(Stages, TrainedModel) {
    EXPECT_GE(compare_stages(state / "stages", state / "stages" / "state_dict.safetensors"), 15);
}

TEST(Stages, TrainedModelAsOneShortSet) {
    const fs::path folder = state / "stages";
    const Case test(folder, folder / "state_dict.safetensors");
    const auto rows =
        static_cast<std::int64_t>(read_npy(folder / "unpadded_first_rows_final.npy").shape.at(0));
    expect_near(test.run({rows}).prediction, folder / "unpadded_first_rows_final.npy", "one set");
}

TEST(Stages, AllVariants) {
    int variants = 0;
    for (const auto& entry : fs::directory_iterator(state / "variants")) {
        if (entry.is_directory()) {
            SCOPED_TRACE(entry.path().filename().string());
            EXPECT_GE(compare_stages(entry.path(), entry.path() / "weights.safetensors"), 5);
            ++variants;
        }
    }
    EXPECT_EQ(variants, 25);
}

TEST(Stages, SetsOfDifferentLengthDoNotTouchEachOther) {
    for (const char* name :
         {"base", "confidence_and_batch_token", "causal_rope", "gqa_head16", "batch_encoder"}) {
        const fs::path folder = state / "variants" / name;
        const Case test(folder, folder / "weights.safetensors");
        const auto width = static_cast<std::size_t>(test.model->config().output_dim);
        const auto together = test.run({5, 3, 3, 1});
        const auto alone = test.run({5});
        ASSERT_EQ(together.prediction.size(), 12 * width);
        for (std::size_t i = 0; i < 5 * width; ++i) {
            ASSERT_NEAR(together.prediction[i], alone.prediction[i], 1e-5) << name;
        }
        EXPECT_EQ(together.confidence.size(), test.model->config().confidence_token ? 4u : 0u);
    }
}

TEST(Stages, ForwardHearsCancel) {
    const fs::path folder = state / "variants" / "base";
    const Case test(folder, folder / "weights.safetensors");
    std::stop_source stop;
    JobContext job(nullptr, stop.get_token());
    StBatch batch{{8},
                  std::span(test.basal).first(8 * 24),
                  test.encodings,
                  std::span(test.pert_index).first(8),
                  {},
                  false,
                  {}};
    StOutput output;
    int stages = 0;
    const auto stop_in_layer_0 = [&](std::string_view stage, std::int64_t, std::int64_t, const float*) {
        ++stages;
        if (stage == "layer0_v_proj") {
            stop.request_stop();
        }
        EXPECT_NE(stage, "layer0");
    };
    EXPECT_THROW(test.model->forward(batch, output, job, stop_in_layer_0), Cancelled);
    EXPECT_GT(stages, 3);
}

TEST(Stages, ATensorOfAnotherShapeIsNamed) {
    const fs::path folder = state / "variants" / "base";
    auto checkpoint =
        std::make_shared<WithHyperParameters>(folder / "weights.safetensors", folder / "hparams.json");
    StConfig config = read_st_config(*checkpoint, nullptr);
    config.intermediate_dim += 1;
    try {
        StModel model(checkpoint, config);
        FAIL() << "accepted";
    } catch (const Error& error) {
        EXPECT_EQ(error.class_name(), "ShapeMismatch");
        EXPECT_THAT(error.place().key, testing::HasSubstr("mlp.gate_proj.weight"));
    }
    config.intermediate_dim -= 1;
    config.layers = 7;
    try {
        StModel model(checkpoint, config);
        FAIL() << "accepted";
    } catch (const Error& error) {
        EXPECT_EQ(error.class_name(), "MissingMember");
        EXPECT_THAT(error.place().key, testing::HasSubstr("layers.2"));
    }
}

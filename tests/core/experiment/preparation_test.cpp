// Faults beside their options, before the first step.

#include <algorithm>

#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "core/experiment/preparation.hpp"

namespace ember {
namespace {

TrainingConfig wound(std::vector<std::string> overrides) {
    const std::string toml = std::string(EMBER_DEMO) + "/wound.toml";
    overrides.insert(overrides.begin(),
                     {"data.kwargs.toml_config_path=" + toml, "data.kwargs.embed_key=X_hvg",
                      "data.kwargs.output_space=gene", "data.kwargs.pert_col=condition",
                      "data.kwargs.batch_col=batch", "data.kwargs.control_pert=Sham", "model=state_sm",
                      "model.kwargs.cell_set_len=64", "training.batch_size=4", "training.max_steps=50"});
    return resolve_config(std::nullopt, overrides);
}

const ConfigFinding* fault_of(const Preparation& preparation, const std::string& key) {
    for (const ConfigFinding& finding : preparation.findings) {
        if (finding.fault && finding.key == key) {
            return &finding;
        }
    }
    return nullptr;
}

TEST(Preparation, ASoundConfigurationIsMeasured) {
    JobContext job;
    const Preparation prepared = prepare_training(wound({}), job);
    for (const ConfigFinding& finding : prepared.findings) {
        EXPECT_FALSE(finding.fault) << finding.key << ": " << finding.message;
    }
    EXPECT_TRUE(prepared.can_start());
    EXPECT_EQ(prepared.train.cells, 3797U);
    EXPECT_EQ(prepared.train.batches, 18U);
    EXPECT_EQ(prepared.val.sets, 9U);
    EXPECT_EQ(prepared.test.cells, 0U);
    EXPECT_GT(prepared.estimate.parameters, 1000000);
    EXPECT_GT(prepared.estimate.memory_bytes, 10000000U);
    EXPECT_EQ(prepared.estimate.steps, 50);
}

TEST(Preparation, EveryFaultStandsBesideItsOption) {
    JobContext job;
    const Preparation control = prepare_training(wound({"data.kwargs.control_pert=sham"}), job);
    EXPECT_FALSE(control.can_start());
    const ConfigFinding* finding = fault_of(control, "data.kwargs.control_pert");
    ASSERT_NE(finding, nullptr);
    EXPECT_EQ(finding->class_name, "UnknownControl");
    EXPECT_NE(finding->remedy.find("'Sham'"), std::string::npos) << finding->remedy;
    EXPECT_NE(finding->place.find("obs/condition"), std::string::npos) << finding->place;

    const Preparation several =
        prepare_training(wound({"data.kwargs.pert_col=conditon", "data.kwargs.embed_key=X_state",
                                "data.kwargs.batch_col=mous"}),
                         job);
    for (const char* key : {"data.kwargs.pert_col", "data.kwargs.embed_key", "data.kwargs.batch_col"}) {
        ASSERT_NE(fault_of(several, key), nullptr) << key;
        EXPECT_EQ(fault_of(several, key)->class_name, "MissingMember");
    }
    const Preparation absent =
        prepare_training(wound({"data.kwargs.toml_config_path=/no/such/split.toml"}), job);
    EXPECT_NE(fault_of(absent, "data.kwargs.toml_config_path"), nullptr);
    const Preparation few = prepare_training(wound({"data.kwargs.min_cells=100000"}), job);
    ASSERT_NE(fault_of(few, "data.kwargs.min_cells"), nullptr);
    EXPECT_NE(fault_of(few, "data.kwargs.min_cells")->message.find("Mac, Sham"), std::string::npos);
}

TEST(Preparation, ThePretrainedModelIsOpenedAndMeasured) {
    JobContext job;
    const std::string demo = EMBER_DEMO;
    const auto with = [&](const std::string& init_from, const std::string& more = "training.lr=1e-4") {
        std::vector<std::string> overrides{"data.kwargs.toml_config_path=" + demo + "/wound.toml",
                                           "data.kwargs.embed_key=X_hvg",
                                           "data.kwargs.output_space=gene",
                                           "data.kwargs.pert_col=condition",
                                           "data.kwargs.batch_col=batch",
                                           "data.kwargs.control_pert=Sham",
                                           "training.max_steps=50",
                                           "training.batch_size=4",
                                           "model.kwargs.init_from=" + init_from,
                                           more};
        return prepare_training(resolve_config(std::nullopt, overrides), job);
    };
    const Preparation sound = with(demo + "/st_drug/checkpoints/final.ckpt");
    for (const ConfigFinding& finding : sound.findings) {
        EXPECT_FALSE(finding.fault) << finding.key << ": " << finding.message;
    }
    EXPECT_LT(sound.estimate.parameters, 2000000); // st_drug's sizes, not the default's
    EXPECT_GT(sound.estimate.parameters, 100000);
    const Preparation absent = with(demo + "/no_such_run/final.ckpt");
    EXPECT_NE(fault_of(absent, "model.kwargs.init_from"), nullptr);
    const Preparation text = with(demo + "/wound.toml");
    EXPECT_NE(fault_of(text, "model.kwargs.init_from"), nullptr);
    const Preparation narrow = with(std::string(EMBER_TEST_DATA) + "/state/run_tiny");
    const ConfigFinding* finding = fault_of(narrow, "model.kwargs.init_from");
    ASSERT_NE(finding, nullptr);
    EXPECT_EQ(finding->class_name, "ShapeMismatch");
    EXPECT_NE(finding->message.find("80 features, the data have 500"), std::string::npos);
    const Preparation other = with(demo + "/st_drug", "model.kwargs.hidden_dim=112");
    EXPECT_NE(fault_of(other, "model.kwargs.hidden_dim"), nullptr);
    const Preparation unread = with(demo + "/st_drug", "data.kwargs.control_pert=sham");
    EXPECT_NE(fault_of(unread, "data.kwargs.control_pert"), nullptr);
}

TEST(Preparation, CopiesForFastReadingAreAnnounced) {
    JobContext job;
    const Preparation prepared = prepare_training(wound({"data.kwargs.memory_bytes=100000"}), job);
    EXPECT_TRUE(prepared.can_start());
    EXPECT_TRUE(
        std::any_of(prepared.findings.begin(), prepared.findings.end(), [](const ConfigFinding& finding) {
            return finding.key == "data.kwargs.memory_bytes" &&
                   finding.message.find("MiB") != std::string::npos;
        }));
}

TEST(Preparation, CancelIsTheOnlyThingThrown) {
    std::stop_source source;
    source.request_stop();
    JobContext job(nullptr, source.get_token());
    EXPECT_THROW(prepare_training(wound({}), job), Cancelled);
}

} // namespace
} // namespace ember

// What `train` understands and refuses before anything is computed, and its commands about runs and splits.

#include <chrono>
#include <fstream>

#include <gmock/gmock.h>

#include "train_folder.hpp"

namespace {

using namespace ember;
using ember::test::count_of;
using ember::test::Outcome;
using testing::HasSubstr;

namespace fs = std::filesystem;

class TrainSettings : public ember::test::TrainTest {
protected:
    void SetUp() override {
        TrainTest::SetUp();
        for (const char* file : {"wound_demo.h5ad", "wound.toml", "pbmc_phase.h5ad", "pbmc.toml"}) {
            fs::create_symlink(fs::path(EMBER_DEMO_FILES) / file, folder / file);
        }
    }
};

TEST_F(TrainSettings, UnknownOptionsAreAnsweredWithTheNearest) {
    const Outcome wrong = train({"+training.max_step=10", "--json"});
    EXPECT_EQ(wrong.status, 3);
    EXPECT_EQ(wrong.error_class(), "UnknownOption");
    EXPECT_THAT(wrong.out, HasSubstr("'training.max_steps'"));
    const Outcome value = train({"training.lr=fast"});
    EXPECT_EQ(value.status, 3);
    EXPECT_THAT(value.err, HasSubstr("training.lr"));
    EXPECT_EQ(count_of(value.err, "\n"), 1U);
}

TEST_F(TrainSettings, WordsThatAreNoOptionsAreWrongUsage) {
    const Outcome word = train({"sttus"});
    EXPECT_EQ(word.status, 2);
    EXPECT_THAT(word.err, HasSubstr("train status"));
    EXPECT_EQ(train({"--chekc"}).status, 2);
    EXPECT_EQ(train({"a.yaml", "b.yaml"}).status, 2);
    EXPECT_EQ(train({"none.yaml"}).status, 3);
    EXPECT_EQ(train({"split", "--data", "wound_demo.h5ad"}).status, 2);
    EXPECT_EQ(train({"resume"}).status, 2);
    EXPECT_EQ(run({"trian"}).status, 2);
}

TEST_F(TrainSettings, AllOptionsAreListed) {
    const Outcome list = train({"--options"});
    EXPECT_EQ(list.status, 0);
    for (const char* key : {"training.lr=1.0e-04", "model.kwargs.use_mhc=false", "data.kwargs.embed_key=null",
                            "model.kwargs.loss=energy [energy|sinkhorn|se|mse]"}) {
        EXPECT_THAT(list.out, HasSubstr(key));
    }
}

TEST_F(TrainSettings, SeveralCandidatesOfDataAreNamed) {
    const Outcome several = train({"--json"});
    EXPECT_EQ(several.status, 3);
    EXPECT_EQ(several.error_class(), "MissingMember");
    EXPECT_THAT(several.out, HasSubstr("pbmc.toml"));
    EXPECT_THAT(several.out, HasSubstr("wound.toml"));
}

TEST_F(TrainSettings, ASplitIsMadeAndRefused) {
    const std::vector<std::string> ask = {
        "split",       "--data", "wound_demo.h5ad", "--pert-col", "condition", "--control", "Sham",
        "--val-share", "1",      "--output",        "split.toml", "--json"};
    std::vector<std::string> good = ask;
    good.insert(good.end(), {"--cell-type-col", "cell_type"});
    const Outcome made = train(good);
    EXPECT_EQ(made.status, 0) << made.err;
    EXPECT_EQ(made.json()["held_out"].size(), 2U);
    const std::string text = ember::test::content_of(folder / "split.toml");
    EXPECT_THAT(text, HasSubstr("seed 42"));
    fs::remove(folder / "split.toml");
    EXPECT_EQ(train(good).status, 0);
    EXPECT_EQ(ember::test::content_of(folder / "split.toml"), text);
    std::vector<std::string> wrong = ask;
    wrong.insert(wrong.end(), {"--cell-type-col", "celltype"});
    const Outcome refused = train(wrong);
    EXPECT_EQ(refused.status, 3);
    EXPECT_THAT(refused.out, HasSubstr("'cell_type'"));
}

TEST_F(TrainSettings, RunsOfArcStateHaveAStatusAndMayBePruned) {
    fs::create_directories(folder / "runs");
    fs::copy(fs::path(EMBER_DEMO_FILES) / "st_wound", folder / "runs/st_wound", fs::copy_options::recursive);
    const Outcome status = train({"status", "runs", "--json"});
    ASSERT_EQ(status.status, 0) << status.err;
    const auto runs = status.json()["runs"];
    ASSERT_EQ(runs.size(), 1U);
    EXPECT_EQ(runs[0]["step"], 1500);
    EXPECT_EQ(runs[0]["best_step"], 1100);
    EXPECT_TRUE(runs[0]["state"].is_null());
    EXPECT_THAT(train({"status", "runs"}).out, HasSubstr("runs/st_wound"));

    std::ofstream(folder / "runs/st_wound/checkpoints/step=100.ckpt") << "some bytes";
    for (const auto& entry : fs::recursive_directory_iterator(folder / "runs")) {
        fs::last_write_time(entry, fs::file_time_type::clock::now() - std::chrono::hours(1)); // it is over
    }
    const Outcome plan = train({"prune", "runs", "--json"});
    ASSERT_EQ(plan.status, 0) << plan.err;
    EXPECT_EQ(plan.json()["removable_bytes"], 10);
    EXPECT_EQ(plan.json()["freed_bytes"], 0);
    EXPECT_TRUE(fs::exists(folder / "runs/st_wound/checkpoints/step=100.ckpt"));
    EXPECT_THAT(train({"prune", "runs"}).out, HasSubstr("--yes"));
    const Outcome done = train({"prune", "runs", "--yes", "--json"});
    EXPECT_EQ(done.json()["freed_bytes"], 10);
    EXPECT_FALSE(fs::exists(folder / "runs/st_wound/checkpoints/step=100.ckpt"));
    EXPECT_FALSE(ember::test::entries_of(folder / "runs/st_wound/checkpoints").empty());

    EXPECT_EQ(train({"status", "none"}).status, 3);
    EXPECT_EQ(train({"prune", "none"}).status, 3);
}

TEST_F(TrainSettings, OnlySettingsOfTrainingChangeInARunThatGoesOn) {
    fs::copy(fs::path(EMBER_DEMO_FILES) / "st_wound", folder / "run", fs::copy_options::recursive);
    fs::rename(folder / "run/checkpoints/final.ckpt", folder / "run/checkpoints/last.ckpt");
    const Outcome model = train({"resume", "run", "model.kwargs.hidden_dim=8"});
    EXPECT_EQ(model.status, 2);
    EXPECT_THAT(model.err, HasSubstr("model.kwargs.hidden_dim"));
    EXPECT_EQ(train({"resume", "run", "training.lx=3"}).status, 3);
    EXPECT_THAT(train({"resume", "run", "mdel.kwargs.hidden_dim=8"}).err,
                HasSubstr("'model.kwargs.hidden_dim'"));
    EXPECT_EQ(train({"resume", "none"}).status, 3);
}

TEST_F(TrainSettings, WhatDecidesTheStepsOfARunStays) {
    fs::copy(fs::path(EMBER_DEMO_FILES) / "st_wound", folder / "run", fs::copy_options::recursive);
    fs::rename(folder / "run/checkpoints/final.ckpt", folder / "run/checkpoints/last.ckpt");
    const std::string before = ember::test::content_of(folder / "run/config.yaml");
    for (const char* change :
         {"training.batch_size=4", "training.gradient_accumulation_steps=2", "+training.train_seed=7",
          "training.peer_compatible=true", "~training.batch_size", "~model.kwargs", "~training"}) {
        const Outcome refused = train({"resume", "run", change});
        EXPECT_EQ(refused.status, 2) << change;
        EXPECT_THAT(refused.err, HasSubstr("cannot change while a run goes on")) << change;
        EXPECT_THAT(refused.err, HasSubstr("model.kwargs.init_from=")) << change;
    }
    EXPECT_EQ(ember::test::content_of(folder / "run/config.yaml"), before);
}

} // namespace

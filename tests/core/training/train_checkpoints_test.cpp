// Which steps become checkpoints, and what a run that goes on must find again.

#include <fstream>

#include <gtest/gtest.h>

#include "core/run/run_status.hpp"
#include "core/run/training_state.hpp"
#include "tests/core/data/hdf5_fixture.hpp"
#include "tests/core/training/train_case.hpp"

using namespace ember;
using namespace ember::test;
namespace fs = std::filesystem;

namespace {

std::int64_t step_of(const fs::path& run, const std::string& name) {
    return read_training_state(run / "checkpoints" / (name + ".ckpt")).global_step;
}

bool has(const fs::path& run, const std::string& name) {
    return fs::exists(run / "checkpoints" / (name + ".ckpt"));
}

/// The same cells with a split of their own in the scratch folder.
nlohmann::json with_split(nlohmann::json config, const fs::path& data, const fs::path& split,
                          const std::string& held_out) {
    std::ofstream(split) << "[datasets]\ntiny = \"" << data.string() << "\"\n[training]\ntiny = \"train\"\n"
                         << held_out;
    config["data"]["kwargs"]["toml_config_path"] = split.string();
    return config;
}

const fs::path tiny = fs::path(EMBER_TEST_DATA) / "state" / "tiny.h5ad";
const char* const held_out = "[fewshot.\"tiny.CT2\"]\nval = [\"pert_D\"]\n";

/// Resumes with other settings of training, as `train resume` writes them.
TrainRequest resumed(nlohmann::json config, const fs::path& run, const nlohmann::json& changes) {
    config["training"].update(changes);
    std::ofstream(run / "config.yaml") << config.dump();
    return train_request({}, run, true);
}

std::string message_of(const TrainRequest& request) {
    try {
        train(request);
        return "";
    } catch (const Error& error) {
        return error.class_name() + ": " + error.message();
    }
}

/// Two labels of cells change places.
void edit_labels(const fs::path& file) {
    fs::permissions(file, fs::perms::owner_all, fs::perm_options::add);
    const FileBuilder builder(file, H5F_ACC_RDWR);
    const hid_t codes = H5Dopen2(builder.id(), "obs/gene/codes", H5P_DEFAULT);
    std::vector<int> values(600);
    ASSERT_GE(H5Dread(codes, H5T_NATIVE_INT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), 0);
    const auto other =
        std::find_if(values.begin(), values.end(), [&](int code) { return code != values[0]; });
    ASSERT_NE(other, values.end());
    std::iter_swap(values.begin(), other);
    ASSERT_GE(H5Dwrite(codes, H5T_NATIVE_INT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), 0);
    H5Dclose(codes);
}

} // namespace

TEST(TrainCheckpoints, TheLastIsKeptUpWithoutHeldOutCells) {
    const Scratch scratch;
    const fs::path run = scratch / "run";
    nlohmann::json config = with_split(short_config(1000), tiny, scratch / "all.toml", "");
    config["training"]["lr"] = 0;
    std::int64_t seen = 0;
    struct AfterTwenty final : JobListener {
        AfterTwenty(const fs::path& run, std::int64_t& seen, std::stop_source& stop)
            : run(run), seen(seen), stop(stop) {}
        void on_progress(const Progress& progress) override {
            if (progress.phase == "Training" && progress.done >= 20 && seen == 0) {
                seen = step_of(run, "last");
                stop.request_stop();
            }
        }
        const fs::path& run;
        std::int64_t& seen;
        std::stop_source& stop;
    };
    std::stop_source stop;
    AfterTwenty listener(run, seen, stop);
    JobContext job(&listener, stop.get_token());
    engine().train(train_request(config, run), job);
    EXPECT_GE(seen, 10);
    EXPECT_EQ(seen % 10, 0);
}

TEST(TrainCheckpoints, WeightsThatAreNoNumbersNeverReplaceGoodOnes) {
    const Scratch scratch;
    nlohmann::json config = short_config(1);
    config["training"]["lr"] = 1e60; // beyond float32
    config["training"]["gradient_clip_val"] = 1;
    EXPECT_EQ(failure_of(train_request(config, scratch / "run")), "NotFinite");
    EXPECT_EQ(step_of(scratch / "run", "last"), 0);
    EXPECT_FALSE(has(scratch / "run", "final"));
    EXPECT_EQ(read_run_status(scratch / "run")->error_class, "NotFinite");
    config = with_split(config, tiny, scratch / "all.toml", "");
    EXPECT_EQ(failure_of(train_request(config, scratch / "no_validation")), "NotFinite");
    EXPECT_FALSE(has(scratch / "no_validation", "final"));
}

TEST(TrainCheckpoints, AValidationLossThatCeasesToBeANumberKeepsTheLastGood) {
    const Scratch scratch;
    const fs::path run = scratch / "run";
    const nlohmann::json config = short_config(10);
    train(train_request(config, run));
    fs::remove(run / "checkpoints" / "final.ckpt");
    const std::string good = trained_bytes(run / "checkpoints" / "last.ckpt");
    // Finite weights, but so large that products are not.
    EXPECT_EQ(failure_of(resumed(config, run, {{"max_steps", 11}, {"val_freq", 1}, {"lr", 1e30}})),
              "NotFinite");
    EXPECT_EQ(trained_bytes(run / "checkpoints" / "last.ckpt"), good);
    EXPECT_FALSE(has(run, "final"));
}

TEST(TrainCheckpoints, AStepUnderSuspicionIsNotSaved) {
    const Scratch scratch;
    const fs::path run = scratch / "run";
    const nlohmann::json config = short_config(30);
    train(train_request(config, run));
    // The update after step 30 ruins the weights; the loss of the next step is a jump, that of the one after
    // tells that it stays.
    EXPECT_EQ(failure_of(resumed(config, run,
                                 {{"max_steps", 60},
                                  {"val_freq", 1000},
                                  {"lr", 3},
                                  {"ckpt_every_n_steps", 1},
                                  {"roll_back", false}})),
              "NotFinite");
    EXPECT_EQ(read_run_status(run)->message.rfind("The loss jumped", 0), 0U) << read_run_status(run)->message;
    EXPECT_TRUE(has(run, "step=31"));
    EXPECT_FALSE(has(run, "step=32"));
    EXPECT_EQ(step_of(run, "last"), 31);
}

TEST(TrainCheckpoints, OtherLabelsOrSplitsAreRefused) {
    const Scratch scratch;
    const fs::path run = scratch / "run", data = scratch / "cells.h5ad", split = scratch / "split.toml";
    fs::copy_file(tiny, data);
    const nlohmann::json config = with_split(short_config(5), data, split, held_out);
    train(train_request(config, run));
    EXPECT_EQ(message_of(resumed(config, run, {{"max_steps", 6}})), "");
    EXPECT_EQ(step_of(run, "last"), 6);

    const std::string sets = message_of(resumed(config, run, {{"max_steps", 8}, {"batch_size", 3}}));
    EXPECT_EQ(sets.rfind("DataChanged: Sets", 0), 0U) << sets;

    with_split(config, data, split, "");
    const std::string other = message_of(resumed(config, run, {{"max_steps", 8}}));
    EXPECT_EQ(other.rfind("DataChanged: The cells", 0), 0U) << other;
    EXPECT_NE(other.find("split.toml"), std::string::npos);

    with_split(config, data, split, held_out);
    edit_labels(data);
    EXPECT_EQ(failure_of(resumed(config, run, {{"max_steps", 8}})), "DataChanged");
    EXPECT_EQ(step_of(run, "last"), 6);
}

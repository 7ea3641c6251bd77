// Whole runs: what they leave, how they end, what they refuse.

#include <cmath>
#include <fstream>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

#include "core/data/npy.hpp"
#include "core/run/run_directory.hpp"
#include "core/run/run_status.hpp"
#include "core/run/this_machine.hpp"
#include "tests/core/training/train_case.hpp"

using namespace ember;
using namespace ember::test;
namespace fs = std::filesystem;

TEST(TrainRun, ReachesTheLossOfArcStateAndLeavesACompleteRun) {
    const Scratch scratch;
    const fs::path run = scratch / "tiny";
    const TrainResult result = train(train_request(tiny_config(), run));
    EXPECT_EQ(result.state, RunState::finished);
    EXPECT_EQ(result.steps, 400);
    ASSERT_TRUE(result.val_loss);
    EXPECT_LT(*result.val_loss, 1.6636 * 1.1); // arc-state's at step 400

    const RunDirectory directory = open_run_directory(run);
    EXPECT_EQ(directory.perturbations.labels.size(), 6U);
    EXPECT_EQ(directory.var_dims.gene_names.size(), 80U);
    for (const char* const name : {"best", "last", "final"}) {
        EXPECT_TRUE(fs::exists(run / "checkpoints" / (std::string(name) + ".ckpt"))) << name;
    }
    EXPECT_EQ(read_npy(run / "monitor" / "predicted.npy").shape,
              read_npy(run / "monitor" / "observed.npy").shape);
    const auto status = read_run_status(run);
    ASSERT_TRUE(status);
    EXPECT_EQ(status->state, RunState::finished);
    EXPECT_EQ(status->step, 400);

    std::size_t train_rows = 0, val_rows = 0;
    for (const MetricsRow& row : metrics_of(run)) {
        train_rows += row.values.count("train_loss");
        val_rows += row.values.count("val_loss");
    }
    EXPECT_EQ(train_rows, 40U);
    EXPECT_EQ(val_rows, 8U);

    InferRequest request;
    request.adata = fs::path(EMBER_TEST_DATA) / "state" / "tiny.h5ad";
    request.model_dir = run;
    request.embed_key = "X_hvg";
    request.pert_col = "gene";
    request.output = scratch / "predicted.npy";
    JobContext job;
    engine().infer(request, job);
    EXPECT_EQ(read_npy(scratch / "predicted.npy").shape, (std::vector<std::uint64_t>{600, 80}));
}

TEST(TrainRun, StopsAndResumesBitwise) {
    const Scratch scratch;
    const auto config = short_config(400); // long enough for progress to be heard, which comes every 33 ms
    train(train_request(config, scratch / "whole"));
    std::stop_source stop;
    struct AtStep final : JobListener {
        explicit AtStep(std::stop_source& source) : source(source) {}
        void on_progress(const Progress& progress) override {
            if (progress.phase == "Training" && progress.done >= 13) {
                source.request_stop();
            }
        }
        std::stop_source& source;
    } listener(stop);
    JobContext job(&listener, stop.get_token());
    const TrainResult first = engine().train(train_request(config, scratch / "parts"), job);
    EXPECT_EQ(first.state, RunState::stopped);
    EXPECT_LT(first.steps, 400);
    EXPECT_EQ(read_run_status(scratch / "parts")->state, RunState::stopped);
    const TrainResult second = train(train_request({}, scratch / "parts", true));
    EXPECT_EQ(second.state, RunState::finished);
    EXPECT_EQ(trained_bytes(scratch / "whole" / "checkpoints" / "final.ckpt"),
              trained_bytes(scratch / "parts" / "checkpoints" / "final.ckpt"));
    const auto whole = metrics_of(scratch / "whole"), parts = metrics_of(scratch / "parts");
    ASSERT_EQ(whole.size(), parts.size());
    for (std::size_t i = 0; i < whole.size(); ++i) {
        EXPECT_EQ(whole[i].step, parts[i].step);
        for (const char* const name : {"train_loss", "val_loss", "train/gradient_norm"}) {
            const auto a = whole[i].values.find(name), b = parts[i].values.find(name);
            ASSERT_EQ(a == whole[i].values.end(), b == parts[i].values.end());
            EXPECT_TRUE(a == whole[i].values.end() || a->second == b->second)
                << name << " of step " << whole[i].step;
        }
    }
}

TEST(TrainRun, GoesOnFromACheckpointOfArcState) {
    const Scratch scratch;
    const fs::path run = scratch / "run_tiny";
    fs::copy(fs::path(EMBER_TEST_DATA) / "state" / "run_tiny", run, fs::copy_options::recursive);
    nlohmann::json config = tiny_config();
    config["training"]["max_steps"] = 450;
    std::ofstream(run / "config.yaml") << config.dump();
    fs::permissions(run, fs::perms::owner_all, fs::perm_options::add);
    const TrainResult result = train(train_request({}, run, true));
    EXPECT_EQ(result.steps, 450);
    ASSERT_TRUE(result.val_loss);
    EXPECT_LT(*result.val_loss, 1.9); // 1.66 before; a fresh optimizer or weights would be far above
}

TEST(TrainRun, PausesGoesOnAndStopsWhenAsked) {
    const Scratch scratch;
    const fs::path run = scratch / "run";
    TrainResult result;
    std::thread worker([&] { result = train(train_request(short_config(1000000), run)); });
    const auto wait_for = [&](RunState state) {
        for (int i = 0; i < 400; ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(25));
            try {
                if (const auto status = read_run_status(run); status && status->state == state) {
                    return true;
                }
            } catch (const Error&) { // not written yet
            }
        }
        return false;
    };
    EXPECT_TRUE(wait_for(RunState::running));
    ask_run(run, RunCommand::pause);
    EXPECT_TRUE(wait_for(RunState::paused));
    const std::int64_t step = read_run_status(run)->step;
    EXPECT_EQ(read_run_status(run)->checkpoint_step, step);
    ask_run(run, RunCommand::proceed);
    EXPECT_TRUE(wait_for(RunState::running));
    ask_run(run, RunCommand::stop);
    worker.join();
    EXPECT_EQ(result.state, RunState::stopped);
    EXPECT_GE(result.steps, step);
    EXPECT_EQ(read_run_status(run)->state, RunState::stopped);
}

TEST(TrainRun, AStopBetweenQueueAndStartCounts) {
    const Scratch scratch;
    const fs::path run = scratch / "run";
    fs::create_directories(run);
    RunStatus status;
    status.state = RunState::queued;
    status.pid = getpid();
    status.host = host_name();
    write_run_status(run, status);
    ask_run(run, RunCommand::stop);
    const nlohmann::json config = short_config(1000000);
    try {
        EXPECT_EQ(train(train_request(config, run)).state, RunState::stopped);
    } catch (const Cancelled&) { // before the first step
    }
    EXPECT_EQ(read_run_status(run)->state, RunState::stopped);
    fs::remove_all(run);
    fs::create_directories(run);
    ask_run(run, RunCommand::stop); // without a queue it is of an earlier run
    EXPECT_EQ(train(train_request(short_config(5), run)).state, RunState::finished);
}

TEST(TrainRun, KeepsWhatIsThere) {
    const Scratch scratch;
    nlohmann::json config = short_config(5);
    train(train_request(config, scratch / "run"));
    EXPECT_EQ(failure_of(train_request(config, scratch / "run")), "WouldOverwrite");
    config["overwrite"] = true;
    EXPECT_EQ(failure_of(train_request(config, scratch / "run")), "");
    for (const char* const name : {".git/HEAD", ".notes", "checkpoints/notes.txt", "version_0/notes.txt"}) {
        fs::create_directories((scratch / "run" / name).parent_path());
        std::ofstream(scratch / "run" / name) << "kept";
    }
    std::ofstream(scratch / "run" / "checkpoints" / "step=3.ckpt") << "of the earlier run";
    EXPECT_EQ(failure_of(train_request(config, scratch / "run")), "");
    for (const char* const name : {".git/HEAD", ".notes", "checkpoints/notes.txt", "version_0/notes.txt"}) {
        EXPECT_TRUE(fs::exists(scratch / "run" / name)) << name;
    }
    EXPECT_FALSE(fs::exists(scratch / "run" / "checkpoints" / "step=3.ckpt"));
    fs::create_directories(scratch / "mine");
    std::ofstream(scratch / "mine" / "thesis.txt") << "kept";
    EXPECT_EQ(failure_of(train_request(config, scratch / "mine")), "WouldOverwrite");
    EXPECT_TRUE(fs::exists(scratch / "mine" / "thesis.txt"));
    EXPECT_EQ(failure_of(train_request({}, scratch / "none", true)), "MissingMember");
    const RunLock held(scratch / "run");
    EXPECT_EQ(failure_of(train_request(config, scratch / "run")), "RunBusy");
}

TEST(TrainRun, EndsAfterEpochsOrWithoutGain) {
    const Scratch scratch;
    nlohmann::json config = short_config(100000);
    config["training"]["max_epochs"] = 2;
    config["training"]["gradient_accumulation_steps"] = 4;
    const TrainResult epochs = train(train_request(config, scratch / "epochs"));
    EXPECT_EQ(epochs.epochs, 2);
    EXPECT_NE(epochs.reason.find("2 epochs"), std::string::npos);
    config = short_config(100000);
    config["training"]["early_stop_patience"] = 2;
    config["training"]["early_stop_min_delta"] = 1000;
    const TrainResult patience = train(train_request(config, scratch / "patience"));
    EXPECT_EQ(patience.steps, 30); // the first validation sets the mark, two more do not undercut it
    EXPECT_EQ(patience.state, RunState::finished);
}

TEST(TrainRun, GivesUpADivergingRunWithItsLastGoodCheckpointWhole) {
    const Scratch scratch;
    nlohmann::json config = short_config(400);
    config["training"]["lr"] = 1e18;
    EXPECT_EQ(failure_of(train_request(config, scratch / "run")), "NotFinite");
    const auto status = read_run_status(scratch / "run");
    EXPECT_EQ(status->state, RunState::failed);
    EXPECT_EQ(status->error_class, "NotFinite");
    EXPECT_EQ(status->rollbacks, 3);
    EXPECT_FALSE(status->error_remedy.empty());
    for (const char letter : trained_bytes(scratch / "run" / "checkpoints" / "last.ckpt").substr(0, 1)) {
        static_cast<void>(letter); // it can be read
    }
    config["training"]["roll_back"] = false;
    EXPECT_EQ(failure_of(train_request(config, scratch / "at_once")), "NotFinite");
    EXPECT_EQ(read_run_status(scratch / "at_once")->rollbacks, 0);
}

TEST(TrainRun, LearnsANewPerturbationOnTopOfAPretrainedModel) {
    const Scratch scratch;
    nlohmann::json config = tiny_config();
    config["training"]["max_steps"] = 20;
    config["model"]["kwargs"]["init_from"] =
        (fs::path(EMBER_TEST_DATA) / "state" / "run_tiny" / "checkpoints" / "final.ckpt").string();
    config["model"]["kwargs"]["lora"]["enable"] = true;
    config["model"]["kwargs"]["lora"]["r"] = 4;
    const TrainResult result = train(train_request(config, scratch / "run"));
    EXPECT_LT(*result.val_loss, 2.2); // the backbone came along
    EXPECT_TRUE(fs::exists(scratch / "run" / "init_report.json"));
}

// A run that is killed again and again ends with the same weights as one that never was; a full disk takes
// nothing.

#include <csignal>
#include <fstream>
#include <random>
#include <thread>

#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>

#include "core/run/run_status.hpp"
#include "tests/core/training/train_case.hpp"

using namespace ember;
using namespace ember::test;
namespace fs = std::filesystem;

namespace {

pid_t start(std::vector<std::string> arguments) {
    std::vector<char*> pointers;
    arguments.insert(arguments.begin(), EMBER_TRAIN_CHILD);
    for (std::string& argument : arguments) {
        pointers.push_back(argument.data());
    }
    pointers.push_back(nullptr);
    pid_t child = -1;
    EXPECT_EQ(posix_spawn(&child, EMBER_TRAIN_CHILD, nullptr, nullptr, pointers.data(), environ), 0);
    return child;
}

int end_of(pid_t child) {
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/// The first step since this process began to train.
void wait_until_it_trains(const fs::path& run, pid_t child) {
    for (int i = 0; i < 2000; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        try {
            const auto status = read_run_status(run);
            if (status && status->pid == child && status->state == RunState::running) {
                return;
            }
        } catch (const Error&) { // not written yet
        }
        if (waitpid(child, nullptr, WNOHANG) != 0) {
            FAIL() << "the run ended before it trained";
        }
    }
}

} // namespace

TEST(TrainKill, TwentyKillsChangeNoBit) {
    const Scratch scratch;
    nlohmann::json config = short_config(1500);
    config["training"]["ckpt_every_n_steps"] = 25;
    std::ofstream(scratch / "config.json") << config.dump();
    const std::string file = scratch / "config.json";
    const auto began = std::chrono::steady_clock::now();
    ASSERT_EQ(end_of(start({file, scratch / "whole"})), 0);
    const auto lasted =
        std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - began);
    const fs::path run = scratch / "killed";
    std::mt19937 random(7);
    std::uniform_int_distribution<long> microseconds(0, static_cast<long>(lasted.count() / 30));
    std::int64_t kills = 0;
    for (bool resume = false; kills < 20; resume = true) {
        const pid_t child = start(resume ? std::vector<std::string>{file, run, "resume"}
                                         : std::vector<std::string>{file, run});
        wait_until_it_trains(run, child);
        std::this_thread::sleep_for(std::chrono::microseconds(microseconds(random)));
        kill(child, SIGKILL);
        ASSERT_EQ(end_of(child), -SIGKILL) << "the run ended before it was killed; make it longer";
        ++kills;
    }
    ASSERT_EQ(end_of(start({file, run, "resume"})), 0);
    EXPECT_EQ(trained_bytes(scratch / "whole" / "checkpoints" / "final.ckpt"),
              trained_bytes(run / "checkpoints" / "final.ckpt"));
    EXPECT_EQ(trained_bytes(scratch / "whole" / "checkpoints" / "best.ckpt"),
              trained_bytes(run / "checkpoints" / "best.ckpt"));
    std::int64_t last = -1;
    std::size_t rows = 0;
    for (const MetricsRow& row : metrics_of(run)) {
        if (row.values.count("train_loss") > 0) {
            EXPECT_EQ(row.step, last + 1);
            last = row.step;
            ++rows;
        }
    }
    EXPECT_EQ(rows, 1500U);
}

TEST(TrainKill, AFullDiskTakesNothing) {
    const Scratch scratch;
    nlohmann::json config = short_config(30);
    std::ofstream(scratch / "config.json") << config.dump();
    const fs::path run = scratch / "run";
    ASSERT_EQ(end_of(start({scratch / "config.json", run})), 0);
    const std::string before = trained_bytes(run / "checkpoints" / "last.ckpt");
    config["training"]["max_steps"] = 60;
    std::ofstream(run / "config.yaml") << config.dump();
    const auto bytes = fs::file_size(run / "checkpoints" / "last.ckpt");
    EXPECT_EQ(end_of(start({"-", run, "resume", std::to_string(bytes / 2)})), 4);
    EXPECT_EQ(trained_bytes(run / "checkpoints" / "last.ckpt"), before);
    for (const auto& entry : fs::directory_iterator(run / "checkpoints")) {
        EXPECT_EQ(entry.path().extension(), ".ckpt") << entry.path();
    }
    const auto status = read_run_status(run);
    EXPECT_EQ(status->state, RunState::failed);
    EXPECT_EQ(status->error_class, "NoSpace");
    EXPECT_FALSE(status->error_remedy.empty());
    EXPECT_EQ(end_of(start({"-", run, "resume"})), 0);
}

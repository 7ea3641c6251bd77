#include "core/run/run_status.hpp"

#include <chrono>
#include <limits>
#include <sys/stat.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "archive_writer.hpp"
#include "child_process.hpp"
#include "core/run/this_machine.hpp"
#include "scratch_folder.hpp"

namespace ember {
namespace {

using test::ChildProcess;
using test::ScratchFolder;
using testing::ElementsAre;
using testing::HasSubstr;

RunStatus full_status() {
    RunStatus status;
    status.state = RunState::finished;
    status.name = "wound µ";
    status.pid = ::getpid();
    status.host = host_name();
    status.started = "2026-03-01T10:00:00Z";
    status.updated = utc_text();
    status.step = 120;
    status.max_steps = 400;
    status.epoch = 3;
    status.checkpoint_step = 100;
    status.train_loss = 1.25;
    status.best_val_loss = 1.5;
    status.best_step = 50;
    status.steps_per_second = 2.5;
    status.cells_per_second = 640;
    status.seconds_left = 112;
    status.waiting_share = 0.01;
    status.memory_bytes = 5'000'000'000;
    status.rollbacks = 1;
    status.message = "All 400 steps are done";
    status.error_class = "NoSpace";
    status.error_place = "last.ckpt";
    status.error_remedy = "Free some space";
    status.warnings = {"one", "two"};
    return status;
}

TEST(RunStatus, ComesBackAsItWasWritten) {
    const ScratchFolder run;
    const RunStatus written = full_status();
    write_run_status(run.path(), written);
    const RunStatus read = read_run_status(run.path()).value();
    EXPECT_EQ(read.state, written.state);
    EXPECT_EQ(read.name, written.name);
    EXPECT_EQ(read.pid, written.pid);
    EXPECT_EQ(read.host, written.host);
    EXPECT_EQ(read.started, written.started);
    EXPECT_EQ(read.updated, written.updated);
    EXPECT_EQ(read.step, 120);
    EXPECT_EQ(read.max_steps, 400);
    EXPECT_EQ(read.epoch, 3);
    EXPECT_EQ(read.checkpoint_step, 100);
    EXPECT_EQ(read.train_loss, 1.25);
    EXPECT_EQ(read.val_loss, std::nullopt);
    EXPECT_EQ(read.best_val_loss, 1.5);
    EXPECT_EQ(read.best_step, 50);
    EXPECT_EQ(read.steps_per_second, 2.5);
    EXPECT_EQ(read.cells_per_second, 640);
    EXPECT_EQ(read.seconds_left, 112);
    EXPECT_EQ(read.waiting_share, 0.01);
    EXPECT_EQ(read.memory_bytes, 5'000'000'000U);
    EXPECT_EQ(read.rollbacks, 1);
    EXPECT_EQ(read.message, written.message);
    EXPECT_EQ(read.error_class, "NoSpace");
    EXPECT_EQ(read.error_place, "last.ckpt");
    EXPECT_EQ(read.error_remedy, "Free some space");
    EXPECT_THAT(read.warnings, ElementsAre("one", "two"));
    EXPECT_EQ(test::files_in(run.path()), 1U);
}

TEST(RunStatus, AbsentInARunOfArcState) {
    const ScratchFolder run;
    EXPECT_FALSE(read_run_status(run.path()));
    EXPECT_FALSE(read_run_status(run / "nowhere"));
}

TEST(RunStatus, NotFiniteLossesAndStrangeTextsAreWritten) {
    const ScratchFolder run;
    RunStatus status = full_status();
    status.train_loss = std::numeric_limits<double>::quiet_NaN();
    status.message = "bad \xff text";
    write_run_status(run.path(), status);
    const RunStatus read = read_run_status(run.path()).value();
    EXPECT_EQ(read.train_loss, std::nullopt);
    EXPECT_THAT(read.message, HasSubstr("bad "));
}

TEST(RunStatus, UnknownFieldsAndWrongTypesArePassedOver) {
    const ScratchFolder run;
    test::write_text(run / "status.json", R"({"version": 1, "state": "stopped", "moon": [1], "step": "x",
        "warnings": [3, "w"], "seconds_left": null, "name": "n"})");
    const RunStatus status = read_run_status(run.path()).value();
    EXPECT_EQ(status.state, RunState::stopped);
    EXPECT_EQ(status.step, 0);
    EXPECT_EQ(status.seconds_left, -1);
    EXPECT_EQ(status.name, "n");
    EXPECT_THAT(status.warnings, ElementsAre("w"));
}

TEST(RunStatus, DamagedFilesAreErrorsOfTheirOwn) {
    const ScratchFolder run;
    for (const char* text : {"", "{", "[]", "{}", R"({"version": "1"})", R"({"version": 1})",
                             R"({"version": 1, "state": "dancing"})", "\xff\xfe"}) {
        test::write_text(run / "status.json", text);
        EXPECT_EQ(test::class_of([&] { read_run_status(run.path()); }), "BadStatus") << text;
    }
    test::write_text(run / "status.json", R"({"version": 2, "state": "stopped"})");
    EXPECT_EQ(test::class_of([&] { read_run_status(run.path()); }), "NewerVersion");
}

/// A run that says "running" under a lock until it is ended.
void pose_as_running(const std::filesystem::path& run, const ChildProcess::Ready& ready) {
    const RunLock lock(run);
    RunStatus status;
    status.state = RunState::running;
    status.pid = ::getpid();
    status.host = host_name();
    status.updated = utc_text();
    write_run_status(run, status);
    ready();
    ::pause();
}

TEST(RunStatus, TellsWhenTheProcessIsGone) {
    const ScratchFolder run;
    ChildProcess child([&](const auto& ready) { pose_as_running(run.path(), ready); });
    ASSERT_TRUE(child.became_ready());
    EXPECT_TRUE(is_run_locked(run.path()));
    EXPECT_EQ(read_run_status(run.path())->state, RunState::running);
    EXPECT_EQ(child.end(SIGKILL), -SIGKILL);
    EXPECT_FALSE(is_run_locked(run.path()));
    const RunStatus status = read_run_status(run.path()).value();
    EXPECT_EQ(status.state, RunState::failed);
    EXPECT_EQ(status.error_class, "Interrupted");
    EXPECT_THAT(status.error_remedy, HasSubstr("Resume"));
}

TEST(RunStatus, AnotherProcessWithTheSameNumberIsNotTheRun) {
    const ScratchFolder run;
    RunStatus status = full_status();
    status.state = RunState::running; // this very process lives, but holds no lock
    write_run_status(run.path(), status);
    EXPECT_EQ(read_run_status(run.path())->error_class, "Interrupted");
    status.state = RunState::queued; // which needs none
    write_run_status(run.path(), status);
    EXPECT_EQ(read_run_status(run.path())->state, RunState::queued);
}

TEST(RunStatus, AnotherHostsSilenceIsWaitedFor) {
    const ScratchFolder run;
    RunStatus status = full_status();
    status.state = RunState::running;
    status.host = "elsewhere";
    write_run_status(run.path(), status);
    EXPECT_EQ(read_run_status(run.path())->state, RunState::running);
    status.updated = utc_text(std::chrono::system_clock::now() - std::chrono::hours(1));
    write_run_status(run.path(), status);
    EXPECT_EQ(read_run_status(run.path())->error_class, "Interrupted");
    const RunLock lock(run.path());
    EXPECT_EQ(read_run_status(run.path())->state, RunState::running);
}

TEST(RunLock, IsHeldByOneProcessAndNamesIt) {
    const ScratchFolder run;
    ChildProcess child([&](const auto& ready) { pose_as_running(run.path(), ready); });
    ASSERT_TRUE(child.became_ready());
    try {
        const RunLock lock(run.path());
        FAIL() << "two processes train in one directory";
    } catch (const Error& error) {
        EXPECT_EQ(error.class_name(), "RunBusy");
        EXPECT_THAT(error.message(), HasSubstr("process " + std::to_string(child.pid())));
    }
    child.end(SIGKILL);
    const RunLock lock(run.path());
    EXPECT_EQ(test::class_of([&] { const RunLock second(run.path()); }), "RunBusy");
}

TEST(RunLock, LookingAtItNeverHindersARun) {
    const ScratchFolder run;
    ChildProcess watcher([&](const auto& ready) {
        ready();
        for (;;) {
            is_run_locked(run.path());
        }
    });
    ASSERT_TRUE(watcher.became_ready());
    for (int i = 0; i < 2000; ++i) {
        EXPECT_NO_THROW(const RunLock lock(run.path()));
    }
}

TEST(RunControl, HearsTheLastWish) {
    const ScratchFolder run;
    RunControl control(run.path());
    EXPECT_EQ(control.read(), RunCommand::none);
    ask_run(run.path(), RunCommand::pause);
    EXPECT_EQ(control.read(), RunCommand::pause);
    EXPECT_EQ(control.read(), RunCommand::pause);
    ask_run(run.path(), RunCommand::proceed);
    EXPECT_EQ(control.read(), RunCommand::proceed);
    ask_run(run.path(), RunCommand::stop);
    ask_run(run.path(), RunCommand::pause);
    EXPECT_EQ(control.read(), RunCommand::pause);
    const auto file = nlohmann::json::parse(test::text_of(run / "control"));
    EXPECT_EQ(file["sequence"], 3);
    EXPECT_EQ(file["command"], "pause");
}

TEST(RunControl, ForgetsOldWishesWhenItStarts) {
    const ScratchFolder run;
    ask_run(run.path(), RunCommand::stop);
    RunControl control(run.path());
    control.clear();
    EXPECT_EQ(control.read(), RunCommand::none);
    ask_run(run.path(), RunCommand::stop);
    EXPECT_EQ(control.read(), RunCommand::stop);
    std::filesystem::remove(run / "control");
    EXPECT_EQ(control.read(), RunCommand::none);
    ask_run(run.path(), RunCommand::pause); // the first of a new file
    EXPECT_EQ(control.read(), RunCommand::pause);
}

TEST(RunControl, ADamagedFileAsksForNothing) {
    const ScratchFolder run;
    RunControl control(run.path());
    for (const char* text :
         {"", "{", "[1]", R"({"command": "stop"})", R"({"sequence": "a", "command": "stop"})",
          R"({"sequence": 4, "command": "fly"})"}) {
        test::write_text(run / "control", text);
        EXPECT_EQ(control.read(), RunCommand::none) << text;
    }
    ask_run(run.path(), RunCommand::stop);
    EXPECT_EQ(control.read(), RunCommand::stop);
}

TEST(RunControl, WishesOfAnotherProcessAreHeard) {
    const ScratchFolder run;
    RunControl control(run.path());
    ChildProcess child([&](const auto& ready) {
        for (int i = 0; i < 200; ++i) {
            ask_run(run.path(), i % 2 == 0 ? RunCommand::pause : RunCommand::proceed);
        }
        ask_run(run.path(), RunCommand::stop);
        ready();
    });
    EXPECT_TRUE(child.became_ready());
    EXPECT_EQ(child.end(0), 0);
    EXPECT_EQ(control.read(), RunCommand::stop);
}

TEST(UtcText, ReadsWhatItWrites) {
    const auto time = std::chrono::system_clock::time_point(std::chrono::seconds(1'772'362'800));
    EXPECT_EQ(utc_text(time), "2026-03-01T11:00:00Z");
    EXPECT_EQ(time_of_utc("2026-03-01T11:00:00Z"), time);
    EXPECT_EQ(time_of_utc("yesterday"), std::nullopt);
    EXPECT_EQ(time_of_utc("2026-03-01T11:00:00Zx"), std::nullopt);
}

} // namespace
} // namespace ember

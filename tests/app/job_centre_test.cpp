// Jobs from queue to end: order, progress, log, failure, cancel.

#include <atomic>
#include <chrono>
#include <filesystem>
#include <thread>

#include <gtest/gtest.h>

#include "app/window/job_centre.hpp"
#include "app/window/job_panel.hpp"
#include "window_fixture.hpp"

namespace ember {
namespace {

using test::waitFor;

void waitForStop(JobContext& context) {
    for (;;) {
        context.check_cancelled();
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

TEST(JobCentre, AJobRunsElsewhereAndReports) {
    JobCentre centre;
    std::thread::id worker;
    auto* job = new Job("count", [&worker](JobContext& context) {
        worker = std::this_thread::get_id();
        context.begin("Counting", 10, "sheep");
        context.info("first sheep");
        context.warn("a black one");
        context.advance_to(10);
    });
    centre.start(job);
    EXPECT_EQ(job->state(), JobState::running);
    ASSERT_TRUE(waitFor([&] { return centre.isIdle(); }));
    EXPECT_EQ(job->state(), JobState::done);
    EXPECT_NE(worker, std::this_thread::get_id());
    EXPECT_EQ(job->progress().done, 10u);
    ASSERT_EQ(job->log().size(), 2u);
    EXPECT_EQ(job->log()[1].level, LogLevel::warning);
}

TEST(JobCentre, HeavyJobsRunOneAfterTheOther) {
    JobCentre centre;
    std::atomic<int> running = 0, most = 0;
    const auto work = [&](JobContext&) {
        most = std::max(most.load(), ++running);
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        --running;
    };
    auto* first = new Job("first", work, JobWeight::heavy);
    auto* second = new Job("second", work, JobWeight::heavy);
    centre.start(first);
    centre.start(second);
    EXPECT_EQ(second->state(), JobState::queued);
    ASSERT_TRUE(waitFor([&] { return centre.isIdle(); }));
    EXPECT_EQ(most, 1);
    EXPECT_EQ(second->state(), JobState::done);
}

TEST(JobCentre, FailureKeepsClassPlaceAndRemedy) {
    JobCentre centre;
    auto* job = new Job("fail", [](JobContext&) {
        throw Error("BadSparse", "The indices are out of order", {"a.h5ad", "X/indices", 3}, "Write it anew");
    });
    centre.start(job);
    ASSERT_TRUE(waitFor([&] { return centre.isIdle(); }));
    ASSERT_EQ(job->state(), JobState::failed);
    EXPECT_EQ(job->error()->className, "BadSparse");
    EXPECT_TRUE(job->error()->place.contains("X/indices"));
    EXPECT_EQ(job->error()->remedy, "Write it anew");
}

TEST(JobCentre, ForeignExceptionsBecomeErrors) {
    JobCentre centre;
    auto* memory = new Job("memory", [](JobContext&) { throw std::bad_alloc(); });
    auto* other = new Job("other", [](JobContext&) { throw std::runtime_error("odd"); });
    auto* disk =
        new Job("disk", [](JobContext&) { static_cast<void>(std::filesystem::file_size("/no/such/file")); });
    centre.start(memory);
    centre.start(other);
    centre.start(disk);
    ASSERT_TRUE(waitFor([&] { return centre.isIdle(); }));
    EXPECT_EQ(memory->error()->className, "NoMemory");
    EXPECT_EQ(other->error()->message, "odd");
    EXPECT_EQ(disk->error()->className, "CannotRead");
    EXPECT_EQ(disk->error()->file, "/no/such/file");
}

TEST(JobCentre, CancelStopsARunningJob) {
    JobCentre centre;
    auto* job = new Job("wait", waitForStop);
    centre.start(job);
    bool acknowledged = false;
    QObject::connect(job, &Job::cancelling, [&] { acknowledged = true; });
    job->cancel();
    EXPECT_TRUE(acknowledged);
    ASSERT_TRUE(waitFor([&] { return job->isFinished(); }));
    EXPECT_EQ(job->state(), JobState::cancelled);
    EXPECT_FALSE(job->error());
}

TEST(JobCentre, CancelTakesAQueuedJobOutOfTheLine) {
    JobCentre centre;
    std::atomic<bool> ran = false;
    auto* first = new Job("first", waitForStop, JobWeight::heavy);
    auto* second = new Job(
        "second", [&](JobContext&) { ran = true; }, JobWeight::heavy);
    auto* third = new Job(
        "third", [](JobContext&) {}, JobWeight::heavy);
    for (Job* job : {first, second, third}) {
        centre.start(job);
    }
    second->cancel();
    EXPECT_EQ(second->state(), JobState::cancelled);
    first->cancel();
    ASSERT_TRUE(waitFor([&] { return centre.isIdle(); }));
    EXPECT_FALSE(ran);
    EXPECT_EQ(third->state(), JobState::done);
}

TEST(JobCentre, EndsWithItsJobs) {
    std::atomic<bool> ended = false;
    {
        JobCentre centre;
        centre.start(new Job("wait", [&](JobContext& context) {
            try {
                waitForStop(context);
            } catch (const Cancelled&) {
                ended = true;
                throw;
            }
        }));
    }
    EXPECT_TRUE(ended);
}

TEST(JobCentre, ClearingKeepsWhatRuns) {
    JobCentre centre;
    auto* quick = new Job("quick", [](JobContext&) {});
    centre.start(quick);
    ASSERT_TRUE(waitFor([&] { return centre.isIdle(); }));
    auto* slow = new Job("slow", waitForStop);
    centre.start(slow);
    centre.clearEnded();
    EXPECT_EQ(centre.jobs(), std::vector<Job*>{slow});
}

TEST(JobCentre, ResultsReachTheGuiThreadUnlessTheAskerIsGone) {
    test::LoneWorkspace workspace;
    int received = 0;
    auto asker = std::make_unique<QObject>();
    runJob(
        workspace, "answer", [](JobContext&) { return 42; }, asker.get(),
        [&](int answer) { received = answer; });
    ASSERT_TRUE(waitFor([&] { return workspace.jobs.isIdle(); }));
    EXPECT_EQ(received, 42);
    runJob(
        workspace, "late", [](JobContext&) { return 7; }, asker.get(),
        [&](int answer) { received = answer; });
    asker.reset();
    ASSERT_TRUE(waitFor([&] { return workspace.jobs.isIdle(); }));
    EXPECT_EQ(received, 42);
}

TEST(JobRow, SaysWhatIsBeingDone) {
    JobCentre centre;
    auto* job = new Job("Predict", [](JobContext& context) {
        context.begin("Predicting", 4000, "cells");
        context.advance_to(1000);
    });
    centre.start(job);
    ASSERT_TRUE(waitFor([&] { return centre.isIdle(); }));
    const JobRow row = jobRow(3, *job);
    EXPECT_EQ(row.id, 3);
    EXPECT_EQ(row.state, JobRowState::done);
    EXPECT_TRUE(row.phase.startsWith("Predicting: ")) << row.phase.toStdString();
    EXPECT_TRUE(row.phase.contains("of 4,000 cells")) << row.phase.toStdString();
}

} // namespace
} // namespace ember

#include "core/run/run_queue.hpp"

#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <memory>
#include <random>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "archive_writer.hpp"
#include "child_process.hpp"
#include "core/run/file_descriptor.hpp"
#include "scratch_folder.hpp"

namespace ember {
namespace {

using test::ChildProcess;
using test::ScratchFolder;
using testing::ElementsAre;
using testing::IsEmpty;

class RunQueueTest : public testing::Test {
protected:
    void SetUp() override { ::setenv("XDG_STATE_HOME", folder.path().c_str(), 1); }
    void TearDown() override { ::unsetenv("XDG_STATE_HOME"); }

    static std::vector<std::string> names() {
        std::vector<std::string> found;
        for (const QueuedRun& run : queued_runs()) {
            found.push_back(run.run_directory.filename());
        }
        return found;
    }

    ScratchFolder folder;
};

TEST_F(RunQueueTest, FirstComeFirstServed) {
    JobContext job;
    EXPECT_THAT(queued_runs(), IsEmpty());
    auto a = std::make_unique<QueueTicket>("/runs/a");
    auto b = std::make_unique<QueueTicket>("/runs/b");
    const QueueTicket c("/runs/c");
    EXPECT_THAT(names(), ElementsAre("a", "b", "c"));
    EXPECT_EQ(queued_runs()[0].pid, ::getpid());
    EXPECT_EQ(c.ahead(), 2U);
    a->wait(job); // returns at once
    b.reset();
    EXPECT_EQ(c.ahead(), 1U);
    a.reset();
    EXPECT_EQ(c.ahead(), 0U);
    EXPECT_THAT(names(), ElementsAre("c"));
}

TEST_F(RunQueueTest, WaitingCanBeCancelled) {
    const QueueTicket first("/runs/a");
    QueueTicket second("/runs/b");
    std::stop_source stop;
    JobContext job(nullptr, stop.get_token());
    const std::jthread later([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(60));
        stop.request_stop();
    });
    EXPECT_EQ(test::class_of([&] { second.wait(job); }), "Cancelled");
}

TEST_F(RunQueueTest, AWishToStopEndsTheWaiting) {
    const auto run = folder / "run";
    std::filesystem::create_directories(run);
    ask_run(run, RunCommand::stop); // of an earlier run: does not count
    QueueTicket second(run);
    JobContext job;
    EXPECT_NO_THROW(second.wait(job));
    const QueueTicket other("/runs/a");
    QueueTicket third(run);
    const std::jthread later([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(60));
        ask_run(run, RunCommand::stop);
    });
    EXPECT_EQ(test::class_of([&] { third.wait(job); }), "Cancelled");
}

TEST_F(RunQueueTest, ARunThatTrainsOrWaitsIsNotFree) {
    const auto run = folder / "run";
    std::filesystem::create_directories(run);
    check_run_is_free(run);
    ChildProcess child([&](const auto& ready) {
        const QueueTicket ticket(run);
        ready();
        ::pause();
    });
    ASSERT_TRUE(child.became_ready());
    EXPECT_EQ(test::class_of([&] { check_run_is_free(folder / "other/../run"); }), "RunBusy");
    child.end(SIGKILL);
    check_run_is_free(run);
    const RunLock held(run);
    EXPECT_EQ(test::class_of([&] { check_run_is_free(run); }), "RunBusy");
}

TEST_F(RunQueueTest, DeadProcessesLeave) {
    ChildProcess child([](const auto& ready) {
        const QueueTicket ticket("/runs/dead");
        ready();
        ::pause();
    });
    ASSERT_TRUE(child.became_ready());
    QueueTicket mine("/runs/mine");
    EXPECT_THAT(names(), ElementsAre("dead", "mine"));
    EXPECT_EQ(queued_runs()[0].pid, child.pid());
    EXPECT_EQ(mine.ahead(), 1U);
    child.end(SIGKILL);
    JobContext job;
    mine.wait(job);
    EXPECT_THAT(names(), ElementsAre("mine"));
    const QueueTicket next("/runs/next"); // throws the dead one's file away
    EXPECT_EQ(test::files_in(folder / "emberview/queue"), 3U);
}

TEST_F(RunQueueTest, StrangeFilesAreNoTickets) {
    const QueueTicket mine("/runs/mine");
    for (const char* name :
         {"000000000000.ticket", "abc.ticket", "-5.ticket", "7.txt", "99999999999999999999.ticket"}) {
        test::write_text(folder / "emberview/queue" / name, "{\"pid\": 3}");
    }
    EXPECT_THAT(names(), ElementsAre("mine"));
    EXPECT_EQ(mine.ahead(), 0U);
}

/// Processes that take tickets, some of which die while they wait or run. Never do two run at once, and those
/// that live run in the order in which they came.
TEST_F(RunQueueTest, ManyProcessesRunOneAfterTheOther) {
    const auto log = folder / "log";
    const auto note = [&](const std::string& line) {
        const auto file = FileDescriptor::open_to_write(log, O_WRONLY | O_CREAT | O_APPEND);
        write_all(file.get(), line, log);
    };
    constexpr int processes = 8;
    std::vector<std::unique_ptr<ChildProcess>> children;
    for (int i = 0; i < processes; ++i) {
        children.push_back(std::make_unique<ChildProcess>([&, i](const auto& ready) {
            QueueTicket ticket("/runs/" + std::to_string(i));
            ready();
            JobContext job;
            ticket.wait(job);
            note("+" + std::to_string(i));
            if (i == 4) {
                note("-" + std::to_string(i));
                ::raise(SIGKILL); // dies while it runs
            }
            while (!std::filesystem::exists(folder / "go on")) {
                std::this_thread::sleep_for(std::chrono::milliseconds(5));
            }
            note("-" + std::to_string(i));
        }));
        ASSERT_TRUE(children.back()->became_ready());
    }
    children[2]->end(SIGKILL); // while it waits
    children[5]->end(SIGKILL);
    test::write_text(folder / "go on", "");
    for (int i = 0; i < processes; ++i) {
        EXPECT_EQ(children[static_cast<std::size_t>(i)]->end(0), i == 2 || i == 4 || i == 5 ? -SIGKILL : 0)
            << i;
    }
    EXPECT_EQ(test::text_of(log), "+0-0+1-1+3-3+4-4+6-6+7-7");
    EXPECT_THAT(names(), IsEmpty());
}

TEST_F(RunQueueTest, TicketsTakenAtOnceAreAllDifferent) {
    std::vector<std::unique_ptr<ChildProcess>> children;
    for (int i = 0; i < 6; ++i) {
        children.push_back(std::make_unique<ChildProcess>([](const auto& ready) {
            ready();
            for (int k = 0; k < 50; ++k) {
                const QueueTicket ticket("/runs/x");
                const QueueTicket second("/runs/y");
                if (second.ahead() < 1) {
                    ::_exit(9);
                }
            }
        }));
    }
    for (auto& child : children) {
        EXPECT_EQ(child->end(0), 0);
    }
    EXPECT_THAT(names(), IsEmpty());
}

} // namespace
} // namespace ember

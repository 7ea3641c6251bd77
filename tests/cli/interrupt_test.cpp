// Ctrl+C and termination: the job stops, nothing half-written stays.

#include <chrono>
#include <csignal>
#include <thread>

#include "program.hpp"

namespace {

using ember::test::CliTest;
using ember::test::entries_of;
using ember::test::Outcome;

class LongJob : public CliTest {
protected:
    /// A prediction that takes many seconds: every drug on copies of every control.
    std::vector<std::string> long_job() const {
        return {"infer",
                "--adata",
                EMBER_DEMO_FILES "/wound_demo.h5ad",
                "--model-dir",
                EMBER_DEMO_FILES "/st_drug",
                "--pert-col",
                "condition",
                "--control-pert",
                "Sham",
                "--celltype-col",
                "cell_type",
                "--batch-col",
                "batch",
                "--all-perts",
                "--threads",
                "1",
                "--max-set-len",
                "2",
                "--output",
                path("predicted.h5ad"),
                "--json"};
    }

    /// Waits until the program writes: its temporary file is there.
    bool is_writing() const {
        using namespace std::chrono_literals;
        for (int i = 0; i < 6000 && entries_of(folder).empty(); ++i) {
            std::this_thread::sleep_for(5ms);
        }
        return !entries_of(folder).empty();
    }
};

class Interrupt : public LongJob, public testing::WithParamInterface<int> {};

TEST_P(Interrupt, StopsTheJobAndLeavesNothing) {
    const pid_t process = start(long_job());
    ASSERT_GT(process, 0);
    EXPECT_TRUE(is_writing());
    kill(process, GetParam());
    const Outcome outcome = end_of(process);
    EXPECT_EQ(outcome.status, 130) << outcome.out << outcome.err;
    EXPECT_EQ(outcome.error_class(), "Cancelled");
    EXPECT_TRUE(entries_of(folder).empty()) << entries_of(folder).front();
}

TEST_F(LongJob, ASecondSignalLeavesAtOnceAndLeavesNothing) {
    const pid_t process = start(long_job());
    ASSERT_GT(process, 0);
    EXPECT_TRUE(is_writing());
    // Two kinds, because two of one kind may arrive as one.
    kill(process, SIGINT);
    kill(process, SIGTERM);
    const Outcome outcome = end_of(process);
    EXPECT_EQ(outcome.status, 130) << outcome.out << outcome.err;
    EXPECT_TRUE(entries_of(folder).empty()) << entries_of(folder).front();
}

INSTANTIATE_TEST_SUITE_P(Signals, Interrupt, testing::Values(SIGINT, SIGTERM),
                         [](const auto& info) { return info.param == SIGINT ? "Int" : "Term"; });

} // namespace

#include "core/run/prune.hpp"

#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "archive_writer.hpp"
#include "core/run/run_status.hpp"
#include "core/run/this_machine.hpp"
#include "core/run/training_state.hpp"
#include "scratch_folder.hpp"

namespace ember {
namespace {

namespace fs = std::filesystem;
using test::ScratchFolder;
using test::write_text;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

/// A run that ended, with checkpoints of so many bytes.
class PruneTest : public testing::Test {
protected:
    void SetUp() override {
        run = folder / "run";
        write_text(run / "config.yaml", "a: 1\n");
        for (const auto& [name, bytes] : std::vector<std::pair<std::string, int>>{{"best", 10},
                                                                                  {"last", 20},
                                                                                  {"final", 30},
                                                                                  {"step=1000", 40},
                                                                                  {"step=2000", 50},
                                                                                  {"step=500", 60}}) {
            write_text(checkpoint(name), std::string(static_cast<std::size_t>(bytes), 'x'));
        }
        set_state(RunState::finished);
    }
    fs::path checkpoint(const std::string& name) const { return run / "checkpoints" / (name + ".ckpt"); }
    void set_state(RunState state) const {
        RunStatus status;
        status.state = state;
        status.best_step = 1000;
        status.checkpoint_step = 2000;
        status.host = host_name();
        write_run_status(run, status);
    }
    std::vector<std::string> removable(const PruneRules& rules) const {
        std::vector<std::string> names;
        for (const CheckpointFile& file : plan_prune(run, rules)) {
            if (file.removable) {
                names.push_back(file.file.filename());
            }
        }
        return names;
    }

    ScratchFolder folder;
    fs::path run;
};

TEST_F(PruneTest, ListsNewestFirst) {
    write_text(run / "checkpoints/.last.ckpt.123.part", "xx");
    write_text(run / "checkpoints/mine.ckpt", "x");
    write_text(run / "checkpoints/notes.txt", "x");
    std::vector<std::string> found;
    for (const CheckpointFile& file : list_checkpoints(run)) {
        found.push_back(file.why + " " + std::to_string(file.step) + " " + std::to_string(file.bytes));
        EXPECT_FALSE(file.removable);
    }
    EXPECT_THAT(found,
                ElementsAre("last 2000 20", "step 2,000 2000 50", "best 1000 10", "step 1,000 1000 40",
                            "step 500 500 60", "final -1 30", "mine.ckpt -1 1", "interrupted writing -1 2"));
}

TEST_F(PruneTest, KeepsWhatTheRulesSay) {
    write_text(run / "checkpoints/.last.ckpt.123.part", "xx");
    write_text(run / "checkpoints/mine.ckpt", "x");
    EXPECT_THAT(removable({}),
                ElementsAre("step=2000.ckpt", "step=1000.ckpt", "step=500.ckpt", ".last.ckpt.123.part"));
    EXPECT_THAT(removable({true, true, 2}), ElementsAre("step=500.ckpt", ".last.ckpt.123.part"));
    EXPECT_THAT(removable({false, true, 9}), ElementsAre("last.ckpt", ".last.ckpt.123.part"));
    EXPECT_THAT(removable({false, false, 9}), ElementsAre("last.ckpt", "final.ckpt", ".last.ckpt.123.part"));
}

TEST_F(PruneTest, NamesThatOnlyLookAlikeStay) {
    for (const char* name :
         {"step 7", "step=12b", "mystep=9", "step=-3", "last-view", "final-v", "last-v2x"}) {
        write_text(checkpoint(name), "mine");
    }
    write_text(checkpoint("last-v1"), "x");
    EXPECT_THAT(removable({false, false, 0}),
                UnorderedElementsAre("last.ckpt", "last-v1.ckpt", "final.ckpt", "step=2000.ckpt",
                                     "step=1000.ckpt", "step=500.ckpt"));
}

TEST_F(PruneTest, AFileThatCannotBeLookedAtIsPassedOver) {
    fs::create_directories(folder / "odd");
    fs::create_symlink("status.json", folder / "odd/status.json"); // leads to itself
    EXPECT_THAT(find_runs(folder.path()), ElementsAre(run));
    fs::remove(run / "status.json");
    fs::create_symlink("status.json", run / "status.json");
    EXPECT_NO_THROW(plan_prune(run, {}));
}

TEST_F(PruneTest, RemovesExactlyThat) {
    auto plan = plan_prune(run, {true, true, 1});
    EXPECT_EQ(prune(plan), 100U);
    for (const char* kept : {"best", "last", "final", "step=2000"}) {
        EXPECT_TRUE(fs::exists(checkpoint(kept))) << kept;
    }
    EXPECT_FALSE(fs::exists(checkpoint("step=1000")));
    EXPECT_FALSE(fs::exists(checkpoint("step=500")));
    EXPECT_EQ(prune(plan), 0U); // they are gone
}

TEST_F(PruneTest, OneCheckpointStays) {
    for (const char* name : {"best", "final", "last"}) {
        fs::remove(checkpoint(name));
    }
    EXPECT_THAT(removable({false, false, 0}), ElementsAre("step=1000.ckpt", "step=500.ckpt"));
}

TEST_F(PruneTest, ARunningRunLosesNothing) {
    const auto plan = plan_prune(run, {});
    const RunLock lock(run);
    EXPECT_THAT(removable({false, false, 0}), IsEmpty());
    EXPECT_EQ(test::class_of([&] { prune(plan); }), "RunBusy");
    EXPECT_TRUE(fs::exists(checkpoint("step=500")));
}

TEST_F(PruneTest, AnInterruptedRunIsNotRunning) {
    set_state(RunState::running);
    EXPECT_THAT(removable({}), ElementsAre("step=2000.ckpt", "step=1000.ckpt", "step=500.ckpt"));
    write_text(run / "status.json", "broken");
    EXPECT_THAT(removable({}), UnorderedElementsAre("step=2000.ckpt", "step=1000.ckpt", "step=500.ckpt"));
}

TEST_F(PruneTest, ArcStatesRunsAreLeftAloneWhileTheyWrite) {
    fs::remove(run / "status.json");
    fs::remove(run / "lock");
    EXPECT_THAT(removable({}), IsEmpty());
    const auto long_ago = fs::file_time_type::clock::now() - std::chrono::hours(2);
    for (const auto& entry : fs::directory_iterator(run / "checkpoints")) {
        fs::last_write_time(entry.path(), long_ago);
    }
    EXPECT_THAT(removable({}), UnorderedElementsAre("step=2000.ckpt", "step=1000.ckpt", "step=500.ckpt"));
    write_text(run / "version_0/metrics.csv", "step\n");
    EXPECT_THAT(removable({}), IsEmpty());
}

TEST_F(PruneTest, LinksProtectWhatTheyPointTo) {
    fs::remove(checkpoint("best"));
    fs::create_symlink("step=1000.ckpt", checkpoint("best"));
    EXPECT_THAT(removable({}), ElementsAre("step=2000.ckpt", "step=500.ckpt"));
    EXPECT_EQ(list_checkpoints(run).size(), 5U);
}

TEST_F(PruneTest, ASecondNameOfTheBestFreesNothing) {
    fs::remove(checkpoint("best"));
    fs::create_hard_link(checkpoint("step=500"), checkpoint("best"));
    std::uint64_t promised = 0;
    const auto plan = plan_prune(run, {});
    for (const CheckpointFile& file : plan) {
        promised += file.removable ? file.bytes : 0;
    }
    EXPECT_EQ(promised, 90U);
    EXPECT_EQ(prune(plan), promised);
    EXPECT_TRUE(fs::exists(checkpoint("best")));
}

TEST_F(PruneTest, LinksDoNotLeadOutOfTheRun) {
    write_text(folder / "elsewhere/step=1.ckpt", "x");
    write_text(folder / "elsewhere/best.ckpt", "x");
    fs::create_symlink(folder / "elsewhere/step=1.ckpt", run / "checkpoints/step=1.ckpt");
    EXPECT_EQ(list_checkpoints(run).size(), 6U);
    fs::remove_all(run / "checkpoints");
    fs::create_symlink(folder / "elsewhere", run / "checkpoints");
    EXPECT_THAT(list_checkpoints(run), IsEmpty());
    EXPECT_THAT(plan_prune(run, {false, false, 0}), IsEmpty());
}

TEST_F(PruneTest, StepsAreReadFromContentWithoutAStatus) {
    TrainingState state;
    const std::vector<float> one{1};
    state.weights = {{"a.weight", ScalarType::float32, {1}, std::as_bytes(std::span(one)), false}};
    state.global_step = 77;
    state.hyper_parameters = nlohmann::ordered_json::object();
    JobContext job;
    write_training_state(checkpoint("final"), state, job);
    EXPECT_EQ(list_checkpoints(run).back().step, 77);
}

TEST_F(PruneTest, FindsRunsBelowAFolder) {
    for (const char* deep :
         {"a/b/run2", "a/run3", ".hidden/run4", "1/2/3/4/5/run5", "1/2/3/4/5/6/run6", "run/inner"}) {
        write_text(folder / deep / "status.json", "{}");
    }
    fs::create_directory_symlink(folder / "a", folder / "link");
    EXPECT_THAT(find_runs(folder.path()),
                ElementsAre(folder / "1/2/3/4/5/run5", folder / "a/b/run2", folder / "a/run3", run));
    EXPECT_THAT(find_runs(run), ElementsAre(run));
    EXPECT_THAT(find_runs(folder / "nowhere"), IsEmpty());
}

} // namespace
} // namespace ember

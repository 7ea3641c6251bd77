// Runs that wait, that may not start, and that are only checked.

#include <cstdlib>
#include <fstream>
#include <unistd.h>

#include <gmock/gmock.h>

#include "core/run/run_queue.hpp"
#include "core/run/run_status.hpp"
#include "train_folder.hpp"

namespace {

using namespace ember;
using ember::test::content_of;
using ember::test::Outcome;
using testing::HasSubstr;

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

class TrainQueue : public ember::test::TrainTest {
protected:
    void SetUp() override {
        TrainTest::SetUp();
        ::setenv("XDG_STATE_HOME", folder.c_str(), 1);
        write_cells("cells.h5ad", "Sham");
        std::ofstream(folder / "c.yaml")
            << "data: {pert_col: condition, control_pert: Sham}\n"
               "model: {cell_set_len: 8, hidden_dim: 16}\n"
               "training: {batch_size: 2, max_steps: 2}\nname: mine\noutput_dir: runs\n";
    }
    void TearDown() override {
        ::unsetenv("XDG_STATE_HOME");
        TrainTest::TearDown();
    }
    Words training(const Words& more) const {
        Words words = {"c.yaml",
                       "model.kwargs.transformer_backbone_kwargs.num_hidden_layers=1",
                       "model.kwargs.transformer_backbone_kwargs.num_attention_heads=2",
                       "model.kwargs.transformer_backbone_kwargs.head_dim=8",
                       "model.kwargs.transformer_backbone_kwargs.intermediate_size=32",
                       "+model.kwargs.decoder_hidden_dims=[16,8]"};
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }
    fs::path mine() const { return folder / "runs/mine"; }
};

TEST_F(TrainQueue, AWishToStopEndsTheWaiting) {
    const QueueTicket first(folder / "runs/other");
    Words words = training({"--queue"});
    words.insert(words.begin(), "train");
    const pid_t process = start(words);
    const auto is_queued = [&] {
        const auto status = read_run_status(mine());
        return status && status->state == RunState::queued;
    };
    for (int i = 0; i < 1000 && !is_queued(); ++i) {
        usleep(10'000);
    }
    EXPECT_TRUE(is_queued());
    EXPECT_EQ(train(training({"--queue", "--json"})).error_class(), "RunBusy"); // it waits already
    ask_run(mine(), RunCommand::stop);
    EXPECT_EQ(end_of(process).status, 130);
    EXPECT_EQ(read_run_status(mine())->state, RunState::stopped);
    EXPECT_FALSE(fs::exists(mine() / "config.yaml"));
}

TEST_F(TrainQueue, AConfigurationInTheRunsOwnFolderStays) {
    fs::create_directories(mine());
    fs::copy_file(folder / "c.yaml", mine() / "config.yaml");
    const std::string before = content_of(mine() / "config.yaml");
    for (const Words& how : {Words{"--json"}, Words{"--json", "--queue"}, Words{"--json", "--resume"}}) {
        Words words = {"--config", "runs/mine/config.yaml"};
        words.insert(words.end(), how.begin(), how.end());
        EXPECT_EQ(train(words).error_class(), "WouldOverwrite");
    }
    EXPECT_EQ(content_of(mine() / "config.yaml"), before);
    EXPECT_EQ(ember::test::entries_of(mine()), Words{"config.yaml"});
}

TEST_F(TrainQueue, AFailureBeforeTheRunBeginsIsInItsStatus) {
    const Outcome failed = train(training({"--queue", "--device", "cuda", "--json"}));
    EXPECT_EQ(failed.error_class(), "NoDevice");
    const auto status = read_run_status(mine());
    ASSERT_TRUE(status);
    EXPECT_EQ(status->state, RunState::failed);
    EXPECT_EQ(status->error_class, "NoDevice");
    EXPECT_FALSE(status->error_remedy.empty());
}

TEST_F(TrainQueue, ARunThatIsThereIsCheckedAndChangedOnlyByItsOwner) {
    const Outcome trained = train(training({"--queue", "--json"}));
    ASSERT_EQ(trained.status, 0) << trained.out << trained.err;
    const std::string last = content_of(mine() / "checkpoints/last.ckpt");
    const Outcome check = train(training({"--resume", "--check", "--json"}));
    EXPECT_EQ(check.status, 0) << check.out << check.err;
    EXPECT_EQ(check.json()["can_start"], true);
    EXPECT_EQ(content_of(mine() / "checkpoints/last.ckpt"), last);

    const std::string before = content_of(mine() / "config.yaml"),
                      status = content_of(mine() / "status.json");
    {
        const RunLock held(mine());
        for (const Words& how : {Words{}, Words{"--queue"}, Words{"training.lr=1e-3"}}) {
            Words words = {"resume", "runs/mine", "--json"};
            words.insert(words.end(), how.begin(), how.end());
            EXPECT_EQ(train(words).error_class(), "RunBusy");
        }
    }
    fs::remove(mine() / "checkpoints/last.ckpt");
    EXPECT_EQ(train({"resume", "runs/mine", "training.lr=1e-3", "--json"}).error_class(), "MissingMember");
    EXPECT_EQ(train({"resume", "runs/mine", "--queue", "--json"}).error_class(), "MissingMember");
    EXPECT_EQ(content_of(mine() / "config.yaml"), before);
    EXPECT_EQ(content_of(mine() / "status.json"), status);
}

} // namespace

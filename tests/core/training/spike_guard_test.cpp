// When a run goes back: numbers that are none, and jumps that stay.

#include <cmath>

#include <gtest/gtest.h>

#include "core/training/loop_state.hpp"
#include "core/training/spike_guard.hpp"

using namespace ember;

namespace {

using Verdict = SpikeGuard::Verdict;

SpikeGuard after_calm_steps(int steps) {
    SpikeGuard guard;
    for (int i = 0; i < steps; ++i) {
        guard.judge(1 + 0.05 * (i % 5), 1);
    }
    return guard;
}

} // namespace

TEST(SpikeGuard, TakesCalmStepsAndFindsWhatIsNoNumber) {
    SpikeGuard guard = after_calm_steps(60);
    EXPECT_EQ(guard.judge(1.2, 3), Verdict::good);
    EXPECT_EQ(guard.judge(NAN, 1), Verdict::not_finite);
    EXPECT_EQ(guard.judge(INFINITY, 1), Verdict::not_finite);
    EXPECT_EQ(guard.judge(1, NAN), Verdict::not_finite);
}

TEST(SpikeGuard, AHardBatchAloneIsNoSpikeButTwoInARowAre) {
    SpikeGuard guard = after_calm_steps(60);
    EXPECT_EQ(guard.judge(8, 1), Verdict::suspicious);
    EXPECT_EQ(guard.judge(1.1, 1), Verdict::good);
    EXPECT_EQ(guard.judge(8, 1), Verdict::good); // as high as the hard batch was
    EXPECT_EQ(guard.judge(9, 1), Verdict::suspicious);
    EXPECT_EQ(guard.judge(9, 1), Verdict::spike);
}

TEST(SpikeGuard, NeedsBothMedianAndSpread) {
    SpikeGuard guard = after_calm_steps(60);       // median 1.1, MAD 0.05
    EXPECT_EQ(guard.judge(2.9, 1), Verdict::good); // over 10 deviations, not over 3 medians
    SpikeGuard wide;
    for (int i = 0; i < 50; ++i) {
        wide.judge(i % 2 == 0 ? 0.2 : 1.8, 1);
    }
    EXPECT_EQ(wide.judge(6, 1), Verdict::good); // over 3 medians, not over 10 deviations
    SpikeGuard young = after_calm_steps(19);
    EXPECT_EQ(young.judge(100, 1), Verdict::good);
}

TEST(SpikeGuard, AllowsThreeRollbacksInAThousandSteps) {
    SpikeGuard guard;
    for (const std::int64_t at : {100, 200, 300}) {
        EXPECT_TRUE(guard.may_roll_back(at));
        guard.rolled_back(at);
    }
    EXPECT_FALSE(guard.may_roll_back(400));
    EXPECT_TRUE(guard.may_roll_back(1100));
    EXPECT_EQ(guard.rollbacks(), 3);
}

TEST(LoopState, GoesToJsonAndBackExactly) {
    LoopState state;
    state.step = 17;
    state.window = 19;
    state.train_loss = 0.1 + 0.2;
    state.take_validation(1.0 / 3, 0);
    state.guard = after_calm_steps(70);
    state.guard.rolled_back(12);
    const auto json = nlohmann::json::parse(state.json().dump());
    const LoopState back = LoopState::from_json(json, "last.ckpt");
    EXPECT_EQ(back.json(), state.json());
    EXPECT_EQ(*back.train_loss, 0.1 + 0.2);
}

TEST(LoopState, CountsPatienceAsLightningDoes) {
    LoopState state;
    for (const double loss : {2.0, 1.95, 1.7, 1.69, 1.8, double(NAN)}) {
        ++state.step;
        state.take_validation(loss, 0.1);
    }
    EXPECT_EQ(state.best_val_loss, 1.69);
    EXPECT_EQ(state.best_step, 4);
    EXPECT_EQ(state.without_gain, 3); // since 1.7 nothing was better by 0.1
}

TEST(BatchPlan, EndsWindowsWithTheEpoch) {
    const BatchPlan plan{10, 4}; // windows of 4, 4 and 2 batches
    EXPECT_EQ(plan.windows_per_epoch(), 3);
    EXPECT_EQ(plan.batches(0), 4);
    EXPECT_EQ(plan.batches(2), 2);
    EXPECT_EQ(plan.first_batch(3), 10);
    EXPECT_EQ(plan.epoch_of(5), 1);
    EXPECT_EQ(plan.batches(5), 2);
}

// Schedules: warm-up, ends, and what they are between.

#include <cmath>

#include <gtest/gtest.h>

#include "core/training/optimizer.hpp"

using namespace ember;

namespace {

OptimizerSettings with(ScheduleKind schedule, std::int64_t warmup, double final_ratio) {
    OptimizerSettings settings;
    settings.lr = 2e-3;
    settings.schedule = schedule;
    settings.warmup_steps = warmup;
    settings.final_lr_ratio = final_ratio;
    return settings;
}

} // namespace

TEST(LearningRate, IsConstantAsInArcState) {
    const OptimizerSettings settings = with(ScheduleKind::constant, 0, 0);
    for (const std::int64_t step : {0, 1, 399, 5000}) {
        EXPECT_EQ(learning_rate(settings, step, 400), 2e-3);
    }
}

TEST(LearningRate, RisesInAStraightLine) {
    const OptimizerSettings settings = with(ScheduleKind::constant, 9, 0);
    for (std::int64_t step = 0; step < 9; ++step) {
        EXPECT_NEAR(learning_rate(settings, step, 100), 2e-4 * static_cast<double>(step + 1), 1e-18);
    }
    EXPECT_EQ(learning_rate(settings, 9, 100), 2e-3);
}

TEST(LearningRate, FallsToItsShareAtTheLastStep) {
    for (const ScheduleKind schedule : {ScheduleKind::linear, ScheduleKind::cosine}) {
        const OptimizerSettings settings = with(schedule, 10, 0.1);
        EXPECT_NEAR(learning_rate(settings, 10, 111), 2e-3, 1e-15);
        EXPECT_NEAR(learning_rate(settings, 60, 111), 2e-3 * 0.55, 1e-15); // half-way
        EXPECT_NEAR(learning_rate(settings, 110, 111), 2e-4, 1e-15);
        EXPECT_NEAR(learning_rate(settings, 500, 111), 2e-4, 1e-15); // after the end it stays
        for (std::int64_t step = 10; step < 110; ++step) {
            EXPECT_GT(learning_rate(settings, step, 111), learning_rate(settings, step + 1, 111));
        }
    }
    const OptimizerSettings cosine = with(ScheduleKind::cosine, 0, 0);
    EXPECT_NEAR(learning_rate(cosine, 25, 101), 1e-3 * (1 + std::sqrt(0.5)), 1e-15);
}

TEST(LearningRate, OneStepIsNoDivisionByZero) {
    for (const ScheduleKind schedule : {ScheduleKind::linear, ScheduleKind::cosine}) {
        EXPECT_EQ(learning_rate(with(schedule, 0, 0.5), 0, 1), 2e-3);
        EXPECT_GT(learning_rate(with(schedule, 5, 0.5), 2, 3), 0);
    }
}

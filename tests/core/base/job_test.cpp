#include "core/base/job.hpp"

#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/error.hpp"

namespace {

struct Recorder : ember::JobListener {
    void on_progress(const ember::Progress& progress) override { reports.push_back(progress); }
    void on_log(ember::LogLevel level, std::string_view text) override { log.emplace_back(level, text); }
    std::vector<ember::Progress> reports;
    std::vector<std::pair<ember::LogLevel, std::string>> log;
};

TEST(JobContext, ReportsAreThrottledButTheLastOneArrives) {
    Recorder recorder;
    ember::JobContext job(&recorder);
    const auto start = std::chrono::steady_clock::now();
    job.begin("Predicting", 1'000'000, "cells");
    for (std::uint64_t i = 1; i <= 1'000'000; ++i) {
        job.advance_to(i);
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    ASSERT_GE(recorder.reports.size(), 2u);
    EXPECT_LE(recorder.reports.size(), 3 + static_cast<std::size_t>(seconds * 31));
    EXPECT_EQ(recorder.reports.front().done, 0u);
    EXPECT_EQ(recorder.reports.back().done, 1'000'000u);
    EXPECT_EQ(recorder.reports.back().unit, "cells");
    EXPECT_GT(recorder.reports.back().per_second, 0);
}

TEST(JobContext, EstimatesTheTimeLeft) {
    Recorder recorder;
    ember::JobContext job(&recorder);
    job.begin("Reading", 100, "rows");
    EXPECT_LT(recorder.reports.back().seconds_left, 0);
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    job.advance_to(50);
    EXPECT_GT(recorder.reports.back().seconds_left, 0.03);
}

TEST(JobContext, CancelThrows) {
    std::stop_source stop;
    ember::JobContext job(nullptr, stop.get_token());
    EXPECT_NO_THROW(job.check_cancelled());
    stop.request_stop();
    EXPECT_TRUE(job.cancel_requested());
    EXPECT_THROW(job.check_cancelled(), ember::Cancelled);
}

TEST(JobContext, LogsWithLevels) {
    Recorder recorder;
    ember::JobContext job(&recorder);
    job.info("a");
    job.warn("b");
    ASSERT_EQ(recorder.log.size(), 2u);
    EXPECT_EQ(recorder.log[1], std::make_pair(ember::LogLevel::warning, std::string("b")));
}

} // namespace

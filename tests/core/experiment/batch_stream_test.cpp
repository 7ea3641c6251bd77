// Reading ahead.

#include <atomic>
#include <chrono>
#include <set>
#include <thread>

#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "core/experiment/batch_stream.hpp"

namespace ember {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

void wait_until(const std::function<bool()>& done) {
    const auto start = Clock::now();
    while (!done() && seconds_since(start) < 10) {
        std::this_thread::sleep_for(1ms);
    }
}

TEST(BatchStream, ReadsAheadAsFarAsAskedAndNoFurther) {
    std::atomic<std::int64_t> made = 0;
    const auto stream = prefetching_stream(
        [&](std::int64_t number, TrainingBatch& batch, JobContext&) {
            batch.sets = number;
            ++made;
        },
        5, 3);
    wait_until([&] { return made == 3; });
    std::this_thread::sleep_for(30ms);
    EXPECT_EQ(made, 3);
    JobContext job;
    for (std::int64_t number = 5; number < 30; ++number) {
        EXPECT_EQ(stream->position(), number);
        EXPECT_EQ(stream->next(job)->sets, number);
    }
}

TEST(BatchStream, MemoryIsUsedAgain) {
    const auto stream = prefetching_stream(
        [&](std::int64_t, TrainingBatch& batch, JobContext&) { batch.target.resize(1000); }, 0, 1);
    JobContext job;
    std::set<const float*> places;
    for (int i = 0; i < 100; ++i) {
        auto batch = stream->next(job);
        places.insert(batch->target.data());
        stream->recycle(std::move(batch));
    }
    EXPECT_LE(places.size(), 4U);
}

TEST(BatchStream, WaitingIsCountedOnlyWhenThereIsNothingReady) {
    std::atomic<bool> slow = false;
    std::atomic<std::int64_t> made = 0;
    const auto stream = prefetching_stream(
        [&](std::int64_t, TrainingBatch&, JobContext&) {
            if (slow) {
                std::this_thread::sleep_for(250ms);
            }
            ++made;
        },
        0, 2);
    wait_until([&] { return made == 2; });
    slow = true;
    JobContext job;
    stream->next(job);
    stream->next(job);
    const double ready = stream->waiting_seconds();
    const auto start = Clock::now();
    stream->next(job);
    const double waited = seconds_since(start);
    EXPECT_EQ(ready, 0);
    EXPECT_GT(stream->waiting_seconds(), 0);
    EXPECT_LE(stream->waiting_seconds(), waited);
}

TEST(BatchStream, ErrorsComeOutAtTheirTurn) {
    const auto stream = prefetching_stream(
        [&](std::int64_t number, TrainingBatch&, JobContext&) {
            if (number == 2) {
                throw Error("BadValue", "A value is missing");
            }
        },
        0, 4);
    JobContext job;
    stream->next(job);
    stream->next(job);
    for (int again = 0; again < 2; ++again) {
        try {
            stream->next(job);
            FAIL() << "the error was lost";
        } catch (const Error& error) {
            EXPECT_EQ(error.class_name(), "BadValue");
        }
    }
    EXPECT_EQ(stream->position(), 2);
}

TEST(BatchStream, CancelIsHeardWhileWaitingAndTheEndHangsNever) {
    std::stop_source source;
    std::atomic<bool> reading = false;
    auto stream = prefetching_stream(
        [&](std::int64_t, TrainingBatch&, JobContext& inner) {
            reading = true;
            for (;;) {
                inner.check_cancelled();
                std::this_thread::sleep_for(1ms);
            }
        },
        0, 2);
    wait_until([&] { return reading.load(); });
    JobContext job(nullptr, source.get_token());
    Clock::time_point asked;
    const std::jthread canceller([&] {
        std::this_thread::sleep_for(30ms);
        asked = Clock::now();
        source.request_stop();
    });
    EXPECT_THROW(stream->next(job), Cancelled);
    EXPECT_LT(seconds_since(asked), 0.2); // looked at every 20 ms; the rest is for a busy machine
    const auto start = Clock::now();
    stream.reset();
    EXPECT_LT(seconds_since(start), 2);
}

} // namespace
} // namespace ember

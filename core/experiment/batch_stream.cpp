#include "core/experiment/batch_stream.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <new>
#include <thread>

#include "core/base/error.hpp"

namespace ember {

BatchStream::~BatchStream() = default;

namespace {

using Clock = std::chrono::steady_clock;

class PrefetchingStream final : public BatchStream {
public:
    PrefetchingStream(BatchMaker maker, std::int64_t first, int ahead)
        : maker_(std::move(maker)),
          ahead_(static_cast<std::size_t>(std::max(1, ahead))),
          position_(first),
          thread_([this, first](const std::stop_token& stop) { make(first, stop); }) {}
    ~PrefetchingStream() override {
        thread_.request_stop();
        {
            const std::lock_guard lock(mutex_);
            room_.notify_all();
        }
        thread_.join();
    }

    std::unique_ptr<TrainingBatch> next(JobContext& job) override;
    void recycle(std::unique_ptr<TrainingBatch> batch) override;
    std::int64_t position() const override { return position_; }
    double waiting_seconds() const override { return waiting_; }

private:
    void make(std::int64_t first, const std::stop_token& stop);
    std::unique_ptr<TrainingBatch> take_memory();

    BatchMaker maker_;
    std::size_t ahead_;
    std::int64_t position_;
    double waiting_ = 0;

    std::mutex mutex_;
    std::condition_variable ready_, room_;
    std::deque<std::unique_ptr<TrainingBatch>> batches_; ///< ready ones
    std::vector<std::unique_ptr<TrainingBatch>> free_;
    std::exception_ptr failure_;
    std::jthread thread_; ///< the last member: all others are there when it starts
};

std::unique_ptr<TrainingBatch> PrefetchingStream::take_memory() {
    if (free_.empty()) {
        return std::make_unique<TrainingBatch>();
    }
    auto batch = std::move(free_.back());
    free_.pop_back();
    return batch;
}

void PrefetchingStream::make(std::int64_t first, const std::stop_token& stop) {
    JobContext job(nullptr, stop);
    try {
        for (std::int64_t number = first; !stop.stop_requested(); ++number) {
            std::unique_ptr<TrainingBatch> batch;
            {
                std::unique_lock lock(mutex_);
                room_.wait(lock, [&] { return stop.stop_requested() || batches_.size() < ahead_; });
                batch = take_memory();
            }
            job.check_cancelled();
            maker_(number, *batch, job);
            const std::lock_guard lock(mutex_);
            batches_.push_back(std::move(batch));
            ready_.notify_one();
        }
    } catch (...) {
        const std::lock_guard lock(mutex_);
        failure_ = std::current_exception();
        ready_.notify_one();
    }
}

std::unique_ptr<TrainingBatch> PrefetchingStream::next(JobContext& job) {
    constexpr std::chrono::milliseconds pause(20);
    job.check_cancelled();
    std::unique_lock lock(mutex_);
    if (batches_.empty() && !failure_) {
        const Clock::time_point start = Clock::now();
        while (batches_.empty() && !failure_ && !job.cancel_requested()) {
            ready_.wait_for(lock, pause);
        }
        waiting_ += std::chrono::duration<double>(Clock::now() - start).count();
    }
    job.check_cancelled();
    if (batches_.empty()) {
        std::rethrow_exception(failure_);
    }
    auto batch = std::move(batches_.front());
    batches_.pop_front();
    ++position_;
    room_.notify_one();
    return batch;
}

void PrefetchingStream::recycle(std::unique_ptr<TrainingBatch> batch) {
    const std::lock_guard lock(mutex_);
    if (batch && free_.size() <= ahead_) {
        free_.push_back(std::move(batch));
    }
}

} // namespace

std::unique_ptr<BatchStream> prefetching_stream(BatchMaker maker, std::int64_t first, int ahead) {
    return std::make_unique<PrefetchingStream>(std::move(maker), first, ahead);
}

} // namespace ember

#include "core/training/run_record.hpp"

#include "core/training/run_watch.hpp"

namespace ember {

RunRecord::RunRecord(std::filesystem::path run_directory, std::int64_t last_step, JobContext& job)
    : run_directory_(std::move(run_directory)), job_(job), log_(run_directory_ / "log.txt", std::ios::app) {
    std::filesystem::create_directories(run_directory_ / "version_0");
    rewind(last_step);
}

void RunRecord::rewind(std::int64_t last_step) {
    const std::filesystem::path folder = run_directory_ / "version_0";
    if (metrics_) {
        flush();
    }
    metrics_.reset();
    events_.reset();
    metrics_ = std::make_unique<MetricsLog>(folder / "metrics.csv", last_step);
    events_ = std::make_unique<EventFile>(folder, last_step < 0 ? -1 : last_step + 1);
}

void RunRecord::add(const MetricsRow& row) {
    metrics_->add(row);
    for (const auto& [name, value] : row.values) {
        events_->scalar(name, row.step, value);
    }
    events_->scalar("epoch", row.step, static_cast<double>(row.epoch));
}

void RunRecord::flush() {
    metrics_->flush();
    events_->flush();
}

void RunRecord::info(std::string_view text) {
    job_.info(text);
    log("", text);
}

void RunRecord::warn(std::string_view text) {
    job_.warn(text);
    log("warning: ", text);
    warnings_.emplace_back(text);
}

void RunRecord::log(std::string_view level, std::string_view text) {
    log_ << time_stamp() << ' ' << level << text << '\n' << std::flush;
    log_.clear();
}

} // namespace ember

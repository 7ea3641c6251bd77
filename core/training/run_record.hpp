#pragma once
// What a run leaves to be read: metrics.csv, TensorBoard events and log.txt, one truth in three forms.

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/job.hpp"
#include "core/run/event_file.hpp"
#include "core/run/metrics_log.hpp"

namespace ember {

class RunRecord {
public:
    /// Goes on after `last_step` (0-based as in metrics.csv; −1 starts anew): later rows are dropped.
    RunRecord(std::filesystem::path run_directory, std::int64_t last_step, JobContext& job);

    void add(const MetricsRow& row);
    /// Everything written so far is in the files. Throws NoSpace, CannotWrite.
    void flush();
    /// Drops rows after `last_step`: the run goes back there.
    void rewind(std::int64_t last_step);

    void info(std::string_view text);
    void warn(std::string_view text); ///< also kept for the result
    const std::vector<std::string>& warnings() const { return warnings_; }

private:
    void log(std::string_view level, std::string_view text);
    std::filesystem::path run_directory_;
    JobContext& job_;
    std::unique_ptr<MetricsLog> metrics_;
    std::unique_ptr<EventFile> events_;
    std::ofstream log_;
    std::vector<std::string> warnings_;
};

} // namespace ember

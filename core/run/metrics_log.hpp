#pragma once
// version_0/metrics.csv as Lightning's CSVLogger writes it: sorted columns, empty cells, 0-based steps.

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace ember {

struct MetricsRow {
    std::int64_t step = 0, epoch = 0;
    std::map<std::string, double> values; ///< "train_loss", "val_loss", "train/gradient_norm" …
};

/// Appends rows; the file is whole after every flush (a new column rewrites it atomically).
class MetricsLog {
public:
    /// Goes on with an existing file; rows of steps after `last_step` are dropped (a resumed run writes them
    /// again).
    MetricsLog(std::filesystem::path file, std::int64_t last_step);
    void add(const MetricsRow& row);
    void flush();

private:
    std::filesystem::path file_;
    std::vector<std::string> columns_;
    std::vector<MetricsRow> pending_;
    std::uint64_t written_bytes_ = 0;
};

/// Rows from byte `offset` on, for a watcher that reads what is new; `offset` moves behind the last whole
/// line. A changed header or a shorter file starts again from the beginning (`restarted`).
struct MetricsTail {
    std::uint64_t offset = 0;
    std::string header;
    bool restarted = false;
};
std::vector<MetricsRow> read_metrics(const std::filesystem::path& file, MetricsTail& tail);

} // namespace ember

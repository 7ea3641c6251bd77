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

/// Appends rows; the file is whole after every flush (a new column rewrites it atomically). A file that is
/// not a table of steps is kept as metrics.old.csv.
class MetricsLog {
public:
    /// Goes on with an existing file; rows of steps after `last_step` are dropped (a resumed run writes them
    /// again), and so is a last line that was cut off. -1 starts anew. Throws NoSpace, CannotWrite.
    MetricsLog(std::filesystem::path file, std::int64_t last_step);
    void add(const MetricsRow& row);
    /// Throws NoSpace, CannotWrite; the file then stays as it was, and the rows wait for the next flush.
    void flush();

private:
    void keep_until(std::int64_t last_step);
    void append(const std::string& text);

    std::filesystem::path file_;
    std::vector<std::string> columns_;
    std::vector<MetricsRow> pending_;
    std::uint64_t written_bytes_ = 0;
};

/// Rows from byte `offset` on, for a watcher that reads what is new; `offset` moves behind the last whole
/// line. A file that was rewritten or cut starts again from the beginning (`restarted`): then the rows read
/// before no longer count.
struct MetricsTail {
    std::uint64_t offset = 0;
    std::string header;    ///< the first line
    std::string last_line; ///< before `offset`: tells whether the file still is the one read so far
    bool restarted = false;
};
/// Cells that are no numbers and lines without a step are passed over; an unreadable file has no rows.
std::vector<MetricsRow> read_metrics(const std::filesystem::path& file, MetricsTail& tail);

} // namespace ember

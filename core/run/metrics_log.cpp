#include "core/run/metrics_log.hpp"

#include <algorithm>
#include <charconv>
#include <fcntl.h>
#include <limits>
#include <optional>
#include <string_view>
#include <unistd.h>

#include "core/base/atomic_file.hpp"
#include "core/run/csv_line.hpp"
#include "core/run/file_descriptor.hpp"
#include "core/run/python_text.hpp"

namespace ember {

namespace {

constexpr std::size_t most_bytes = std::size_t{1} << 30;

/// The lines of `text` that end, without their ends.
std::vector<std::string_view> whole_lines(std::string_view text) {
    std::vector<std::string_view> lines;
    for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
    return lines;
}

template<typename Number>
std::optional<Number> number_of(const std::string& cell) {
    Number value{};
    const auto [end, failure] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    if (failure != std::errc() || end != cell.data() + cell.size()) {
        return std::nullopt;
    }
    return value;
}

std::optional<MetricsRow> parse_row(const std::vector<std::string>& columns, std::string_view line) {
    const std::vector<std::string> cells = csv_cells(line);
    MetricsRow row;
    bool has_step = false;
    for (std::size_t i = 0; i < std::min(cells.size(), columns.size()); ++i) {
        if (columns[i] == "step" || columns[i] == "epoch") {
            const auto number = number_of<std::int64_t>(cells[i]);
            (columns[i] == "step" ? row.step : row.epoch) = number.value_or(0);
            has_step = has_step || (columns[i] == "step" && number);
        } else if (const auto value = number_of<double>(cells[i])) {
            row.values[columns[i]] = *value;
        }
    }
    return has_step ? std::optional(std::move(row)) : std::nullopt;
}

std::string header_text(const std::vector<std::string>& columns) {
    std::string text;
    for (const std::string& column : columns) {
        text += (text.empty() ? "" : ",") + csv_cell(column);
    }
    return text + "\r\n";
}

std::string row_text(const std::vector<std::string>& columns, const MetricsRow& row) {
    std::string text;
    for (const std::string& column : columns) {
        if (&column != columns.data()) {
            text += ',';
        }
        const auto value = row.values.find(column);
        if (column == "step") {
            text += std::to_string(row.step);
        } else if (column == "epoch") {
            text += std::to_string(row.epoch);
        } else if (value != row.values.end()) {
            text += python_float(value->second);
        }
    }
    return text + "\r\n";
}

bool has_new_columns(const std::vector<std::string>& columns, const std::vector<MetricsRow>& rows) {
    return std::any_of(rows.begin(), rows.end(), [&](const MetricsRow& row) {
        return std::any_of(row.values.begin(), row.values.end(), [&](const auto& value) {
            return std::find(columns.begin(), columns.end(), value.first) == columns.end();
        });
    });
}

std::vector<std::string> with_columns(std::vector<std::string> columns, const std::vector<MetricsRow>& rows) {
    columns.insert(columns.end(), {"step", "epoch"});
    for (const MetricsRow& row : rows) {
        for (const auto& [name, value] : row.values) {
            columns.push_back(name);
        }
    }
    std::sort(columns.begin(), columns.end());
    columns.erase(std::unique(columns.begin(), columns.end()), columns.end());
    return columns;
}

} // namespace

MetricsLog::MetricsLog(std::filesystem::path file, std::int64_t last_step) : file_(std::move(file)) {
    keep_until(last_step);
}

void MetricsLog::keep_until(std::int64_t last_step) {
    std::string text;
    if (!read_small_file(file_, most_bytes, text) || text.empty()) {
        return;
    }
    const std::vector<std::string_view> lines = whole_lines(text);
    columns_ = lines.empty() ? std::vector<std::string>() : csv_cells(lines.front());
    if (std::find(columns_.begin(), columns_.end(), "step") == columns_.end()) {
        std::filesystem::rename(file_, std::filesystem::path(file_).replace_extension(".old.csv"));
        columns_.clear();
        return;
    }
    std::string kept;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const auto row = i == 0 ? std::nullopt : parse_row(columns_, lines[i]);
        if (i == 0 || (row && row->step <= last_step)) {
            kept.append(lines[i]).append("\n");
        }
    }
    if (kept != text) {
        write_file_atomically(file_, kept);
    }
    written_bytes_ = kept.size();
}

void MetricsLog::add(const MetricsRow& row) {
    pending_.push_back(row);
}

void MetricsLog::append(const std::string& text) {
    const FileDescriptor opened = FileDescriptor::open_to_write(file_, O_WRONLY | O_CREAT);
    try {
        if (::lseek(opened.get(), static_cast<off_t>(written_bytes_), SEEK_SET) < 0) {
            throw_write_error(file_);
        }
        write_all(opened.get(), text, file_);
    } catch (...) {
        // A watcher reads whole lines, so half a row must not stay.
        [[maybe_unused]] const int cut = ::ftruncate(opened.get(), static_cast<off_t>(written_bytes_));
        throw;
    }
    written_bytes_ += text.size();
}

void MetricsLog::flush() {
    if (pending_.empty()) {
        return;
    }
    if (columns_.empty() || has_new_columns(columns_, pending_)) {
        MetricsTail tail;
        std::vector<MetricsRow> rows = columns_.empty() ? pending_ : read_metrics(file_, tail);
        if (!columns_.empty()) {
            rows.insert(rows.end(), pending_.begin(), pending_.end());
        }
        std::vector<std::string> columns = with_columns(columns_, pending_);
        std::string text = header_text(columns);
        for (const MetricsRow& row : rows) {
            text += row_text(columns, row);
        }
        write_file_atomically(file_, text);
        columns_ = std::move(columns);
        written_bytes_ = text.size();
    } else {
        std::string text;
        for (const MetricsRow& row : pending_) {
            text += row_text(columns_, row);
        }
        append(text);
    }
    pending_.clear();
}

std::vector<MetricsRow> read_metrics(const std::filesystem::path& file, MetricsTail& tail) {
    std::vector<MetricsRow> rows;
    const bool had_rows = tail.offset > 0;
    std::string text;
    // What was read before is compared, so the file is read from the start of the last known line.
    const auto read_from = [&](std::uint64_t from) {
        text.clear();
        const FileDescriptor opened = FileDescriptor::open(file, O_RDONLY);
        std::string piece(1 << 16, '\0');
        while (opened.valid() && text.size() < most_bytes) {
            const ssize_t got =
                ::pread(opened.get(), piece.data(), piece.size(), static_cast<off_t>(from + text.size()));
            if (got <= 0) {
                break;
            }
            text.append(piece, 0, static_cast<std::size_t>(got));
        }
    };
    tail.restarted = false;
    if (had_rows) {
        read_from(tail.offset - tail.last_line.size());
        if (!text.starts_with(tail.last_line)) {
            tail = {};
            tail.restarted = true;
        } else {
            text.erase(0, tail.last_line.size());
        }
    }
    if (tail.offset == 0) {
        read_from(0);
    }
    std::vector<std::string> columns = csv_cells(tail.header);
    for (const std::string_view line : whole_lines(text)) {
        if (tail.header.empty()) {
            tail.header = line;
            columns = csv_cells(line);
        } else if (auto row = parse_row(columns, line)) {
            rows.push_back(std::move(*row));
        }
        tail.offset += line.size() + 1;
        tail.last_line = std::string(line) + "\n";
    }
    return rows;
}

} // namespace ember

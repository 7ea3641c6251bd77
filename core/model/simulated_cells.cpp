#include "core/model/simulated_cells.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>

#include "core/base/error.hpp"

namespace ember {

namespace {

std::vector<std::string> split_tabs(std::string line) {
    if (!line.empty() && line.back() == '\r') {
        line.pop_back();
    }
    std::vector<std::string> fields(1);
    for (const char c : line) {
        if (c == '\t') {
            fields.emplace_back();
        } else {
            fields.back() += c;
        }
    }
    return fields;
}

} // namespace

std::vector<SimulatedCells> read_simulated_cells(const std::filesystem::path& file) {
    std::ifstream in(file);
    std::string line;
    if (!in || !std::getline(in, line)) { // a folder can be opened, but not read
        throw Error("CannotRead", "The table is empty or cannot be read", {file.string(), {}, {}},
                    "Check the path");
    }
    const auto header = split_tabs(line);
    const auto pert = std::find(header.begin(), header.end(), "perturbation") - header.begin();
    const auto count = std::find(header.begin(), header.end(), "num_cells") - header.begin();
    const auto columns = static_cast<std::ptrdiff_t>(header.size());
    if (pert == columns || count == columns) {
        throw Error("BadTable", "The table needs the columns perturbation and num_cells, separated by tabs",
                    {file.string(), line, {}}, "Write them in the first line");
    }
    std::vector<SimulatedCells> rows;
    for (long long number = 0; std::getline(in, line); ++number) {
        if (line.empty() || line == "\r") {
            continue;
        }
        const auto fields = split_tabs(line);
        SimulatedCells row;
        if (static_cast<std::ptrdiff_t>(fields.size()) > std::max(pert, count)) {
            row.pert = fields[static_cast<std::size_t>(pert)];
            const std::string& text = fields[static_cast<std::size_t>(count)];
            const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), row.cells);
            if (error == std::errc() && end == text.data() + text.size() && row.cells <= 100'000'000) {
                rows.push_back(row);
                continue;
            }
        }
        throw Error("BadTable", "The line has no perturbation and whole number of cells",
                    {file.string(), "num_cells", number}, "Write one perturbation and its number per line");
    }
    return rows;
}

} // namespace ember

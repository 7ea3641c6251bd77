#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <unordered_map>

#include "core/base/error.hpp"
#include "core/base/nearest_names.hpp"
#include "core/evaluation/control_tests.hpp"

namespace ember {

namespace {

/// Fields of one line, quotes taken off; line breaks inside of quotes are not expected in these tables.
std::vector<std::string> fields_of(const std::string& line) {
    std::vector<std::string> fields(1);
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '"') {
            if (quoted && i + 1 < line.size() && line[i + 1] == '"') {
                fields.back() += line[i++];
            } else {
                quoted = !quoted;
            }
        } else if (line[i] == ',' && !quoted) {
            fields.emplace_back();
        } else if (line[i] != '\r') {
            fields.back() += line[i];
        }
    }
    return fields;
}

std::size_t column(const std::vector<std::string>& head, const std::string& name,
                   const std::filesystem::path& file) {
    const auto at = std::find(head.begin(), head.end(), name);
    if (at == head.end()) {
        throw Error("BadTable", "The table has no column '" + name + "'", {file.string(), name, {}},
                    "Give a table with the columns target, feature, log2_fold_change, p_value and fdr");
    }
    return static_cast<std::size_t>(at - head.begin());
}

ControlTest empty_test(const std::string& pert, std::size_t genes) {
    ControlTest test;
    test.perturbation = pert;
    test.mean = test.control_mean = test.statistic = std::vector<double>(genes, std::nan(""));
    test.log2_fold_change = test.percent_change = std::vector<double>(genes, 0);
    test.pval = test.fdr = std::vector<double>(genes, 1);
    return test;
}

} // namespace

std::vector<ControlTest> read_control_tests(const std::filesystem::path& file, const ComparedCells& cells) {
    std::ifstream stream(file);
    std::string line;
    if (!stream || !std::getline(stream, line)) {
        throw Error("CannotRead", std::string("The table cannot be read: ") + std::strerror(errno),
                    {file.string(), {}, {}});
    }
    const std::vector<std::string> head = fields_of(line);
    const std::size_t target = column(head, "target", file), feature = column(head, "feature", file),
                      change = column(head, "log2_fold_change", file), p = column(head, "p_value", file),
                      fdr = column(head, "fdr", file);
    std::unordered_map<std::string, std::size_t> gene;
    for (std::size_t g = 0; g < cells.genes.size(); ++g) {
        gene.emplace(cells.genes[g], g);
    }
    std::map<std::string, ControlTest> tests;
    for (long long row = 1; std::getline(stream, line); ++row) {
        const std::vector<std::string> fields = fields_of(line);
        if (line.empty()) {
            continue;
        }
        if (fields.size() != head.size()) {
            throw Error("BadTable", "A row has another number of fields than the head",
                        {file.string(), {}, row}, "Write the table again");
        }
        const auto at = gene.find(fields[feature]);
        const auto& perts = cells.perts;
        if (at == gene.end() || std::find(perts.begin(), perts.end(), fields[target]) == perts.end()) {
            continue;
        }
        ControlTest& test =
            tests.try_emplace(fields[target], empty_test(fields[target], cells.genes.size())).first->second;
        test.log2_fold_change[at->second] = std::strtod(fields[change].c_str(), nullptr);
        test.pval[at->second] = std::strtod(fields[p].c_str(), nullptr);
        test.fdr[at->second] = std::strtod(fields[fdr].c_str(), nullptr);
    }
    std::vector<ControlTest> found;
    for (auto& [name, test] : tests) {
        found.push_back(std::move(test));
    }
    return found;
}

} // namespace ember

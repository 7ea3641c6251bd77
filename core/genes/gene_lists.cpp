#include "core/genes/gene_lists.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>

#include "core/base/error.hpp"
#include "core/genes/gene_resources.hpp"

namespace ember {

namespace fs = std::filesystem;

namespace {

using Fields = std::vector<std::string>;

/// The fields of the record that begins at `at`, which moves behind it (RFC 4180).
Fields next_record(const std::string& text, std::size_t& at) {
    Fields fields(1);
    bool quoted = false;
    for (; at < text.size(); ++at) {
        const char c = text[at];
        if (quoted) {
            if (c == '"' && at + 1 < text.size() && text[at + 1] == '"') {
                fields.back() += text[++at];
            } else if (c == '"') {
                quoted = false;
            } else {
                fields.back() += c;
            }
        } else if (c == '"') {
            quoted = true;
        } else if (c == ',') {
            fields.emplace_back();
        } else if (c == '\n') {
            ++at;
            break;
        } else if (c != '\r') {
            fields.back() += c;
        }
    }
    return fields;
}

/// NaN for an empty field; nothing when it is no number.
bool read_number(const std::string& text, double& value) {
    if (text.empty() || text == "nan" || text == "NaN" || text == "NA") {
        value = std::numeric_limits<double>::quiet_NaN();
        return true;
    }
    const char* begin = text.data() + (text.front() == '+');
    const auto [end, failure] = std::from_chars(begin, text.data() + text.size(), value);
    return failure == std::errc() && end == text.data() + text.size();
}

[[noreturn]] void not_differential(const fs::path& file, std::string what, std::string key,
                                   std::optional<long long> row = {}) {
    throw Error("NotDifferential", std::move(what), {file.string(), std::move(key), row},
                "Give a table that 'emberview-cli de' wrote, or a list of genes with --genes");
}

/// Where the columns are; -1: absent.
struct Columns {
    std::ptrdiff_t group = -1, gene = -1, score = -1, log_fold_change = -1, padj = -1;
    Fields within; ///< the names of those before `group`
};

std::ptrdiff_t find(const Fields& head, std::initializer_list<const char*> names) {
    for (const char* name : names) {
        if (const auto at = std::find(head.begin(), head.end(), name); at != head.end()) {
            return at - head.begin();
        }
    }
    return -1;
}

Columns columns_of(const Fields& head, const fs::path& file) {
    Columns columns;
    columns.group = find(head, {"group"});
    columns.gene = find(head, {"gene", "names"});
    columns.score = find(head, {"score", "scores"});
    columns.log_fold_change = find(head, {"log_fold_change", "logfoldchanges"});
    columns.padj = find(head, {"padj", "pvals_adj"});
    for (const auto& [at, name] : {std::pair(columns.gene, "gene"),
                                   {columns.log_fold_change, "log_fold_change"},
                                   {columns.padj, "padj"}}) {
        if (at < 0) {
            not_differential(file, std::string("The table has no column '") + name + "'", name);
        }
    }
    if (columns.group > 0) {
        columns.within.assign(head.begin(), head.begin() + columns.group);
        std::erase_if(columns.within, [](const std::string& name) { return name.empty(); }); // an index
    }
    return columns;
}

double number_at(const Fields& fields, std::ptrdiff_t column, const Fields& head, const fs::path& file,
                 long long row) {
    double value = std::numeric_limits<double>::quiet_NaN();
    if (column >= 0 && !read_number(fields[static_cast<std::size_t>(column)], value)) {
        not_differential(file, "'" + fields[static_cast<std::size_t>(column)] + "' is not a number",
                         head[static_cast<std::size_t>(column)], row);
    }
    return value;
}

} // namespace

std::string GeneComparison::label() const {
    std::string text = group.empty() ? "all rows" : group;
    for (const auto& [column, value] : within) {
        text += ", " + column + " " + value;
    }
    return text;
}

std::vector<GeneComparison> read_differential_csv(const fs::path& file) {
    const std::string text = read_text_file(file);
    std::size_t at = text.starts_with("\xef\xbb\xbf") ? 3 : 0;
    const Fields head = next_record(text, at);
    const Columns columns = columns_of(head, file);
    std::vector<GeneComparison> comparisons;
    std::map<Fields, std::size_t> place;
    for (long long row = 0; at < text.size(); ++row) {
        const Fields fields = next_record(text, at);
        if (fields.size() == 1 && fields[0].empty()) {
            continue;
        }
        if (fields.size() != head.size()) {
            not_differential(file,
                             "A row has " + std::to_string(fields.size()) + " fields, the head has " +
                                 std::to_string(head.size()),
                             {}, row);
        }
        const Fields key(fields.begin(), fields.begin() + columns.group + 1);
        const auto [known, fresh] = place.try_emplace(key, comparisons.size());
        if (fresh) {
            GeneComparison made;
            made.group = key.empty() ? "" : key.back();
            for (std::size_t i = 0; i < columns.within.size(); ++i) {
                const std::size_t column = key.size() - 1 - columns.within.size() + i;
                made.within.emplace_back(head[column], key[column]);
            }
            comparisons.push_back(std::move(made));
        }
        GeneComparison& comparison = comparisons[known->second];
        comparison.genes.push_back(fields[static_cast<std::size_t>(columns.gene)]);
        comparison.score.push_back(number_at(fields, columns.score, head, file, row));
        comparison.log_fold_change.push_back(number_at(fields, columns.log_fold_change, head, file, row));
        comparison.padj.push_back(number_at(fields, columns.padj, head, file, row));
    }
    if (comparisons.empty()) {
        not_differential(file, "The table has no rows", {});
    }
    return comparisons;
}

const GeneComparison& choose_comparison(const std::vector<GeneComparison>& comparisons,
                                        const std::string& group,
                                        const std::vector<std::pair<std::string, std::string>>& within) {
    std::vector<const GeneComparison*> fitting;
    for (const GeneComparison& comparison : comparisons) {
        const bool fits = std::all_of(within.begin(), within.end(), [&](const auto& label) {
            return std::find(comparison.within.begin(), comparison.within.end(), label) !=
                   comparison.within.end();
        });
        if (fits && (group.empty() || comparison.group == group)) {
            fitting.push_back(&comparison);
        }
    }
    if (fitting.size() == 1) {
        return *fitting.front();
    }
    constexpr std::size_t most = 8;
    std::string list;
    const auto add = [&](const GeneComparison& comparison) {
        list += (list.empty() ? "" : "; ") + comparison.label();
    };
    std::size_t shown = 0;
    if (fitting.empty()) {
        for (; shown < std::min(most, comparisons.size()); ++shown) {
            add(comparisons[shown]);
        }
    } else {
        for (; shown < std::min(most, fitting.size()); ++shown) {
            add(*fitting[shown]);
        }
    }
    const std::size_t all = fitting.empty() ? comparisons.size() : fitting.size();
    throw UsageError(fitting.empty() ? "The table has no such comparison"
                                     : "The table holds " + std::to_string(all) + " comparisons",
                     "Choose one with --group and --within COLUMN=LABEL: " + list +
                         (all > shown ? " …" : ""));
}

std::vector<std::string> changed_genes(const GeneComparison& comparison, double padj, double min_lfc,
                                       Direction direction) {
    std::vector<std::string> genes;
    for (std::size_t i = 0; i < comparison.genes.size(); ++i) {
        const double change = comparison.log_fold_change[i];
        const bool wanted = direction == Direction::both || (direction == Direction::up) == (change > 0);
        if (comparison.padj[i] < padj && change != 0 && std::abs(change) >= min_lfc && wanted) {
            genes.push_back(comparison.genes[i]);
        }
    }
    return genes;
}

GeneList parse_gene_list(const std::string& text, const std::string& file) {
    GeneList list;
    long long row = 0;
    for (std::size_t begin = text.starts_with("\xef\xbb\xbf") ? 3 : 0; begin < text.size(); ++row) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        std::string line = text.substr(begin, end - begin);
        begin = end + 1;
        std::replace_if(
            line.begin(), line.end(), [](char c) { return c == '\t' || c == ',' || c == '\r'; }, ' ');
        const std::size_t first = line.find_first_not_of(' ');
        if (first == std::string::npos || line[first] == '#') {
            continue;
        }
        const std::size_t gap = std::min(line.find(' ', first), line.size());
        const std::size_t second = line.find_first_not_of(' ', gap);
        double score = 0;
        if (second != std::string::npos) {
            const std::size_t stop = std::min(line.find(' ', second), line.size());
            if (!read_number(line.substr(second, stop - second), score) ||
                line.find_first_not_of(' ', stop) != std::string::npos) {
                throw Error("NotGeneList", "The line holds more than a gene and a score", {file, {}, row},
                            "Write one gene per line, or a gene and its score");
            }
            list.scores.push_back(score);
        }
        list.genes.push_back(line.substr(first, gap - first));
    }
    if (!list.scores.empty() && list.scores.size() != list.genes.size()) {
        throw Error("NotGeneList", "Some lines have a score and others do not", {file, {}, {}},
                    "Write one gene per line, or a gene and its score on all lines");
    }
    return list;
}

GeneList read_gene_list(const fs::path& file) {
    return parse_gene_list(read_text_file(file), file.string());
}

} // namespace ember

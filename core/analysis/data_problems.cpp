// Cheap checks of a data set, with what to do about each fault.

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <unordered_set>

#include "core/analysis/schema_guess.hpp"
#include "core/base/error.hpp"

namespace ember {

namespace {

using Problems = std::vector<DataProblem>;

constexpr std::uint64_t sample_rows = 64;
constexpr std::uint64_t sample_values = 4'000'000; ///< at most this many, 16 MB
constexpr std::uint64_t few_controls = 50;

std::size_t count_repeats(const std::vector<std::string>& names) {
    std::unordered_set<std::string_view> seen;
    return static_cast<std::size_t>(std::count_if(
        names.begin(), names.end(), [&](const std::string& name) { return !seen.insert(name).second; }));
}

std::string counted(std::uint64_t count, const char* one, const char* many) {
    return std::to_string(count) + " " + (count == 1 ? one : many);
}

void check_names(const AnnData& data, Problems& problems) {
    if (const std::size_t repeats = count_repeats(data.var_names())) {
        problems.push_back({counted(repeats, "gene name occurs", "gene names occur") + " more than once",
                            "Make them unique before training; predictions are not affected", false});
    }
    if (const std::size_t repeats = count_repeats(data.obs_names())) {
        problems.push_back({counted(repeats, "cell name occurs", "cell names occur") + " more than once",
                            "Make them unique, so that tables can be joined by cell", false});
    }
}

/// Some rows from the start, middle and end of X.
std::vector<float> sample_of(const Matrix& matrix) {
    const std::uint64_t cols = std::max<std::uint64_t>(matrix.cols(), 1);
    const std::uint64_t each = std::min({sample_rows / 3 + 1, sample_values / (3 * cols) + 1, matrix.rows()});
    std::vector<float> values;
    std::uint64_t next = 0;
    for (const std::uint64_t wanted : {std::uint64_t{0}, matrix.rows() / 2, matrix.rows() - each}) {
        const std::uint64_t first = std::max(wanted, next); // short matrices: no row twice
        if (first + each > matrix.rows()) {
            continue;
        }
        const std::size_t before = values.size();
        values.resize(before + each * matrix.cols());
        matrix.read_rows(first, each, std::span(values).subspan(before));
        next = first + each;
    }
    return values;
}

void check_values(const AnnData& data, Problems& problems) {
    if (!data.has_x()) {
        return;
    }
    const MatrixPtr matrix = data.matrix({});
    if (matrix->rows() == 0 || matrix->cols() == 0 || sample_values < matrix->cols()) {
        return;
    }
    const std::vector<float> values = sample_of(*matrix);
    const auto nonfinite =
        std::count_if(values.begin(), values.end(), [](float x) { return !std::isfinite(x); });
    if (nonfinite != 0) {
        problems.push_back({"X holds NaN or infinite values (" + std::to_string(nonfinite) +
                                " in a sample of " + std::to_string(values.size()) + ")",
                            "Replace them before predicting; statistics leave them out", true});
    }
    const bool whole =
        std::all_of(values.begin(), values.end(), [](float x) { return x >= 0 && x == std::floor(x); });
    const float largest = *std::max_element(values.begin(), values.end());
    if (whole && largest > 1) {
        problems.push_back(
            {"X looks like raw counts (whole numbers up to " +
                 std::to_string(static_cast<long long>(largest)) + ")",
             "ST models expect log-normalised values: normalise each cell, then take log(1 + x)", true});
    }
}

/// The model's genes among the file's names, when the input holds genes.
void check_genes(const AnnData& data, const SchemaHints& hints, const std::string& input,
                 Problems& problems) {
    if (hints.genes.empty() || (input != "X" && input != "X_hvg")) {
        return;
    }
    std::unordered_map<std::string_view, std::size_t> place;
    for (std::size_t i = 0; i < data.var_names().size(); ++i) {
        place.try_emplace(data.var_names()[i], i);
    }
    std::vector<std::size_t> found;
    for (const std::string& gene : hints.genes) {
        if (const auto at = place.find(gene); at != place.end()) {
            found.push_back(at->second);
        }
    }
    if (found.size() < hints.genes.size()) {
        problems.push_back(
            {"Only " + std::to_string(found.size()) + " of the model's " +
                 std::to_string(hints.genes.size()) + " genes are in this file by name",
             "Check that the names are of the same kind (symbols or Ensembl); without them columns "
             "are used as they stand",
             found.empty()});
    } else if (!std::is_sorted(found.begin(), found.end())) {
        problems.push_back({"The genes are in another order than the model's",
                            "Nothing to do: they are brought into the model's order by name", false});
    }
}

void check_input(const AnnData& data, const SchemaHints& hints, Problems& problems) {
    const Schema schema = guess_schema(data, hints);
    check_genes(data, hints, schema.embed_key.value, problems);
    if (!hints.embed_key.empty() && schema.embed_key.value != hints.embed_key) {
        problems.push_back(
            {"The model's input '" + hints.embed_key + "' is not in this file",
             schema.embed_key.value.empty()
                 ? "Add it to obsm; embeddings such as SE-600M's are computed with other programs"
                 : "Use '" + schema.embed_key.value + "' if it holds the same values",
             schema.embed_key.value.empty()});
    }
    if (schema.pert_col.value.empty() || schema.control_pert.value.empty()) {
        if (!hints.control_pert.empty()) {
            problems.push_back({"No control cells were found", schema.control_pert.reason, true});
        }
        return;
    }
    const CategoricalColumn groups = as_groups(*data.obs(schema.pert_col.value));
    const auto label =
        std::find(groups.categories.begin(), groups.categories.end(), schema.control_pert.value);
    const std::uint64_t cells =
        count_categories(groups)[static_cast<std::size_t>(label - groups.categories.begin())];
    if (cells < few_controls) {
        problems.push_back({"Only " + counted(cells, "cell is a control", "cells are controls") + " ('" +
                                schema.control_pert.value + "')",
                            "Predictions start from control cells: with few of them they vary with the seed",
                            cells == 0});
    }
}

} // namespace

std::vector<DataProblem> find_problems(const AnnData& data, const SchemaHints& hints) {
    Problems problems;
    check_names(data, problems);
    check_values(data, problems);
    check_input(data, hints, problems);
    return problems;
}

} // namespace ember

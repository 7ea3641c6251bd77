#include "core/model/infer_input.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/error.hpp"

namespace ember {

namespace {

using Names = std::vector<std::string>;

std::string chosen_key(const InferRequest& request, const RunDirectory& run, const StConfig& config) {
    std::string key = request.embed_key;
    if (key.empty()) {
        key = run.config_text("data.kwargs.embed_key");
    }
    if (key.empty()) {
        key = config.embed_key;
    }
    return key == "X" ? "" : key;
}

[[noreturn]] void wrong_width(const InferRequest& request, const ModelInput& input, const StConfig& config,
                              std::size_t found, bool named) {
    const auto width = input.matrix->cols(), needed = static_cast<std::uint64_t>(config.input_dim);
    std::string message =
        "The input has " + std::to_string(width) + " columns, the model needs " + std::to_string(needed);
    if (named) {
        message += "; by name the data has " + std::to_string(found) + " of the model's " +
                   std::to_string(needed) + " genes";
    }
    throw Error("WrongWidth", message, {request.adata.string(), input.matrix->info().name, {}},
                width > needed ? "Choose another input with --embed-key, or --truncate to use the first " +
                                     std::to_string(needed) + " columns"
                               : "Choose the input that the model was trained on with --embed-key");
}

} // namespace

ModelInput open_input(const InferRequest& request, const AnnData& data, const RunDirectory& run,
                      const StConfig& config, std::vector<std::string>& warnings) {
    ModelInput input;
    input.embed_key = chosen_key(request, run, config);
    input.matrix = data.matrix(
        input.embed_key.empty() ? MatrixSource{} : MatrixSource{MatrixSource::Kind::obsm, input.embed_key});
    const auto needed = static_cast<std::uint64_t>(config.input_dim);
    const bool gene_input = input.embed_key.empty() || input.embed_key == "X_hvg";
    input.genes = gene_input ? genes_of_model(run, config, config.input_dim) : Names{};
    input.gene_order = gene_input ? "gene names unknown, columns taken as they stand" : "not genes";

    GeneMatch match = match_genes(input.genes, data, input.embed_key, input.matrix->cols());
    if (!match.columns.empty()) {
        const bool same_order = match.same_order(input.matrix->cols());
        input.gene_order = same_order ? "the same names in the same order"
                                      : "columns brought into the model's order by name";
        if (!same_order) {
            input.columns = std::move(match.columns);
        }
        return input;
    }
    if (input.matrix->cols() != needed) {
        if (!request.truncate || input.matrix->cols() < needed) {
            wrong_width(request, input, config, match.found, match.named);
        }
        input.columns.resize(needed);
        std::iota(input.columns.begin(), input.columns.end(), 0u);
        input.gene_order = "the first " + std::to_string(needed) + " columns, names not matched";
        warnings.push_back("Only the first " + std::to_string(needed) + " of " +
                           std::to_string(input.matrix->cols()) + " columns are used");
    } else if (match.named) {
        input.gene_order = std::to_string(match.found) + " of " + std::to_string(needed) +
                           " genes found by name, columns taken as they stand";
        warnings.push_back("Only " + std::to_string(match.found) + " of the model's " +
                           std::to_string(needed) +
                           " genes are in the data by name; its columns are used as they stand");
    }
    return input;
}

const float* ControlPool::find(std::uint64_t row, std::int64_t width) const {
    const auto at = std::lower_bound(rows.begin(), rows.end(), row) - rows.begin();
    return values.data() + at * width;
}

std::uint64_t ControlPool::cells_with_nonfinite(std::int64_t width) const {
    std::uint64_t cells = 0;
    for (auto at = values.begin(); at != values.end(); at += width) {
        cells += std::any_of(at, at + width, [](float value) { return !std::isfinite(value); });
    }
    return cells;
}

ControlPool gather_controls(const ModelInput& input, const std::vector<std::uint64_t>& drawn,
                            std::int64_t width, JobContext& job) {
    ControlPool pool;
    pool.rows = drawn;
    std::sort(pool.rows.begin(), pool.rows.end());
    pool.rows.erase(std::unique(pool.rows.begin(), pool.rows.end()), pool.rows.end());
    const auto columns = static_cast<std::size_t>(width);
    pool.values.resize(pool.rows.size() * columns);
    job.begin("Reading control cells", pool.rows.size(), "cells");
    if (input.columns.empty()) {
        input.matrix->gather_rows(pool.rows, pool.values, job);
        job.advance_to(pool.rows.size());
        return pool;
    }
    // Some 64 MiB of whole rows at a time, of which the wanted columns stay.
    const std::uint64_t whole = input.matrix->cols();
    const std::size_t block = std::max<std::size_t>(1, (std::size_t{16} << 20) / whole);
    std::vector<float> rows;
    for (std::size_t first = 0; first < pool.rows.size(); first += block) {
        const std::size_t count = std::min(block, pool.rows.size() - first);
        rows.resize(count * whole);
        input.matrix->gather_rows(std::span(pool.rows).subspan(first, count), rows, job);
        for (std::size_t row = 0; row < count; ++row) {
            for (std::size_t column = 0; column < columns; ++column) {
                pool.values[(first + row) * columns + column] = rows[row * whole + input.columns[column]];
            }
        }
        job.advance_to(first + count);
    }
    return pool;
}

} // namespace ember

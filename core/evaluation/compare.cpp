#include "core/evaluation/compare.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "core/base/error.hpp"
#include "core/evaluation/compare_parts.hpp"
#include "core/evaluation/verdict_words.hpp"

namespace ember {

namespace {

bool has_member(const AnnData& data, const MatrixSource& source) {
    switch (source.kind) {
    case MatrixSource::Kind::x:
        return data.has_x();
    case MatrixSource::Kind::layer:
        return std::find(data.layers().begin(), data.layers().end(), source.key) != data.layers().end();
    case MatrixSource::Kind::obsm:
        return std::any_of(data.obsm().begin(), data.obsm().end(), [&](const MemberInfo& info) {
            return info.key == source.key && !info.data_frame;
        });
    case MatrixSource::Kind::raw_x:
        return data.raw_x().has_value();
    }
    return false;
}

/// The model's folder, else the file's name.
std::string name_of(const AnnData& data, const PredictionOrigin& origin) {
    const std::string model = std::filesystem::path(origin.model).filename().string();
    return model.empty() ? data.path().stem().string() : model;
}

void make_different(std::vector<ComparedPrediction>& predictions) {
    std::set<std::string> seen;
    for (ComparedPrediction& prediction : predictions) {
        std::string name = prediction.name;
        for (int i = 2; !seen.insert(name).second; ++i) {
            name = prediction.name + " (" + std::to_string(i) + ")";
        }
        prediction.name = name;
    }
}

ChangeColumns columns_of(const CompareRequest& request) {
    return {request.pert_col, request.control_pert, request.celltype_col, request.replicate_col,
            request.time_col};
}

std::vector<std::pair<std::string, std::uint64_t>> cells_by(const AnnData& data, const std::string& column) {
    std::vector<std::pair<std::string, std::uint64_t>> cells;
    if (column.empty()) {
        return cells;
    }
    const CategoricalColumn groups = as_groups(*data.obs(column));
    const std::vector<std::uint64_t> counts = count_categories(groups);
    for (std::size_t i = 0; i < counts.size(); ++i) {
        if (counts[i] > 0) {
            cells.emplace_back(groups.categories[i], counts[i]);
        }
    }
    return cells;
}

DataFacts facts_of(const CompareRequest& request, const ChangeLayout& layout) {
    const AnnData& data = *request.real;
    DataFacts facts;
    facts.cells = data.n_obs();
    facts.genes = layout.width;
    facts.compared_genes = layout.genes.size();
    facts.perturbations = cells_by(data, request.pert_col);
    facts.types = cells_by(data, request.celltype_col);
    facts.times = cells_by(data, request.time_col);
    facts.replicates = request.replicate_col.empty() ? 0 : cells_by(data, request.replicate_col).size();
    return facts;
}

void compare_labels(const CompareRequest& request, const CompareResult& result, ModelResult& model,
                    const AnnData& data) {
    std::set<std::string> real, predicted;
    for (const auto& [label, cells] : result.facts.perturbations) {
        real.insert(label);
    }
    for (const auto& [label, cells] : cells_by(data, request.pert_col)) {
        predicted.insert(label);
    }
    if (!predicted.contains(request.control_pert)) {
        throw UsageError("The prediction " + model.name + " has no cells of the control '" +
                             request.control_pert + "'",
                         "Predict the control cells, too");
    }
    std::set_difference(real.begin(), real.end(), predicted.begin(), predicted.end(),
                        std::back_inserter(model.missing));
    std::set_difference(predicted.begin(), predicted.end(), real.begin(), real.end(),
                        std::back_inserter(model.extra));
}

void warn_of_labels(CompareResult& result) {
    for (const ModelResult& model : result.models) {
        if (!model.missing.empty()) {
            result.warnings.push_back(model.name + " has no prediction of " +
                                      list_in_words(model.missing, 8) + ": left out");
        }
        if (!model.extra.empty()) {
            result.warnings.push_back("There are no real cells of " + list_in_words(model.extra, 8) +
                                      ", which " + model.name + " predicts: left out");
        }
    }
}

/// Fewer shuffles and resamples where there are many perturbations and genes, so that it ends.
ChangeOptions affordable(const CompareRequest& request, const ChangeLayout& layout, std::size_t models) {
    ChangeOptions options = request.change;
    const double one = static_cast<double>(layout.unit_pert.size()) *
                       static_cast<double>(layout.types.size()) * static_cast<double>(layout.genes.size()) *
                       static_cast<double>(1 + models);
    constexpr double budget = 4e11;
    const double most = std::max(39.0, budget / std::max(1.0, one));
    options.shuffles = static_cast<int>(std::min<double>(options.shuffles, most));
    options.bootstrap = static_cast<int>(std::min<double>(options.bootstrap, std::max(50.0, most / 2)));
    options.seed = request.seed;
    return options;
}

void check(const CompareRequest& request) {
    if (request.predictions.empty() || request.predictions.size() > most_models) {
        throw UsageError("One to four predictions can be compared, not " +
                             std::to_string(request.predictions.size()),
                         "Give them with --adata-pred");
    }
    if (!request.real) {
        throw UsageError("The real cells are missing", "Give them with --adata-real");
    }
}

void compare_changes(CompareRequest& request, CompareResult& result, JobContext& job) {
    const ChangeColumns columns = columns_of(request);
    ChangeLayout layout = change_layout(*request.real, request.real_source, columns);
    result.facts = facts_of(request, layout);
    for (std::size_t i = 0; i < request.predictions.size(); ++i) {
        const ComparedPrediction& prediction = request.predictions[i];
        compare_labels(request, result, result.models[i], *prediction.data);
        keep_common_genes(layout, *prediction.data, prediction.source);
    }
    warn_of_labels(result);
    result.facts.compared_genes = layout.genes.size();
    result.unit = layout.replicates ? replicates_in_words(request.replicate_col) : "parts of the cells";
    result.units =
        layout.replicates
            ? std::set<std::int32_t>(layout.unit_replicate.begin(), layout.unit_replicate.end()).size()
            : layout.unit_pert.size();
    request.change = affordable(request, layout, request.predictions.size());
    const ChangeSums observed =
        change_sums(*request.real, request.real_source, columns, layout, request.seed, job);
    std::vector<ChangeSums> predicted;
    for (std::size_t i = 0; i < request.predictions.size(); ++i) {
        const ComparedPrediction& prediction = request.predictions[i];
        predicted.push_back(
            change_sums(*prediction.data, prediction.source, columns, layout, request.seed, job));
        result.models[i].cells = prediction.data->n_obs();
        if (predicted.back().nonfinite > 0) {
            result.warnings.push_back(prediction.name + ": " + count_in_words(predicted.back().nonfinite) +
                                      " cells with values that are not finite were left out");
        }
    }
    if (observed.nonfinite > 0) {
        result.warnings.push_back(count_in_words(observed.nonfinite) +
                                  " real cells with values that are not finite were left out");
    }
    result.changes = agree_on_change(layout, observed, predicted, request.change, job);
    result.genes = layout.genes;
    result.warnings.insert(result.warnings.end(), layout.warnings.begin(), layout.warnings.end());
}

Schema schema_of(const CompareRequest& request) {
    Schema schema;
    schema.pert_col.value = request.pert_col;
    schema.control_pert.value = request.control_pert;
    schema.celltype_col.value = request.celltype_col;
    schema.timepoint_col.value = request.time_col;
    schema.replicate_col.value = request.replicate_col;
    schema.batch_col.value = request.batch_col;
    return schema;
}

/// The prediction's own columns only: a file may lack the replicates.
Schema known_in(const AnnData& data, Schema schema) {
    for (SchemaEntry* entry : {&schema.celltype_col, &schema.timepoint_col, &schema.replicate_col}) {
        const auto& columns = data.obs_columns();
        if (std::none_of(columns.begin(), columns.end(),
                         [&](const ColumnInfo& column) { return column.name == entry->value; })) {
            entry->value.clear();
        }
    }
    return schema;
}

void compare_conditions_of(const CompareRequest& request, CompareResult& result, JobContext& job) {
    for (std::size_t i = 0; i < request.predictions.size(); ++i) {
        const ComparedPrediction& prediction = request.predictions[i];
        ModelResult& model = result.models[i];
        model.difference_request = difference_request(*prediction.data, prediction.source,
                                                      known_in(*prediction.data, schema_of(request)));
        model.difference_request.permutations = request.permutations;
        model.difference_request.seed = request.seed;
        model.difference_request.adata = prediction.data->path();
        model.difference = compare_conditions(*prediction.data, model.difference_request, job);
    }
}

std::string first_of(const std::string& recorded, const std::string& guessed) {
    return recorded.empty() ? guessed : recorded;
}

} // namespace

CompareRequest compare_request(AnnDataPtr real, const std::vector<AnnDataPtr>& predictions,
                               const Schema& schema, const std::vector<std::string>& names) {
    CompareRequest request;
    request.real = std::move(real);
    for (std::size_t i = 0; i < predictions.size(); ++i) {
        ComparedPrediction prediction;
        prediction.data = predictions[i];
        prediction.origin = prediction_origin(*predictions[i]);
        prediction.source = predicted_matrix(*predictions[i], prediction.origin);
        prediction.name =
            i < names.size() && !names[i].empty() ? names[i] : name_of(*predictions[i], prediction.origin);
        request.predictions.push_back(std::move(prediction));
    }
    make_different(request.predictions);
    const PredictionOrigin origin =
        request.predictions.empty() ? PredictionOrigin() : request.predictions.front().origin;
    request.pert_col = first_of(origin.pert_col, schema.pert_col.value);
    request.control_pert = request.pert_col == schema.pert_col.value
                               ? first_of(schema.control_pert.value, origin.control_pert)
                               : first_of(origin.control_pert, schema.control_pert.value);
    request.celltype_col = first_of(origin.celltype_col, schema.celltype_col.value);
    request.batch_col = first_of(origin.batch_col, schema.batch_col.value);
    request.time_col = schema.timepoint_col.value;
    request.replicate_col = schema.replicate_col.value;
    if (!request.predictions.empty() && has_member(*request.real, request.predictions.front().source)) {
        request.real_source = request.predictions.front().source;
    }
    return request;
}

CompareResult compare(const CompareRequest& asked, JobContext& job) {
    check(asked);
    CompareRequest request = asked;
    CompareResult result;
    for (const ComparedPrediction& prediction : request.predictions) {
        ModelResult model;
        model.name = prediction.name;
        model.origin = prediction.origin;
        result.models.push_back(std::move(model));
    }
    compare_changes(request, result, job);
    compare_conditions_of(request, result, job);
    if (request.metrics) {
        add_metrics(request, result, job);
    }
    if (request.genes) {
        add_genes(request, result, job);
    }
    if (request.pathways) {
        add_pathways(request, result, job);
    }
    result.verdicts = verdicts_on(request, result);
    for (const std::string& warning : result.warnings) {
        job.warn(warning);
    }
    return result;
}

} // namespace ember

// What a model was trained with, and what a data set has.

#include <algorithm>
#include <cmath>
#include <map>

#include "core/analysis/schema_guess.hpp"
#include "core/genes/doctor.hpp"
#include "core/genes/gene_columns.hpp"
#include "core/run/st_config.hpp"

namespace ember {

namespace fs = std::filesystem;

namespace {

std::string first_of(std::initializer_list<std::string> texts) {
    for (const std::string& text : texts) {
        if (!text.empty()) {
            return text;
        }
    }
    return {};
}

SchemaHints hints_of(const ModelKnowledge& model) {
    SchemaHints hints;
    hints.pert_col = model.pert_col;
    hints.control_pert = model.control;
    hints.celltype_col = model.celltype_col;
    hints.batch_col = model.batch_col;
    hints.embed_key = model.input;
    hints.perturbations = model.perturbations;
    hints.celltypes = model.cell_types;
    hints.batches = model.batches;
    hints.input_dim = model.width;
    return hints;
}

/// Labels that have cells, in category order; a missing value has the label "nan", as in Predict.
std::vector<FitLabel> count_labels(const CategoricalColumn& column) {
    std::vector<FitLabel> counts;
    const std::vector<std::uint64_t> cells = count_categories(column);
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (cells[i] != 0) {
            counts.push_back({column.categories[i], cells[i]});
        }
    }
    const auto missing = std::count(column.codes.begin(), column.codes.end(), -1);
    if (missing != 0) {
        counts.push_back({"nan", static_cast<std::uint64_t>(missing)});
    }
    return counts;
}

std::vector<FitLabel> labels_of(const AnnData& data, const std::string& column) {
    return column.empty() ? std::vector<FitLabel>() : count_labels(as_groups(*data.obs(column)));
}

std::vector<FitCrossing> cross(const AnnData& data, const std::string& pert_col,
                               const std::string& celltype_col) {
    if (pert_col.empty() || celltype_col.empty()) {
        return {};
    }
    const CategoricalColumn perts = as_groups(*data.obs(pert_col)),
                            types = as_groups(*data.obs(celltype_col));
    std::map<std::pair<std::int32_t, std::int32_t>, std::uint64_t> cells;
    for (std::size_t i = 0; i < perts.codes.size(); ++i) {
        if (perts.codes[i] >= 0 && types.codes[i] >= 0) {
            ++cells[{perts.codes[i], types.codes[i]}];
        }
    }
    std::vector<FitCrossing> crossed;
    for (const auto& [codes, count] : cells) {
        crossed.push_back({perts.categories[static_cast<std::size_t>(codes.first)],
                           types.categories[static_cast<std::size_t>(codes.second)], count});
    }
    return crossed;
}

std::vector<double> sum_columns(const Matrix& matrix, JobContext& job) {
    std::vector<double> sums(matrix.cols(), 0.0);
    const auto add = [&sums](std::size_t column, double value) {
        if (std::isfinite(value)) {
            sums[column] += value;
        }
    };
    job.begin("Summing expression", matrix.rows(), "cells");
    matrix.for_each_block(
        [&](const RowBlock<float>& block) {
            if (block.sparse) {
                for (std::size_t i = 0; i < block.values.size(); ++i) {
                    add(block.indices[i], block.values[i]);
                }
            } else {
                for (std::size_t i = 0; i < block.dense.size(); ++i) {
                    add(i % block.cols, block.dense[i]);
                }
            }
            job.advance_to(block.first_row + block.rows);
        },
        job);
    return sums;
}

/// The matrix that Predict would read: the one asked for, else the model's, else one of its width.
void settle_input(const AnnData& data, const std::string& key, bool sum_expression, FitData& facts,
                  JobContext& job) {
    if (key.empty()) {
        return;
    }
    facts.input = key;
    const std::string embed_key = key == "X" ? "" : key;
    const MatrixPtr matrix =
        data.matrix(embed_key.empty() ? MatrixSource{} : MatrixSource{MatrixSource::Kind::obsm, embed_key});
    facts.width = matrix->cols();
    facts.column_names = matrix_column_names(data, embed_key, facts.width);
    if (sum_expression) {
        facts.expression = sum_columns(*matrix, job);
    }
}

} // namespace

ModelKnowledge knowledge_of(const fs::path& run_directory) {
    const RunDirectory run = open_run_directory(run_directory);
    const StConfig config = read_st_config(*Checkpoint::open(run.default_checkpoint()), &run);
    const auto configured = [&run](const char* key) {
        return run.config_text(std::string("data.kwargs.") + key);
    };
    ModelKnowledge model;
    const fs::path folder = fs::absolute(run_directory).lexically_normal();
    model.name = (folder.has_filename() ? folder : folder.parent_path()).filename().string();
    model.path = run_directory.string();
    model.perturbations = run.perturbations.labels;
    model.cell_types = run.cell_types.labels;
    model.batches = run.batches.labels;
    model.control = first_of({configured("control_pert"), config.control_pert});
    model.pert_col = configured("pert_col");
    model.celltype_col = configured("cell_type_key");
    model.batch_col = configured("batch_col");
    model.input = first_of({configured("embed_key"), config.embed_key, "X"});
    model.reads_genes = model.input == "X" || model.input == "X_hvg";
    model.width = static_cast<std::uint64_t>(config.input_dim);
    if (model.reads_genes) {
        model.genes = genes_of_model(run, config, config.input_dim);
    }
    model.uses_batches = config.batch_encoder;
    const HeldOutCells held_out = read_held_out(run);
    model.held_out = held_out.parts;
    model.held_out_file = held_out.file.filename().string();
    return model;
}

FitData facts_of(const AnnData& data, const ModelKnowledge& model, const FitRequest& request,
                 JobContext& job) {
    const Schema schema = guess_schema(data, hints_of(model));
    FitData facts;
    facts.name = data.path().filename().string();
    facts.path = data.path().string();
    facts.cells = data.n_obs();
    facts.pert_col = first_of({request.pert_col, schema.pert_col.value});
    facts.pert_reason = schema.pert_col.reason;
    facts.control = schema.control_pert.value;
    facts.control_reason = schema.control_pert.reason;
    facts.celltype_col = first_of({request.celltype_col, schema.celltype_col.value});
    facts.batch_col = first_of({request.batch_col, schema.batch_col.value});
    facts.perturbations = labels_of(data, facts.pert_col);
    facts.cell_types = labels_of(data, facts.celltype_col);
    facts.batches = labels_of(data, facts.batch_col);
    const auto has_cells = [&](const std::string& label) {
        return std::any_of(facts.perturbations.begin(), facts.perturbations.end(),
                           [&](const FitLabel& known) { return known.label == label; });
    };
    if (!request.control_pert.empty()) {
        facts.control = request.control_pert;
    } else if (facts.pert_col != schema.pert_col.value) {
        facts.control = has_cells(model.control) ? model.control : std::string();
        facts.control_reason = "No label of '" + facts.pert_col + "' is the model's control";
    }
    if (!facts.control.empty() && !has_cells(facts.control)) {
        facts.control_reason = "No cell has the label '" + facts.control + "'";
        facts.control.clear();
    }
    job.check_cancelled();
    facts.crossed = cross(data, facts.pert_col, facts.celltype_col);
    settle_input(data, first_of({request.embed_key, schema.embed_key.value}), request.sum_expression, facts,
                 job);
    return facts;
}

FitReport examine_fit(const FitRequest& request, JobContext& job) {
    const ModelKnowledge model = knowledge_of(request.model_dir);
    job.check_cancelled();
    const AnnDataPtr data = AnnData::open(request.adata);
    return diagnose_fit(model, facts_of(*data, model, request, job));
}

} // namespace ember

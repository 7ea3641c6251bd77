#include "core/model/infer.hpp"

#include <algorithm>
#include <chrono>

#include "core/base/error.hpp"
#include "core/base/nearest_names.hpp"
#include "core/model/infer_cells.hpp"
#include "core/model/infer_input.hpp"
#include "core/model/infer_labels.hpp"
#include "core/model/infer_output.hpp"
#include "core/model/infer_plan.hpp"
#include "core/model/infer_provenance.hpp"
#include "core/model/pert_encodings.hpp"
#include "core/model/st_model.hpp"

namespace ember {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Rows whose column i belongs at columns[i]; `room` holds the result.
std::span<const float> reordered(std::span<const float> rows, const std::vector<std::uint32_t>& columns,
                                 std::vector<float>& room) {
    room.resize(rows.size());
    for (std::size_t first = 0; first < rows.size(); first += columns.size()) {
        for (std::size_t i = 0; i < columns.size(); ++i) {
            room[first + columns[i]] = rows[first + i];
        }
    }
    return room;
}

/// Everything that one prediction is made of, in the order in which it comes to be known.
class Prediction {
public:
    Prediction(const InferRequest& request, JobContext& job) : request_(request), job_(job) {}

    InferResult run() {
        open();
        choose_columns();
        plan();
        encode();
        predict();
        return std::move(result_);
    }

private:
    void open();
    void check_belongs(const StConfig& config) const;
    void choose_columns();
    void plan();
    void encode();
    void order_genes();
    void predict();
    void predict_pass(std::span<const SetWindow> sets);
    void write_set(const SetWindow& set, std::size_t first_in_pass);
    void warn(const std::vector<std::string>& texts) {
        for (const std::string& text : texts) {
            result_.warnings.push_back(text);
            job_.warn(text);
        }
    }

    const InferRequest& request_;
    JobContext& job_;
    InferResult result_;
    RunDirectory run_;
    CheckpointPtr checkpoint_;
    std::unique_ptr<StModel> model_;
    AnnDataPtr data_;
    ModelInput input_;
    CellLabels perts_, cell_types_;
    ControlLabel control_;
    CellsToPredict cells_;
    PredictionPlan plan_;
    ControlPool pool_;
    std::vector<std::int32_t> batch_of_row_; ///< by row of the file; empty: no batch term
    PertEncodings encodings_;
    OutputMembers members_;
    std::vector<std::uint32_t> gene_columns_; ///< of the output, in the model's order; empty: the same
    std::unique_ptr<PredictionSink> sink_;
    StBatch batch_;
    StOutput output_;
    std::vector<float> basal_, reordered_, reordered_genes_;
    std::vector<std::int32_t> pert_index_, batch_index_;
    std::uint64_t done_ = 0;
};

void Prediction::open() {
    if (request_.device != "auto" && request_.device != "cpu" && request_.device != "cuda") {
        throw UsageError("There is no device '" + request_.device + "'", "Use auto, cpu or cuda");
    }
    if (request_.device == "cuda") {
        throw Error("NoDevice", "This build of the engine has no CUDA", {"", "--device", {}},
                    "Use --device cpu");
    }
    check_output(request_);
    const auto start = Clock::now();
    job_.begin("Opening the data and the model", 0, "");
    data_ = AnnData::open(request_.adata);
    run_ = open_run_directory(request_.model_dir);
    checkpoint_ =
        Checkpoint::open(request_.checkpoint.empty() ? run_.default_checkpoint() : request_.checkpoint);
    StConfig config = read_st_config(*checkpoint_, &run_);
    check_belongs(config);
    model_ = std::make_unique<StModel>(checkpoint_, std::move(config));
    result_.load_seconds = seconds_since(start);
    job_.check_cancelled();
}

/// The checkpoint was trained with the run directory's vocabulary.
void Prediction::check_belongs(const StConfig& config) const {
    if (run_.perturbations.dim != config.pert_dim) {
        throw Error("ShapeMismatch",
                    "The perturbation map has vectors of " + std::to_string(run_.perturbations.dim) +
                        " numbers, the checkpoint needs " + std::to_string(config.pert_dim),
                    {run_.path.string(), "pert_onehot_map.pt", {}},
                    "The checkpoint belongs to another run directory");
    }
}

void Prediction::choose_columns() {
    const StConfig& config = model_->config();
    perts_ = read_labels(*data_, pert_column(request_, run_));
    const std::string type_column = celltype_column(request_, run_, *data_);
    if (type_column.empty()) {
        cell_types_ = {"", {"__ALL__"}, std::vector<std::uint32_t>(data_->n_obs(), 0)};
        warn({"The data has no cell type column that is known: controls are drawn from all cells"});
    } else {
        cell_types_ = read_labels(*data_, type_column);
    }
    control_ = find_control(request_, run_, config, perts_, request_.adata.string());
    std::vector<std::string> warnings;
    input_ = open_input(request_, *data_, run_, config, warnings);
    BatchIndices batches = read_batches(request_, run_, config, *data_, warnings);
    warn(warnings);
    batch_of_row_ = std::move(batches.index);
    result_.batch_col = std::move(batches.column);
    result_.control_pert = control_.in_data;
    result_.pert_col = perts_.column;
    result_.celltype_col = cell_types_.column;
    result_.embed_key = input_.embed_key;
}

void Prediction::plan() {
    const StConfig& config = model_->config();
    constexpr std::int64_t longest = 1'000'000;
    const std::int64_t trained = config.cell_set_len > 0 ? std::min(config.cell_set_len, longest) : 256;
    const std::int64_t set_len = request_.max_set_len.value_or(trained);
    if (set_len < 1 || set_len > longest) {
        throw UsageError("--max-set-len must be between 1 and 1000000");
    }
    std::vector<std::string> warnings;
    cells_ = choose_cells(request_, *data_, perts_, cell_types_, control_.in_data, run_, warnings);
    warn(warnings);
    job_.check_cancelled();
    plan_ = plan_prediction(cells_, cell_types_, control_.in_data, static_cast<std::uint32_t>(set_len),
                            request_.seed);
    members_ = output_members(request_, config, input_, data_->n_vars());
    if (members_.genes == "X") {
        order_genes();
    }
    result_.cells = cells_.source.size();
    result_.width = members_.width;
    result_.output = request_.output;
    const bool h5ad = request_.output.extension() == ".h5ad";
    result_.written_to = h5ad ? members_.prediction : "";
}

/// The decoder's genes stand in the model's order, those of X in the data's.
void Prediction::order_genes() {
    const StConfig& config = model_->config();
    const auto genes = genes_of_model(run_, config, config.gene_dim);
    GeneMatch match = match_genes(genes, *data_, "", members_.gene_width);
    if (match.columns.empty() && match.named) {
        warn({"Only " + std::to_string(match.found) + " of the model's " + std::to_string(genes.size()) +
              " genes are in the data by name; the decoded genes stand in the model's order"});
    } else if (!match.same_order(members_.gene_width)) {
        gene_columns_ = std::move(match.columns);
    }
}

void Prediction::encode() {
    const LabelMap& map = run_.perturbations;
    encodings_ = encode_perturbations(*model_, map, cells_, control_.in_model, job_);
    for (const UnknownPerturbation& pert : encodings_.unknown) {
        const auto nearest = nearest_names(pert.label, map.labels);
        warn({"The model never saw the perturbation '" + pert.label + "': " + std::to_string(pert.cells) +
              " cells are predicted as its control '" + control_.in_model + "'" +
              (nearest.empty() ? "" : " (nearest known: " + quoted_list(nearest) + ")")});
    }
    result_.unknown = encodings_.unknown;
}

void Prediction::predict() {
    const auto start = Clock::now();
    pool_ = gather_controls(input_, plan_.controls, model_->config().input_dim, job_);
    if (const auto cells = pool_.cells_with_nonfinite(model_->config().input_dim); cells != 0) {
        warn({std::to_string(cells) +
              " control cells hold NaN or infinite values: predictions from them are NaN"});
    }
    job_.info(std::to_string(pool_.rows.size()) + " control cells in memory, " +
              std::to_string((pool_.values.size() * sizeof(float)) >> 20) + " MiB");
    sink_ = open_sink(request_, *data_, perts_.column, cells_, members_, result_, job_);

    // Longest sets first, so that sets of one length stand together.
    std::stable_sort(plan_.sets.begin(), plan_.sets.end(),
                     [](const SetWindow& a, const SetWindow& b) { return a.count > b.count; });
    const auto forward_start = Clock::now();
    job_.begin("Predicting", plan_.cells.size(), "cells");
    for (std::size_t first = 0; first < plan_.sets.size();) {
        std::size_t last = first + 1;
        std::int64_t cells = plan_.sets[first].count;
        while (last < plan_.sets.size() && cells + plan_.sets[last].count <= cells_per_pass) {
            cells += plan_.sets[last++].count;
        }
        predict_pass(std::span(plan_.sets).subspan(first, last - first));
        first = last;
    }
    result_.cells_per_second =
        static_cast<double>(result_.cells) / std::max(1e-9, seconds_since(forward_start));
    job_.begin("Finishing the file", 0, "");
    sink_->finish(request_.output.empty()
                      ? nlohmann::json()
                      : provenance_of(request_, result_, control_, input_, *checkpoint_, job_));
    sink_.reset();
    result_.predict_seconds = seconds_since(start);
}

void Prediction::predict_pass(std::span<const SetWindow> sets) {
    const StConfig& config = model_->config();
    const auto width = config.input_dim;
    basal_.clear();
    pert_index_.clear();
    batch_index_.clear();
    batch_.set_lengths.clear();
    for (const SetWindow& set : sets) {
        batch_.set_lengths.push_back(set.count);
        for (std::uint64_t i = set.first; i < set.first + set.count; ++i) {
            const float* state = pool_.find(plan_.controls[i], width);
            basal_.insert(basal_.end(), state, state + width);
            pert_index_.push_back(encodings_.row_of_pert[set.pert]);
            if (!batch_of_row_.empty()) {
                batch_index_.push_back(batch_of_row_[cells_.source[plan_.cells[i]]]);
            }
        }
    }
    batch_.basal = basal_;
    batch_.pert_encodings = encodings_.values;
    batch_.pert_index = pert_index_;
    batch_.batch_index = batch_index_;
    batch_.decode_genes = !members_.genes.empty();
    const auto cells = static_cast<double>(pert_index_.size());
    batch_.on_progress = [&](double share) {
        job_.advance_to(done_ + static_cast<std::uint64_t>(share * cells));
    };
    model_->forward(batch_, output_, job_);
    if (config.output_space != OutputSpace::embedding) {
        // arc-state clips predictions in gene space to what log1p counts can be.
        for (std::vector<float>* values : {&output_.prediction, &output_.genes}) {
            for (float& value : *values) {
                value = value < 0.0f ? 0.0f : value > 14.0f ? 14.0f : value;
            }
        }
    }
    std::size_t first_in_pass = 0;
    for (const SetWindow& set : sets) {
        write_set(set, first_in_pass);
        first_in_pass += set.count;
        done_ += set.count;
    }
    job_.advance_to(done_);
}

void Prediction::write_set(const SetWindow& set, std::size_t first_in_pass) {
    const std::span rows = std::span(plan_.cells).subspan(set.first, set.count);
    const auto part = [&](const std::vector<float>& values, std::uint64_t width) {
        return values.empty()
                   ? std::span<const float>{}
                   : std::span<const float>(values).subspan(first_in_pass * width, set.count * width);
    };
    std::span<const float> prediction = part(output_.prediction, members_.width);
    if (input_.permuted() && input_.columns.size() == members_.width) {
        prediction = reordered(prediction, input_.columns, reordered_);
    }
    std::span<const float> genes = part(output_.genes, members_.gene_width);
    if (!gene_columns_.empty()) {
        genes = reordered(genes, gene_columns_, reordered_genes_);
    }
    sink_->write(rows, prediction, genes);
}

} // namespace

InferResult infer_with_st_model(const InferRequest& request, JobContext& job) {
    return Prediction(request, job).run();
}

} // namespace ember

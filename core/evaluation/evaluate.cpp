#include "core/evaluation/evaluate.hpp"

#include <algorithm>
#include <cmath>

#include "core/base/error.hpp"
#include "core/evaluation/baselines.hpp"
#include "core/evaluation/cell_places.hpp"
#include "core/evaluation/compared_cells.hpp"
#include "core/evaluation/control_tests.hpp"
#include "core/evaluation/resampling.hpp"
#include "core/evaluation/score_candidate.hpp"

namespace ember {

namespace {

/// Tables of single cell types are kept up to this many rows.
constexpr std::size_t most_test_rows = 8'000'000;

struct Contender {
    Candidate candidate;
    ScoreSheet sheet;
    bool shuffled = false;
};

bool wants_tests(const ScoreSheet& sheet) {
    const auto& all = metric_catalogue();
    return std::any_of(all.begin(), all.end(), [&](const MetricInfo& metric) {
        return sheet.wants(metric.name) &&
               (metric.name.starts_with("de_") || metric.name.ends_with("_auc") ||
                metric.name.starts_with("overlap") || metric.name.starts_with("precision"));
    });
}

class Evaluation {
public:
    Evaluation(const AnnData& pred, const AnnData& real, const EvaluationRequest& request, JobContext& job)
        : request_(request),
          job_(job),
          cells_(compare_cells(pred, real, request, job)),
          real_sums_(sum_groups(cells_.pool, cells_.real, shape_of(cells_), job)) {
        const std::vector<std::string> columns = chosen_metrics(request);
        const auto add = [&](Candidate candidate, bool shuffled) {
            ScoreSheet sheet(cells_, candidate, columns);
            contenders_.push_back({std::move(candidate), std::move(sheet), shuffled});
        };
        if (request.pred_embedding && request.real_embedding) {
            read_embeddings(*pred.matrix(*request.pred_embedding), *real.matrix(*request.real_embedding));
        }
        add({"prediction", cells_.pred, false, request.control == ControlCells::predicted}, false);
        for (const Baseline baseline : request.baselines) {
            add(make_baseline(baseline, cells_, real_sums_, request.seed),
                baseline == Baseline::shuffled_labels);
        }
    }

    EvaluationResult run() {
        for (Contender& contender : contenders_) {
            score_means_of(contender.sheet, contender.candidate);
            if (contender.shuffled) {
                score_more_shuffles(contender);
            }
            score_embedding(contender);
        }
        warn_of_copies();
        for (const std::int32_t type : contenders_.front().sheet.slices()) {
            score_slice(type);
        }
        score_cells();
        result_.columns = chosen_metrics(request_);
        result_.genes = cells_.genes;
        result_.prediction = contenders_.front().sheet.finish();
        for (std::size_t i = 1; i < contenders_.size(); ++i) {
            result_.baselines.push_back(contenders_[i].sheet.finish());
        }
        warn_of_undefined();
        result_.warnings = cells_.warnings;
        result_.notes = cells_.notes;
        return std::move(result_);
    }

private:
    /// Rows as in the pool of expression: the real cells first.
    void read_embeddings(const Matrix& pred, const Matrix& real) {
        if (pred.cols() != real.cols()) {
            throw Error("ShapeMismatch",
                        pred.info().name + " of the prediction has " + std::to_string(pred.cols()) +
                            " columns, that of the real cells " + std::to_string(real.cols()),
                        {request_.adata_pred.string(), pred.info().name, {}},
                        "Choose an embedding that both files have with --embed-key");
        }
        std::vector<std::int32_t> same(pred.cols());
        for (std::size_t i = 0; i < same.size(); ++i) {
            same[i] = static_cast<std::int32_t>(i);
        }
        ValueLimits any;
        embeddings_ = CellPool(pred.cols());
        embeddings_.add(real, same, any, job_);
        embeddings_.add(pred, same, any, job_);
    }

    void score_means_of(ScoreSheet& sheet, const Candidate& candidate) {
        const GroupSums pred = sum_groups(cells_.pool, candidate.cells, shape_of(cells_), job_);
        score_means(sheet, cells_, candidate, pred, real_sums_, job_);
    }

    void score_more_shuffles(Contender& contender) {
        std::vector<ScoreSheet> sheets = {contender.sheet};
        for (std::uint64_t draw = 1; draw < label_shuffles; ++draw) {
            sheets.push_back(contender.sheet);
            score_means_of(sheets.back(),
                           make_baseline(Baseline::shuffled_labels, cells_, real_sums_, request_.seed, draw));
        }
        contender.sheet.take_means(sheets);
    }

    void score_embedding(Contender& contender) {
        if (embeddings_.rows() > 0 && !contender.candidate.means_only) {
            const GroupShape shape = shape_of(cells_);
            score_embedded_discrimination(contender.sheet,
                                          sum_groups(embeddings_, contender.candidate.cells, shape, job_),
                                          sum_groups(embeddings_, cells_.real, shape, job_));
        }
    }

    /// A file that another program wrote may hold its prediction in obsm and the real cells in X.
    void warn_of_copies() {
        const LabelledCells &pred = contenders_.front().candidate.cells, &real = cells_.real;
        std::vector<float> x(cells_.genes.size()), y(cells_.genes.size());
        bool same = pred.size() == real.size();
        for (std::size_t i = 0; same && i < pred.size(); ++i) {
            cells_.pool.read(pred.row[i], x.data());
            cells_.pool.read(real.row[i], y.data());
            same = x == y;
        }
        if (same) {
            cells_.warnings.push_back("The predicted values are the real ones, value by value: choose the "
                                      "prediction with --source-pred, such as obsm/X_hvg");
        }
    }

    /// Metrics of the prediction that are nowhere defined though the real cells allow them.
    void warn_of_undefined() {
        for (const char* metric : {"pearson_delta", "perturbation_correlation"}) {
            for (const EvaluationRow& row : result_.prediction.perturbations) {
                const auto at = std::find(result_.columns.begin(), result_.columns.end(), metric);
                if (at != result_.columns.end() &&
                    std::isnan(row.values[static_cast<std::size_t>(at - result_.columns.begin())].value)) {
                    cells_.warnings.push_back("'" + row.perturbation + "': " + metric +
                                              " is not defined, because a change is the same for all genes");
                }
            }
        }
    }

    void score_slice(std::int32_t type) {
        RealSlice slice;
        slice.type = type;
        slice.name = type == every ? std::string() : cells_.types[static_cast<std::size_t>(type)];
        slice.rows = rows_by_pert(cells_, cells_.real, type);
        const std::string where = slice.name.empty() ? "" : " in " + slice.name;
        const ScoreSheet& first = contenders_.front().sheet;
        if (wants_tests(first)) {
            job_.begin("Testing genes" + where, 0, "genes");
            slice.tests = type == every && !request_.de_real.empty()
                              ? read_control_tests(request_.de_real, cells_)
                              : tests_of(slice, slice.rows, first);
        }
        job_.begin("Distances between cells" + where, cells_.perts.size(), "perturbations");
        measure_real_distances(slice, first, cells_, job_);
        for (Contender& contender : contenders_) {
            score_contender(contender, slice);
        }
        keep(result_.real_de, std::move(slice.tests));
    }

    void score_contender(Contender& contender, const RealSlice& slice) {
        const bool prediction = &contender == &contenders_.front();
        if (!slice.tests.empty() && !contender.candidate.means_only) {
            auto tests = prediction && slice.type == every && !request_.de_pred.empty()
                             ? read_control_tests(request_.de_pred, cells_)
                             : tests_of(slice, rows_by_pert(cells_, contender.candidate.cells, slice.type),
                                        contender.sheet);
            score_tests(contender.sheet, cells_, slice.type, tests, slice.tests);
            if (prediction) {
                keep(result_.pred_de, std::move(tests));
            }
        }
        score_distances(contender.sheet, cells_, contender.candidate, slice, request_, job_);
    }

    /// Where cells lie among the real ones, and the intervals of the prediction's values.
    void score_cells() {
        ScoreSheet& first = contenders_.front().sheet;
        CellValueChoice choice;
        choice.nearest = first.wants_any({"nn_distance", "nn_distance_real"});
        choice.own_type = cells_.typed && first.wants_any({"cell_type_accuracy", "cell_type_accuracy_real"});
        CellValues of_prediction, of_real;
        if (choice.nearest || choice.own_type) {
            const CellPlaces places = place_cells(cells_, job_);
            job_.begin("Finding the nearest real cells", 0, "cells");
            of_real = measure_cells(cells_, cells_.real, places, choice, request_.seed, job_);
            for (Contender& contender : contenders_) {
                CellValues values =
                    measure_cells(cells_, contender.candidate.cells, places, choice, request_.seed, job_);
                score_cell_means(contender.sheet, "nn_distance", contender.candidate.cells, values.nearest);
                score_cell_means(contender.sheet, "cell_type_accuracy", contender.candidate.cells,
                                 values.own_type);
                score_cell_means(contender.sheet, "nn_distance_real", cells_.real, of_real.nearest);
                score_cell_means(contender.sheet, "cell_type_accuracy_real", cells_.real, of_real.own_type);
                if (&contender == &contenders_.front()) {
                    of_prediction = std::move(values);
                }
            }
        }
        if (request_.bootstrap > 0) {
            score_prediction_intervals(of_prediction);
        }
    }

    void score_prediction_intervals(const CellValues& values) {
        Contender& first = contenders_.front();
        const auto& all = metric_catalogue();
        if (std::none_of(all.begin(), all.end(), [&](const MetricInfo& metric) {
                return metric.has_interval && first.sheet.wants(metric.name);
            })) {
            return;
        }
        job_.begin("Resampling", 0, "resamples");
        const ResamplePlan plan =
            plan_resampling(cells_, first.candidate.cells, request_.replicate_col, request_.seed);
        for (std::size_t p = 0; p < plan.enough.size(); ++p) {
            if (!plan.enough[p]) {
                cells_.warnings.push_back(
                    (p < cells_.perts.size() ? "'" + cells_.perts[p] + "'" : "The control") +
                    " has one replicate only: no intervals" + (p < cells_.perts.size() ? " for it" : ""));
            }
        }
        if (score_intervals(first.sheet, cells_, first.candidate, plan, values.nearest, values.own_type,
                            request_, job_)) {
            result_.unit = plan.unit;
        } else if (plan.enough.back()) {
            cells_.notes.push_back("No intervals: there are too many groups of cells to resample in memory");
        }
    }

    std::vector<ControlTest> tests_of(const RealSlice& slice, const std::vector<CellRows>& rows,
                                      const ScoreSheet& sheet) {
        return control_tests(cells_, rows, sheet.perts_in(slice.type), slice.name,
                             {request_.epsilon, request_.allow_discrete}, job_);
    }

    void keep(std::vector<ControlTest>& kept, std::vector<ControlTest>&& tests) {
        const bool fits = (kept.size() + tests.size()) * cells_.genes.size() <= most_test_rows;
        if (fits || kept.empty()) {
            std::move(tests.begin(), tests.end(), std::back_inserter(kept));
        }
    }

    const EvaluationRequest& request_;
    JobContext& job_;
    ComparedCells cells_;
    GroupSums real_sums_;
    CellPool embeddings_{0};
    std::vector<Contender> contenders_; ///< the prediction first
    EvaluationResult result_;
};

} // namespace

EvaluationResult evaluate(const AnnData& pred, const AnnData& real, const EvaluationRequest& request,
                          JobContext& job) {
    return Evaluation(pred, real, request, job).run();
}

} // namespace ember

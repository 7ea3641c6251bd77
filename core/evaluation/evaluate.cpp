#include "core/evaluation/evaluate.hpp"

#include "core/evaluation/baselines.hpp"
#include "core/evaluation/compared_cells.hpp"
#include "core/evaluation/score_candidate.hpp"

namespace ember {

namespace {

Scores score(const Candidate& candidate, const ComparedCells& cells, const RealCells& real,
             const EvaluationRequest& request, JobContext& job) {
    ScoreSheet sheet(cells, candidate, chosen_metrics(request));
    const GroupSums pred = sum_groups(cells.pool, candidate.cells, shape_of(cells), job);
    score_means(sheet, cells, candidate, pred, real);
    return sheet.finish();
}

} // namespace

EvaluationResult evaluate(const AnnData& pred, const AnnData& real, const EvaluationRequest& request,
                          JobContext& job) {
    EvaluationResult result;
    result.columns = chosen_metrics(request);
    ComparedCells cells = compare_cells(pred, real, request, job);
    result.genes = cells.genes;
    const RealCells truth{sum_groups(cells.pool, cells.real, shape_of(cells), job)};
    const Candidate prediction{"prediction", cells.pred, false, request.control == ControlCells::predicted};
    result.prediction = score(prediction, cells, truth, request, job);
    for (const Baseline baseline : request.baselines) {
        result.baselines.push_back(
            score(make_baseline(baseline, cells, truth.sums, request.seed), cells, truth, request, job));
    }
    result.warnings = cells.warnings;
    result.notes = cells.notes;
    return result;
}

} // namespace ember

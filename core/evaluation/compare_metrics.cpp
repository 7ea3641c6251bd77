// The metrics of a comparison.

#include "core/base/error.hpp"
#include "core/evaluation/compare_parts.hpp"

namespace ember {

void add_metrics(const CompareRequest& request, CompareResult& result, JobContext& job) {
    for (std::size_t i = 0; i < request.predictions.size(); ++i) {
        const ComparedPrediction& prediction = request.predictions[i];
        EvaluationRequest evaluation;
        evaluation.adata_pred = prediction.data->path();
        evaluation.adata_real = request.real->path();
        evaluation.pred_source = prediction.source;
        evaluation.real_source = request.real_source;
        evaluation.pert_col = request.pert_col;
        evaluation.control_pert = request.control_pert;
        evaluation.celltype_col = request.celltype_col;
        evaluation.time_col = request.time_col;
        evaluation.replicate_col = request.replicate_col;
        evaluation.bootstrap = request.change.bootstrap;
        evaluation.seed = request.seed;
        ModelResult& model = result.models[i];
        try {
            model.evaluation = evaluate(*prediction.data, *request.real, evaluation, job);
        } catch (const Cancelled&) {
            throw;
        } catch (const ResourceError&) {
            throw;
        } catch (const Error& error) {
            model.evaluation_problem = error.what();
            result.warnings.push_back("No metrics of " + prediction.name + ": " + error.what());
        }
    }
}

} // namespace ember

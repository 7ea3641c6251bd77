// The condition table of a comparison.

#include "core/base/error.hpp"
#include "core/evaluation/compare_parts.hpp"

namespace ember {

void add_genes(const CompareRequest& request, CompareResult& result, JobContext& job) {
    if (result.changes.empty() || request.celltype_col.empty()) {
        return;
    }
    std::vector<PredictedCells> predictions;
    for (const ComparedPrediction& prediction : request.predictions) {
        predictions.push_back({prediction.name, prediction.data, prediction.source});
    }
    ConditionResponseRequest& response = result.response_request;
    response.source = request.real_source;
    response.pert_col = request.pert_col;
    response.group = result.changes.front().perturbation;
    response.reference = request.control_pert;
    response.strata = {request.celltype_col};
    if (!request.time_col.empty()) {
        response.strata.push_back(request.time_col);
    }
    response.replicate_col = request.replicate_col;
    response.seed = request.seed;
    try {
        result.response = condition_response(*request.real, predictions, response, job);
        if (result.changes.size() > 1) {
            result.warnings.push_back("The condition table shows " + response.group + " only, the first of " +
                                      std::to_string(result.changes.size()) + " perturbations");
        }
    } catch (const Cancelled&) {
        throw;
    } catch (const ResourceError&) {
        throw;
    } catch (const Error& error) {
        result.warnings.push_back(std::string("No condition table: ") + error.what());
    }
}

} // namespace ember

#pragma once
// From the choices of the condition page to a request: which cells are observed, which predictions are of the
// same cells.

#include "core/genes/condition_response.hpp"
#include "views/genes/gene_context.hpp"
#include "views/genes/genes_settings.hpp"
#include "views/workspace.hpp"

namespace ember {

/// A result with its question.
struct ResponseOutcome {
    ConditionResponseRequest request;
    std::vector<PredictedCells> predictions;
    ConditionResponse response;
};

/// The measured cells that a document is about: the data set itself, or the open data set with the cells of a
/// prediction. {} when none is open.
DocumentRef observedFor(const Workspace& workspace, DocumentRef document);

/// Open predictions of these cells, in the order opened; names are made unique.
struct PredictionChoice {
    QString name;
    DocumentRef document;
};
std::vector<PredictionChoice> predictionsOf(const Workspace& workspace, DocumentRef observed);

/// With the defaults filled in: perturbed against control for each cell type × time point, all predictions;
/// the values of the matrix that was predicted where the data has it.
ResponseSettings resolved(const ResponseSettings& settings, const GeneContext& context,
                          const Workspace& workspace, DocumentRef observed);

/// Why nothing can be asked: no perturbation column, one label only; empty when all is there.
QString responseProblem(const ResponseSettings& settings, const GeneContext& context);

/// `settings` are resolved.
ConditionResponseRequest responseRequest(const ResponseSettings& settings, const GeneContext& context);
std::vector<PredictedCells> predictedCells(const ResponseSettings& settings, const Workspace& workspace,
                                           DocumentRef observed);
QString keyOf(DocumentRef observed, const ConditionResponseRequest& request,
              const std::vector<PredictedCells>& predictions);

QString stratumName(const ResponseStratum& stratum); ///< "Neu, day10"

} // namespace ember

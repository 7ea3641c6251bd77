#pragma once
// What is wrong with a prediction before it starts, field by field.

#include <optional>
#include <string>
#include <vector>

#include <QString>

#include "core/base/infer.hpp"
#include "views/document.hpp"

namespace ember {

enum class PredictField { data, model, pert_col, control, celltype_col, batch_col, embed_key, output };

struct PredictProblem {
    PredictField field;
    QString text;
    QString remedy;
    bool blocks = true; ///< false: worth knowing, the prediction runs all the same
};

/// Labels of the perturbation column; none while they are being read.
using PerturbationLabels = std::optional<std::vector<std::string>>;

/// `dataset` and `model` may be null. Looks at what is in memory and at the output's folder only.
std::vector<PredictProblem> findPredictProblems(const InferRequest& request, const DatasetDocument* dataset,
                                                const ModelDocument* model, const PerturbationLabels& labels);

/// The labels that the model never saw, without the control.
std::vector<std::string> unknownLabels(const std::vector<std::string>& labels, const SchemaHints& model,
                                       const std::string& control);

} // namespace ember

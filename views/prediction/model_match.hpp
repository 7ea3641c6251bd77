#pragma once
// Which of the open models suits a data set.

#include <vector>

#include "views/document.hpp"

namespace ember {

/// How much of what the model was trained with is in the data: its perturbation column, its input at its
/// width, its cell type and batch columns.
int modelFit(const DatasetDocument& dataset, const SchemaHints& model);

/// The best fitting one, the first of equals; null when there is none.
const ModelDocument* bestModelFor(const DatasetDocument& dataset,
                                  const std::vector<const ModelDocument*>& models);
/// The data set that this model fits best, the first of equals; null when there is none.
const DatasetDocument* bestDatasetFor(const ModelDocument& model,
                                      const std::vector<const DatasetDocument*>& datasets);

} // namespace ember

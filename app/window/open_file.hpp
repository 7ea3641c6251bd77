#pragma once
// Opens whatever a path names, in a job's thread.

#include <variant>

#include <QString>

#include "core/base/job.hpp"
#include "views/document.hpp"

namespace ember {

/// Ids are zero: whoever keeps the document gives it one.
using OpenedDocument = std::variant<DatasetDocument, ModelDocument, PredictionDocument>;

/// A run directory or a checkpoint becomes a model, an .h5ad that `infer` wrote a prediction, any other .h5ad
/// or 10x .h5 a data set. A checkpoint inside a run directory opens the directory. Reads what the window
/// shows at once, so that the GUI thread need not. Throws MissingFile and the readers' errors.
OpenedDocument openDocument(const QString& path, JobContext& job);

/// As openDocument() for the output of a prediction whose result is at hand.
PredictionDocument openPrediction(const QString& path, const QString& modelPath, const QString& inputPath,
                                  const InferResult& result, JobContext& job);

/// The member that `infer` wrote, from InferResult::written_to: "obsm/X_hvg", "layers/…" or "X".
MatrixSource sourceFrom(const std::string& writtenTo);

/// An absolute path without links and dots, so that a file is recognised however it was named.
QString canonicalPath(const QString& path);

} // namespace ember

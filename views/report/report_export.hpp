#pragma once
// A report on open predictions: asks, then compares, draws and writes in a job.

#include <QStringList>

#include "core/evaluation/compare.hpp"
#include "views/workspace.hpp"

namespace ember {

/// What is compared: columns as the user's schema of the real cells and the predictions' records have them.
CompareRequest reportRequestFor(const DatasetDocument& real,
                                const std::vector<const PredictionDocument*>& predictions);

/// Starts the job; a message says where the files are.
Job* saveReport(Workspace& workspace, const CompareRequest& request, const QStringList& paths);

/// Asks first. Null when the user thinks better of it.
Job* chooseAndSaveReport(QWidget* parent, Workspace& workspace);

} // namespace ember

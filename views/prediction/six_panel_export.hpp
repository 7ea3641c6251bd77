#pragma once
// The six-panel figure as one click: asks where, then computes, draws and writes in a job.

#include "views/document.hpp"
#include "views/prediction/six_panel_figure.hpp"
#include "views/workspace.hpp"

namespace ember {

/// What the figure of an open document shows; a prediction's columns are those that the model used.
SixPanelRequest sixPanelRequestFor(const DatasetDocument& data, const MatrixSource& source);
SixPanelRequest sixPanelRequestFor(const PredictionDocument& prediction);

struct SixPanelTarget {
    QString path;   ///< .png, .svg or .pdf
    QString tables; ///< folder for the CSV files; empty: none
    FigureOptions options;
};

/// Starts the job; a message says where the figure is. `data` stays alive as long as the job.
Job* saveSixPanels(Workspace& workspace, AnnDataPtr data, const SixPanelRequest& request,
                   const SixPanelTarget& target);

/// Asks for path, format and size first; the tables go into a folder named after the figure. Null when the
/// user thinks better of it.
Job* chooseAndSaveSixPanels(QWidget* parent, Workspace& workspace, AnnDataPtr data,
                            const SixPanelRequest& request);

} // namespace ember

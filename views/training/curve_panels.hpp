#pragma once
// The curves of one or several runs, panel by panel.

#include <vector>

#include "views/training/run_snapshot.hpp"
#include "widgets/time_curve_data.hpp"

namespace ember {

/// A run whose curves are shown, with its colour.
struct ShownRun {
    RunSnapshotPtr run;
    QString name;
    QColor color;
};

struct CurveChoice {
    bool logarithmic = false; ///< losses and the gradient norm
    double smoothing = 0.6;
    bool operator==(const CurveChoice&) const = default;
};

struct CurvePanel {
    QString key; ///< stable: "loss", "gradient_norm" …
    TimeCurveData data;
};

/// Loss, gradient norm, learning rate, throughput and waiting; then decoder, velocity and all other columns
/// where a run has them. One run: training and validation have colours of their own; several: each run has
/// its colour, validation is dashed.
std::vector<CurvePanel> curvePanels(const std::vector<ShownRun>& runs, const CurveChoice& choice);

} // namespace ember

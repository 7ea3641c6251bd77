#pragma once
// Arrows and paths over a cloud of points: displacements of cells, trajectories of groups.

#include <memory>
#include <vector>

#include <QColor>
#include <QPointF>
#include <QString>
#include <QStringList>

namespace ember {

struct CloudArrows {
    std::shared_ptr<const std::vector<float>> ends; ///< [arrows × 4]: x0 y0 x1 y1; NaN: not drawn; null: none
    std::vector<QColor> colors;                     ///< [arrows], one for all, or empty: the text's colour
    QString label;                                  ///< what an arrow is; for the note
    bool isEmpty() const { return !ends || ends->size() < 4; }
};

/// A line through nodes with an arrow head at the end of each leg.
struct CloudTrajectory {
    QString name;               ///< written at its end
    std::vector<QPointF> nodes; ///< NaN: a gap
    QStringList labels;         ///< [nodes] "day10"; empty ones are not written
    QColor color;
    bool dashed = false; ///< predicted beside observed
};

/// No more are drawn at once; a seeded part of them, the same at each view, and the note says so.
inline constexpr int mostArrows = 5000;

} // namespace ember

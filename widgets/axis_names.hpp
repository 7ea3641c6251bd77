#pragma once
// Names of categories along a horizontal or vertical axis, however many and long they are.

#include <QPointF>
#include <QRectF>
#include <QStringList>

#include "widgets/figure_parts.hpp"

namespace ember {

struct AxisNames {
    double slot = 1;   ///< width of a category
    double angle = 0;  ///< 0, 40 or 90 degrees, rising to the right
    double room = 0;   ///< length that a name may have
    int every = 1;     ///< 1: all are written; n: every n-th
    double height = 0; ///< space that they take below the axis
    double before = 0; ///< space that the first names want left of the axis
};

/// Side by side where they fit, else slanted, else upright, and where even those touch every n-th is written.
AxisNames placeAxisNames(const QStringList& names, double slot, double mostHeight, const FigureInk& ink);

/// Below the axis that begins at `start`; no name runs over `leftEdge`.
void drawAxisNames(QPainter& painter, const QStringList& names, const QPointF& start, const AxisNames& placed,
                   double leftEdge, const FigureInk& ink);

/// Names of rows of `slot` height downwards from `firstTop` in the column; those outside it are left out, and
/// where they would touch every n-th is written.
void drawRowNames(QPainter& painter, const QStringList& names, const QRectF& column, double firstTop,
                  double slot, Qt::Alignment side, const FigureInk& ink);

/// Width of the widest of the names, at most `most`.
double widestName(const QStringList& names, double most, const FigureInk& ink);

} // namespace ember

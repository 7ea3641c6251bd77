#pragma once
// Finds places for the names of points.

#include <optional>
#include <vector>

#include <QPointF>
#include <QRectF>
#include <QSizeF>

namespace ember {

struct PlacedLabel {
    QRectF box;
    bool leader = false; ///< so far away that a line must lead to its point
};

/// For each anchor (the most important first) a box near it of its size inside `area`, or none where all
/// places are taken: boxes overlap neither each other nor any anchor's dot of `radius`, and no leader line
/// crosses a box, and none lies over what is `taken`. Among free places the nearest with the fewest of
/// `others` below. Greedy.
std::vector<std::optional<PlacedLabel>> placeLabels(const std::vector<QPointF>& anchors,
                                                    const std::vector<QSizeF>& sizes,
                                                    const std::vector<QPointF>& others, const QRectF& area,
                                                    double radius, const std::vector<QRectF>& taken = {});

/// The point of the box's outline where a leader line to `anchor` ends.
QPointF leaderEnd(const QRectF& box, const QPointF& anchor);

} // namespace ember

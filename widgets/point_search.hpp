#pragma once
// Which points lie in a region, and which one is nearest.

#include <cstddef>
#include <cstdint>
#include <vector>

#include <QPointF>
#include <QRectF>

#include "core/base/cell_selection.hpp"

namespace ember {

/// Points inside a polygon (closed of itself; where it crosses itself by the even-odd rule) out of xy
/// [points × 2]. Exact in double precision: a point is inside when a ray towards smaller x meets an odd
/// number of edges.
CellSelection pointsInPolygon(const std::vector<float>& xy, const std::vector<QPointF>& polygon);

/// Left and lower edge included, right and upper too.
CellSelection pointsInRectangle(const std::vector<float>& xy, const QRectF& rectangle);

/// The nearest point within one unit of the ellipse with these half axes around `place`, or -1; the one with
/// the lower index when two are equally near. `among`: only these, when not null.
std::int64_t nearestPoint(const std::vector<float>& xy, const QPointF& place, double xRadius, double yRadius,
                          const CellSelection* among = nullptr);

} // namespace ember

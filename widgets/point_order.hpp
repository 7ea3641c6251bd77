#pragma once
// Points in the order they are drawn: fixed and random, so that no category hides another by its place in the
// file.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <QRectF>

#include "core/base/cell_selection.hpp"
#include "widgets/point_colors.hpp"
#include "widgets/point_raster.hpp"
#include "widgets/theme_colors.hpp"

namespace ember {

using SharedPoints = std::shared_ptr<const std::vector<float>>; ///< [points × 2]

/// A permutation of 0 … count - 1 that depends on `count` alone; clouds of one size share it.
std::shared_ptr<const std::vector<std::uint32_t>> drawOrder(std::size_t count);

struct OrderedPoints {
    std::shared_ptr<const std::vector<std::uint32_t>> order; ///< [points] place in the cloud
    std::vector<float> x, y;                                 ///< [points] in draw order
    QRectF bounds;                ///< of the finite points; null when there is none
    std::uint64_t generation = 0; ///< no other points have it
    std::size_t finite = 0;       ///< points with two finite coordinates
    std::size_t size() const { return x.size(); }
};

OrderedPoints orderPoints(const std::vector<float>& xy);

/// Where only the first coordinate is finite, the second becomes the share of points up to it (0 … 1).
/// Returns the points themselves where they have two coordinates.
SharedPoints withRanks(const SharedPoints& xy, bool& ranked);

/// The inks of a cloud, kept so that a new colour or selection costs no look at the codes or values.
class PointInks {
public:
    /// [points] in draw order; points that are hidden by the legend get hiddenInk. With a selection that is
    /// not empty, selected points lie above and the others fade towards the ground.
    const std::vector<std::uint32_t>& update(const std::shared_ptr<const std::vector<std::uint32_t>>& order,
                                             const PointColors& colors, const CellSelection* selection,
                                             const ThemeColors& theme);

private:
    void place(const PointColors& colors, bool sameValues);
    std::shared_ptr<const std::vector<std::uint32_t>> order_;
    PointColors placed_;                ///< whose codes or values are in places_
    std::vector<std::uint32_t> places_; ///< [points] in draw order: row of the ink table
    std::vector<float> values_;         ///< [points] in draw order, while coloured by value
    std::vector<std::uint32_t> inks_;
};

/// 1 for points that are drawn: finite and not hidden by the legend.
CellSelection drawnPoints(const std::vector<float>& xy, const PointColors& colors);

QColor missingPointColor(const ThemeColors& theme);

} // namespace ember

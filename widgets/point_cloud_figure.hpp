#pragma once
// A coloured cloud of points as plain data: screen, figure and CSV come from this one value.

#include <memory>

#include <QFont>
#include <QRectF>
#include <QString>

#include "core/base/cell_selection.hpp"
#include "widgets/point_cloud_arrows.hpp"
#include "widgets/point_colors.hpp"
#include "widgets/point_order.hpp"
#include "widgets/theme_colors.hpp"

class QPainter;

namespace ember {

struct PointCloudFigure {
    SharedPoints xy; ///< [points × 2]; points with NaN or infinity are not drawn
    QString title, xLabel, yLabel;
    PointColors colors;
    std::shared_ptr<const CellSelection> selection; ///< may be null
    CloudArrows arrows;                             ///< above the points
    std::vector<CloudTrajectory> trajectories;      ///< above the arrows
    QRectF view;                                    ///< data rectangle, top() the lowest y; null: all points
    double pointSize = 0; ///< diameter in units of 1/96 inch; 0: by number of points and area
    double opacity = 1;
    bool density = false;    ///< points per small square instead of points
    bool equalAspect = true; ///< one unit of x is as long as one of y
    bool legend = true;      ///< legend or colour bar to the right
    bool note = true;        ///< a line above that says how many points have no coordinates
    ThemeColors theme = lightThemeColors();
    QFont font; ///< its pixel size is in units of 1/96 inch
};

/// Draws into `rect`, whose units are 1/96 inch (scale the painter): vector axes, title and legend; the
/// points as an image of `dpi` pixels per inch. An empty or wholly hidden cloud gets a sentence.
void drawPointCloud(QPainter& painter, const QRectF& rect, const PointCloudFigure& figure, double dpi);

/// "point,x,y,<colour title>,selected" of what is drawn: finite, not hidden, within the view; full precision.
QString pointCloudCsv(const PointCloudFigure& figure);

/// The bounds of the points with a margin; something sensible around one point or a line. Null without
/// points.
QRectF wholeView(const QRectF& bounds);

/// The smallest rectangle around `view` of which one unit of x is as long as one of y on `area`.
QRectF withEqualAspect(const QRectF& view, const QSizeF& area);

} // namespace ember

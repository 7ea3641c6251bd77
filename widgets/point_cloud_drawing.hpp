#pragma once
// The parts of a point cloud's picture that screen and figure share.

#include <QImage>
#include <QRectF>
#include <QString>

#include "widgets/plot_axes.hpp"
#include "widgets/point_cloud_figure.hpp"
#include "widgets/point_raster.hpp"

namespace ember {

struct CloudLayout {
    QRectF area;  ///< of the points
    QRectF title; ///< null: none
    QRectF note;
    QRectF legend;
    PlotAxes axes; ///< axes.view is what the area shows
};

/// `points` are those of the figure; `note`: one line above the area, may be empty.
CloudLayout layoutCloud(const PointCloudFigure& figure, const OrderedPoints& points, const QRectF& rect,
                        const QString& note);

/// What one must know of the points: some have no coordinates, all lie at one place. Empty: nothing.
QString leftOutNote(const OrderedPoints& points);

/// leftOutNote and which arrows are drawn in `view`; empty for every view or for none.
QString cloudNote(const PointCloudFigure& figure, const OrderedPoints& points, const QRectF& view);

/// Why nothing is drawn; empty when something is.
QString whyEmpty(const OrderedPoints& points, const PointColors& colors);

/// Draws the points; the image shares the raster's memory until the raster draws again. `pixelRatio`: pixels
/// per unit of the layout.
QImage rasterCloud(PointRaster& raster, const PointCloudFigure& figure, const OrderedPoints& points,
                   std::span<const std::uint32_t> inks, const QRectF& view, const QSize& pixels,
                   double pixelRatio);

/// Legend or colour bar as part of a figure.
double legendWidth(const PointCloudFigure& figure, double available);
void drawCloudLegend(QPainter& painter, const QRectF& rect, const PointCloudFigure& figure,
                     const std::vector<std::uint64_t>& counts, std::uint32_t mostInCell);

} // namespace ember

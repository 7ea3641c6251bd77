#include "widgets/point_cloud_figure.hpp"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>
#include <QPainter>

#include "widgets/formatting.hpp"
#include "widgets/histogram_data.hpp"
#include "widgets/point_cloud_drawing.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("ember::PointCloudPlot", text);
}

const SharedPoints& noPoints() {
    static const SharedPoints none = std::make_shared<const std::vector<float>>();
    return none;
}

bool isOnePlace(const OrderedPoints& points) {
    return points.bounds.width() == 0 && points.bounds.height() == 0;
}

/// Of the sRGB colours from the ground to the map's end, so that single points are seen on it.
std::vector<std::uint32_t> densityTable(ColorMap map, const ThemeColors& theme) {
    const auto& colors = colorMapTable(map);
    std::vector<std::uint32_t> table;
    for (int i = 0; i < colorMapSteps; ++i) {
        // Dark on paper, bright on a dark screen: what is dense stands out.
        const int step = theme.dark ? 40 + i * 215 / 255 : 230 - i * 230 / 255;
        table.push_back(colors[static_cast<std::size_t>(step)]);
    }
    return table;
}

} // namespace

QRectF wholeView(const QRectF& bounds) {
    if (bounds.isNull() && bounds.topLeft() == QPointF())
        return {};
    const auto half = [](double size, double other, double center) {
        if (size > 0)
            return size * 0.52; // 4 % of margin in all
        return other > 0 ? other * 0.52 : std::max(0.5, std::fabs(center) * 1e-3);
    };
    const QPointF center = bounds.center();
    const double x = half(bounds.width(), bounds.height(), center.x());
    const double y = half(bounds.height(), bounds.width(), center.y());
    return {center.x() - x, center.y() - y, 2 * x, 2 * y};
}

QRectF withEqualAspect(const QRectF& view, const QSizeF& area) {
    if (area.isEmpty() || view.isEmpty())
        return view;
    const double unit = std::max(view.width() / area.width(), view.height() / area.height());
    const double width = unit * area.width(), height = unit * area.height();
    return {view.center().x() - width / 2, view.center().y() - height / 2, width, height};
}

QString leftOutNote(const OrderedPoints& points) {
    const std::size_t left = points.size() - points.finite;
    if (points.finite == 0)
        return {};
    QStringList notes;
    if (points.finite > 1 && isOnePlace(points))
        notes << tr("All %1 points lie at one place").arg(formatCount(static_cast<qint64>(points.finite)));
    if (left > 0)
        notes << tr("%1 of %2 points have no coordinates and are not drawn")
                     .arg(formatCount(static_cast<qint64>(left)),
                          formatCount(static_cast<qint64>(points.size())));
    return notes.join(QStringLiteral("; "));
}

QString cloudNote(const PointCloudFigure& figure, const OrderedPoints& points, const QRectF& view) {
    QStringList notes{leftOutNote(points), arrowNote(figure.arrows, view)};
    notes.removeAll(QString());
    return notes.join(QStringLiteral("; "));
}

QString whyEmpty(const OrderedPoints& points, const PointColors& colors) {
    if (points.size() == 0)
        return tr("There are no points to draw.");
    if (points.finite == 0)
        return tr("None of the %1 points has coordinates.")
            .arg(formatCount(static_cast<qint64>(points.size())));
    if (colors.coloring() == PointColoring::category && !colors.names.isEmpty()) {
        const bool all = std::count(colors.hidden.begin(), colors.hidden.end(), 1) >= colors.names.size();
        if (all && (colors.missingHidden || categoryCounts(colors).back() == 0))
            return tr("All categories are hidden. Click one in the legend to show it.");
    }
    return {};
}

CloudLayout layoutCloud(const PointCloudFigure& figure, const OrderedPoints& points, const QRectF& rect,
                        const QString& note) {
    CloudLayout layout;
    QRectF rest = rect;
    const double line = QFontMetricsF(figure.font).height();
    if (!figure.title.isEmpty()) {
        layout.title = QRectF(rest.left() + 8, rest.top() + 4, rest.width() - 16, line * 1.4);
        rest.setTop(layout.title.bottom());
    }
    if (!note.isEmpty()) {
        layout.note = QRectF(rest.left() + 8, rest.top() + 2, rest.width() - 16, line);
        rest.setTop(layout.note.bottom());
    }
    if (figure.legend) {
        const double width = legendWidth(figure, rest.width());
        layout.legend = QRectF(rest.right() - width, rest.top() + line / 2, width, rest.height() - line);
        rest.setRight(rest.right() - width);
    }
    PlotAxes& axes = layout.axes;
    axes.colors = figure.theme;
    axes.font = figure.font;
    axes.xLabel = figure.xLabel;
    axes.yLabel = figure.yLabel;
    QRectF view = figure.view.isEmpty() ? wholeView(points.bounds) : figure.view;
    if (view.isEmpty())
        view = QRectF(0, 0, 1, 1);
    // Labels decide the margins, margins the area, and the area's aspect the labels: twice is enough.
    layout.area = rest.marginsRemoved(QMarginsF(line * 3, line / 2, 10, line * 2.5));
    for (int pass = 0; pass < 2; ++pass) {
        axes.view = figure.equalAspect ? withEqualAspect(view, layout.area.size()) : view;
        if (points.finite > 0) {
            axes.x = niceTicks(axes.view.left(), axes.view.right(),
                               std::max(2, static_cast<int>(layout.area.width() / (line * 5))));
            axes.y = niceTicks(axes.view.top(), axes.view.bottom(),
                               static_cast<int>(layout.area.height() / (line * 3)));
        }
        layout.area = rest.marginsRemoved(axesMargins(axes));
    }
    layout.area.setWidth(std::max(1.0, layout.area.width()));
    layout.area.setHeight(std::max(1.0, layout.area.height()));
    axes.view = figure.equalAspect ? withEqualAspect(view, layout.area.size()) : view;
    return layout;
}

QImage rasterCloud(PointRaster& raster, const PointCloudFigure& figure, const OrderedPoints& points,
                   std::span<const std::uint32_t> inks, const QRectF& view, const QSize& pixels,
                   double pixelRatio) {
    RasterView target;
    target.width = pixels.width();
    target.height = pixels.height();
    target.left = view.left();
    target.top = view.bottom(); // the image's first row is the highest y
    target.xScale = pixels.width() / view.width();
    target.yScale = -pixels.height() / view.height();
    target.alpha = static_cast<int>(std::lround(std::clamp(figure.opacity, 0.0, 1.0) * 255));
    target.ground = figure.theme.surface.rgb();
    const QRectF whole = wholeView(points.bounds);
    const double zoom = std::min(whole.width() / view.width(), whole.height() / view.height());
    const double size = figure.pointSize > 0 ? figure.pointSize
                                             : automaticPointSize(isOnePlace(points) ? 1 : points.finite,
                                                                  pixels.width() / pixelRatio,
                                                                  pixels.height() / pixelRatio, zoom);
    target.size = size * pixelRatio;
    const RasterPoints cloud{points.x, points.y, inks, points.generation};
    RasterImage image;
    if (figure.density) {
        const std::vector<std::uint32_t> table = densityTable(figure.colors.map, figure.theme);
        DensityView density;
        while (density.cell < 32 && density.cell < 3 * pixelRatio)
            density.cell *= 2;
        density.table = table;
        image = raster.drawDensity(cloud, target, density);
    } else {
        image = raster.draw(cloud, target);
    }
    return QImage(reinterpret_cast<const uchar*>(image.pixels), image.width, image.height,
                  image.stride * static_cast<qsizetype>(sizeof(std::uint32_t)), QImage::Format_RGB32);
}

void drawPointCloud(QPainter& painter, const QRectF& rect, const PointCloudFigure& figure, double dpi) {
    const SharedPoints& xy = figure.xy ? figure.xy : noPoints();
    const OrderedPoints points = orderPoints(*xy);
    const CloudLayout layout =
        layoutCloud(figure, points, rect, figure.note ? cloudNote(figure, points, figure.view) : QString());
    painter.save();
    painter.setRenderHints(QPainter::Antialiasing | QPainter::LosslessImageRendering);
    painter.fillRect(rect, figure.theme.surface);
    std::uint32_t most = 0;
    const QString sentence = whyEmpty(points, figure.colors);
    if (sentence.isEmpty()) {
        const double ratio = dpi / 96;
        const QSize pixels(std::max(1, static_cast<int>(std::lround(layout.area.width() * ratio))),
                           std::max(1, static_cast<int>(std::lround(layout.area.height() * ratio))));
        PointRaster raster;
        PointInks inked;
        const auto& inks = inked.update(points.order, figure.colors, figure.selection.get(), figure.theme);
        const QImage image = rasterCloud(raster, figure, points, inks, layout.axes.view, pixels, ratio);
        painter.drawImage(layout.area, image.copy()); // a PDF keeps it until it is written
        most = figure.density ? raster.mostInCell() : 0;
        const CloudGround ground{layout.area, layout.axes.view, figure.theme, figure.font};
        drawArrows(painter, figure.arrows, ground);
        drawTrajectories(painter, figure.trajectories, ground);
    }
    drawAxes(painter, layout.area, layout.axes);
    painter.setFont(figure.font);
    if (!sentence.isEmpty()) {
        painter.setPen(figure.theme.muted);
        painter.drawText(layout.area.adjusted(8, 8, -8, -8), Qt::AlignCenter | Qt::TextWordWrap, sentence);
    }
    if (!layout.note.isNull()) {
        painter.setPen(figure.theme.muted);
        painter.drawText(layout.note, Qt::AlignLeft | Qt::AlignVCenter,
                         cloudNote(figure, points, layout.axes.view));
    }
    if (!layout.legend.isNull() && sentence.isEmpty())
        drawCloudLegend(painter, layout.legend, figure, categoryCounts(figure.colors), most);
    if (!layout.title.isNull()) {
        const QFont heading = headingFont(figure.font, 1.15);
        painter.setFont(heading);
        painter.setPen(figure.theme.text);
        painter.drawText(
            layout.title, Qt::AlignLeft | Qt::AlignVCenter,
            QFontMetricsF(heading).elidedText(figure.title, Qt::ElideRight, layout.title.width()));
    }
    painter.restore();
}

QString pointCloudCsv(const PointCloudFigure& figure) {
    const std::vector<float>& xy = figure.xy ? *figure.xy : *noPoints();
    const PointColors& colors = figure.colors;
    const auto axis = [](const QString& label, const char* fallback) {
        return csvField(label.isEmpty() ? QString::fromLatin1(fallback) : label);
    };
    QString csv =
        QStringLiteral("point,") + axis(figure.xLabel, "x") + QLatin1Char(',') + axis(figure.yLabel, "y");
    const PointColoring coloring = colors.coloring();
    if (coloring != PointColoring::plain)
        csv += QLatin1Char(',') + axis(colors.title, "colour");
    csv += QStringLiteral(",selected\n");
    const CellSelection drawn = drawnPoints(xy, colors);
    const bool selected = figure.selection && figure.selection->size() == drawn.size();
    drawn.for_each([&](std::size_t i) {
        const double x = xy[2 * i], y = xy[2 * i + 1];
        if (!figure.view.isEmpty() && (x < figure.view.left() || x > figure.view.right() ||
                                       y < figure.view.top() || y > figure.view.bottom()))
            return;
        csv += QString::number(i) + QLatin1Char(',') + formatExact(x) + QLatin1Char(',') + formatExact(y);
        if (coloring == PointColoring::category) {
            const std::int32_t code = i < colors.codes->size() ? (*colors.codes)[i] : -1;
            csv += QLatin1Char(',') +
                   (code >= 0 && code < colors.names.size() ? csvField(colors.names[code]) : QString());
        } else if (coloring == PointColoring::value) {
            const float value = i < colors.values->size() ? (*colors.values)[i] : std::nanf("");
            csv += QLatin1Char(',') + formatExact(static_cast<double>(value));
        }
        csv += selected && figure.selection->contains(i) ? QStringLiteral(",1\n") : QStringLiteral(",0\n");
    });
    return csv;
}

} // namespace ember

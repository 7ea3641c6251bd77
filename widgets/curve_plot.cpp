#include "widgets/curve_plot.hpp"

#include <cmath>
#include <optional>

#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>

#include "widgets/curve_drawing.hpp"
#include "widgets/formatting.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

std::optional<CurveLayout::Mark> markAt(const CurveLayout& layout, const QPointF& place) {
    std::optional<CurveLayout::Mark> nearest;
    double best = 10;
    for (const CurveLayout::Mark& mark : layout.marks) {
        const double distance = std::hypot(mark.place.x() - place.x(), mark.place.y() - place.y());
        if (distance <= best) {
            best = distance;
            nearest = mark;
        }
    }
    return nearest;
}

} // namespace

CurvePlot::CurvePlot(QWidget* parent) : FigureWidget(QStringLiteral("curves"), parent) {
    setObjectName(QStringLiteral("curvePlot"));
    setWhatsThis(tr("Click an entry of the legend, or choose it with the arrow keys and press Space, to hide "
                    "or show its curve. The context menu saves the figure and its data."));
    setMouseTracking(true);
    describe();
    connect(&ThemeNotifier::instance(), &ThemeNotifier::changed, this, qOverload<>(&QWidget::update));
}

void CurvePlot::setData(CurveData data) {
    data_ = std::move(data);
    current_ = 0;
    describe();
    update();
}

void CurvePlot::setSeriesVisible(int series, bool visible) {
    if (series < 0 || series >= static_cast<int>(data_.series.size()))
        return;
    data_.series[static_cast<std::size_t>(series)].visible = visible;
    describe();
    update();
    emit seriesVisibilityChanged();
}

void CurvePlot::describe() {
    setAccessibleName(data_.title.isEmpty() ? tr("Curves") : data_.title);
    QStringList parts;
    for (const CurveSeries& series : data_.series) {
        if (series.visible && !series.name.isEmpty())
            parts << series.name;
    }
    for (const CurveTarget& target : data_.targets)
        parts << target.label;
    setAccessibleDescription(parts.join(QStringLiteral("; ")));
}

CurveFigure CurvePlot::figure() const {
    return {data_, themeColors(), screenFont(), true, false};
}

void CurvePlot::drawFigure(QPaintDevice& device, double scale, const QSize& units,
                           const FigureOptions& options) const {
    QPainter painter(&device);
    painter.scale(scale, scale);
    drawCurves(painter, QRectF(QPointF(), QSizeF(units)),
               {data_, figureColors(options), paperFont(), true, true});
}

void CurvePlot::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const CurveFigure shown = figure();
    drawCurves(painter, rect(), shown);
    if (!hasFocus())
        return;
    painter.setPen(QPen(themeColors().accent, 1));
    const CurveLayout layout = layoutCurves(shown, rect());
    if (current_ < static_cast<int>(layout.boxes.size()))
        painter.drawRect(layout.boxes[static_cast<std::size_t>(current_)].adjusted(-4, 0, 2, 0));
    else
        painter.drawRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5));
}

QString CurvePlot::textOf(int series, int point) const {
    const CurveSeries& shown = data_.series[static_cast<std::size_t>(series)];
    const auto at = static_cast<std::size_t>(point);
    const double x = curveX(shown, point);
    const QString where = data_.categories.value(static_cast<qsizetype>(x), formatNumber(x));
    QStringList lines;
    if (!shown.name.isEmpty())
        lines << shown.name;
    lines << (data_.xLabel.isEmpty() ? where : tr("%1: %2").arg(data_.xLabel, where));
    QString value = formatNumber(shown.y[at]);
    if (hasInterval(shown, point))
        value += tr(" (%1 to %2)").arg(formatNumber(shown.low[at]), formatNumber(shown.high[at]));
    lines << (data_.yLabel.isEmpty() ? value : tr("%1: %2").arg(data_.yLabel, value));
    return lines.join(QLatin1Char('\n'));
}

void CurvePlot::mouseMoveEvent(QMouseEvent* event) {
    const CurveLayout layout = layoutCurves(figure(), rect());
    const auto mark = markAt(layout, event->position());
    setCursor(mark || layout.entryAt(event->position()) >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    if (mark)
        QToolTip::showText(event->globalPosition().toPoint() + QPoint(12, 12),
                           textOf(mark->series, mark->point), this);
    else
        QToolTip::hideText();
}

void CurvePlot::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton)
        return;
    const CurveLayout layout = layoutCurves(figure(), rect());
    if (const int series = layout.entryAt(event->position()); series >= 0)
        setSeriesVisible(series, !data_.series[static_cast<std::size_t>(series)].visible);
    else if (const auto mark = markAt(layout, event->position()))
        emit pointClicked(mark->series, mark->point);
}

void CurvePlot::keyPressEvent(QKeyEvent* event) {
    const int count = static_cast<int>(data_.series.size());
    if (count > 1 && (event->key() == Qt::Key_Down || event->key() == Qt::Key_Up)) {
        current_ = (current_ + (event->key() == Qt::Key_Down ? 1 : count - 1)) % count;
        update();
    } else if (count > 1 && event->key() == Qt::Key_Space) {
        setSeriesVisible(current_, !data_.series[static_cast<std::size_t>(current_)].visible);
    } else {
        FigureWidget::keyPressEvent(event);
    }
}

bool CurvePlot::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) // the mouse shows its own at once
        return true;
    return FigureWidget::event(event);
}

} // namespace ember

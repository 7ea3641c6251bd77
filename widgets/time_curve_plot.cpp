#include "widgets/time_curve_plot.hpp"

#include <algorithm>
#include <cmath>

#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>
#include <QWheelEvent>

#include "widgets/formatting.hpp"
#include "widgets/theme.hpp"
#include "widgets/time_curve_drawing.hpp"

namespace ember {

TimeCurvePlot::TimeCurvePlot(QWidget* parent) : FigureWidget(QStringLiteral("training"), parent) {
    setObjectName(QStringLiteral("timeCurvePlot"));
    setWhatsThis(
        tr("Turn the wheel to zoom at the cursor, drag to move, double-click to see all steps. Keys: "
           "+, −, left, right, Home. The context menu saves the figure and its data."));
    setMouseTracking(true);
    describe();
    connect(&ThemeNotifier::instance(), &ThemeNotifier::changed, this, qOverload<>(&QWidget::update));
}

void TimeCurvePlot::setData(TimeCurveData data) {
    if (!data.left && !data.right) {
        data.left = data_.left;
        data.right = data_.right;
    }
    data_ = std::move(data);
    describe();
    update();
}

void TimeCurvePlot::setView(std::optional<double> left, std::optional<double> right) {
    if (data_.left != left || data_.right != right) {
        data_.left = left;
        data_.right = right;
        update();
    }
}

void TimeCurvePlot::setHover(std::optional<double> step) {
    if (hover_ != step) {
        hover_ = step;
        update();
    }
}

void TimeCurvePlot::describe() {
    setAccessibleName(data_.title.isEmpty() ? tr("Curves") : data_.title);
    setAccessibleDescription(readOut(data_, timeExtent(data_).second).join(QStringLiteral("; ")));
}

TimeCurveFigure TimeCurvePlot::figure() const {
    return {data_, themeColors(), screenFont(), true, hover_};
}

QSize TimeCurvePlot::minimumSizeHint() const {
    return {lengthInEms(this, 11), lengthInEms(this, 7)};
}

void TimeCurvePlot::drawFigure(QPaintDevice& device, double scale, const QSize& units,
                               const FigureOptions& options) const {
    QPainter painter(&device);
    painter.scale(scale, scale);
    drawTimeCurves(painter, QRectF(QPointF(), QSizeF(units)),
                   {data_, figureColors(options), paperFont(), true, {}});
}

void TimeCurvePlot::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    drawTimeCurves(painter, rect(), figure());
    if (hasFocus()) {
        painter.setPen(QPen(themeColors().accent, 1));
        painter.drawRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5));
    }
}

void TimeCurvePlot::show(double left, double right) {
    const auto whole = timeExtent(data_);
    const double least = std::max(1.0, (whole.second - whole.first) * 1e-4);
    if (right - left < least) {
        return;
    }
    std::optional<double> from = std::max(left, whole.first), to = std::min(right, whole.second);
    if (*from <= whole.first && *to >= whole.second) {
        from.reset();
        to.reset(); // follows a run that goes on
    }
    setView(from, to);
    emit viewChanged(from, to);
}

void TimeCurvePlot::zoom(double factor, double at) {
    const auto whole = timeExtent(data_);
    const double left = data_.left.value_or(whole.first), right = data_.right.value_or(whole.second);
    show(at - (at - left) * factor, at + (right - at) * factor);
}

void TimeCurvePlot::pan(double steps) {
    const auto whole = timeExtent(data_);
    const double left = data_.left.value_or(whole.first), right = data_.right.value_or(whole.second);
    const double shift = std::clamp(steps, whole.first - left, whole.second - right);
    show(left + shift, right + shift);
}

void TimeCurvePlot::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton) {
        const TimeCurveLayout layout = layoutTimeCurves(figure(), rect());
        grabbed_ = fromArea(event->position(), layout.axes.view, layout.area).x();
    }
}

void TimeCurvePlot::mouseMoveEvent(QMouseEvent* event) {
    const TimeCurveLayout layout = layoutTimeCurves(figure(), rect());
    const double step = fromArea(event->position(), layout.axes.view, layout.area).x();
    if (grabbed_ && (event->buttons() & Qt::LeftButton) != 0) {
        setCursor(Qt::ClosedHandCursor);
        pan(*grabbed_ - step);
        return;
    }
    if (!layout.any || !layout.area.contains(event->position())) {
        leaveEvent(nullptr);
        return;
    }
    setHover(step);
    emit hovered(step);
    QToolTip::showText(event->globalPosition().toPoint() + QPoint(14, 14), textAt(step), this);
}

void TimeCurvePlot::mouseReleaseEvent(QMouseEvent*) {
    grabbed_.reset();
    unsetCursor();
}

void TimeCurvePlot::mouseDoubleClickEvent(QMouseEvent*) {
    setView({}, {});
    emit viewChanged({}, {});
}

void TimeCurvePlot::leaveEvent(QEvent*) {
    if (hover_) {
        setHover({});
        emit hovered({});
        QToolTip::hideText();
    }
}

QString TimeCurvePlot::textAt(double step) const {
    QStringList lines;
    double nearest = step, distance = INFINITY;
    for (const TimeSeries& series : data_.series) {
        if (const std::ptrdiff_t at = pointNear(series, step); at >= 0) {
            const double x = (*series.x)[static_cast<std::size_t>(at)];
            if (std::fabs(x - step) < distance) {
                distance = std::fabs(x - step);
                nearest = x;
            }
        }
    }
    lines << tr("Step %1").arg(formatCount(static_cast<std::int64_t>(std::llround(nearest))));
    lines << readOut(data_, nearest);
    const auto whole = timeExtent(data_);
    const double reach =
        (data_.right.value_or(whole.second) - data_.left.value_or(whole.first)) / std::max(1, width()) * 6;
    for (const TimeMark& mark : data_.marks) {
        if (std::fabs(mark.x - step) <= reach) {
            lines << mark.text;
        }
    }
    return lines.join(QLatin1Char('\n'));
}

void TimeCurvePlot::wheelEvent(QWheelEvent* event) {
    const TimeCurveLayout layout = layoutTimeCurves(figure(), rect());
    if (!layout.any || event->angleDelta().y() == 0) {
        event->ignore();
        return;
    }
    zoom(std::pow(0.85, event->angleDelta().y() / 120.0),
         fromArea(event->position(), layout.axes.view, layout.area).x());
    event->accept();
}

void TimeCurvePlot::keyPressEvent(QKeyEvent* event) {
    const auto whole = timeExtent(data_);
    const double left = data_.left.value_or(whole.first), right = data_.right.value_or(whole.second);
    switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        return zoom(0.8, (left + right) / 2);
    case Qt::Key_Minus:
        return zoom(1.25, (left + right) / 2);
    case Qt::Key_Left:
        return pan(-(right - left) / 10);
    case Qt::Key_Right:
        return pan((right - left) / 10);
    case Qt::Key_Home:
        return mouseDoubleClickEvent(nullptr);
    default:
        FigureWidget::keyPressEvent(event);
    }
}

bool TimeCurvePlot::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) { // the mouse shows its own at once
        return true;
    }
    return FigureWidget::event(event);
}

} // namespace ember

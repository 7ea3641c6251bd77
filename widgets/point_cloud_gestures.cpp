// What mouse and wheel do on a PointCloudCanvas.

#include "widgets/point_cloud_canvas.hpp"

#include <algorithm>
#include <cmath>

#include <QHelpEvent>
#include <QMouseEvent>
#include <QTimer>
#include <QToolTip>
#include <QWheelEvent>

#include "widgets/point_search.hpp"

namespace ember {

namespace {

constexpr double reachPixels = 8; ///< how near the cursor must be to a point
constexpr double clickPixels = 4; ///< less is no drag

SelectionMode modeOf(Qt::KeyboardModifiers modifiers) {
    if ((modifiers & Qt::ShiftModifier) != 0)
        return SelectionMode::add;
    return (modifiers & (Qt::AltModifier | Qt::ControlModifier)) != 0 ? SelectionMode::remove
                                                                      : SelectionMode::replace;
}

} // namespace

void PointCloudCanvas::applyUserView(const QRectF& view) {
    const QRectF whole = wholeView(points_.bounds);
    if (whole.isEmpty())
        return;
    // Floats have no more to show, and the whole must stay findable.
    const double largest = std::max({std::fabs(whole.left()), std::fabs(whole.right()),
                                     std::fabs(whole.top()), std::fabs(whole.bottom()), 1e-30});
    const double least = std::max(std::min(whole.width(), whole.height()) * 1e-6, largest * 1e-6);
    const double most = 50 * std::max(whole.width(), whole.height());
    if (std::min(view.width(), view.height()) < least || std::max(view.width(), view.height()) > most)
        return;
    setView(view);
    emit viewChanged(figure_.view);
}

void PointCloudCanvas::zoomBy(double factor, const QPointF& at) {
    const QRectF view = visibleView();
    const QPointF fixed = fromArea(at, view, area());
    applyUserView(QRectF(fixed.x() + (view.left() - fixed.x()) * factor,
                         fixed.y() + (view.top() - fixed.y()) * factor, view.width() * factor,
                         view.height() * factor));
}

void PointCloudCanvas::panBy(const QPointF& pixels) {
    QRectF view = visibleView();
    const QRectF shown = area();
    view.translate(-pixels.x() / shown.width() * view.width(), pixels.y() / shown.height() * view.height());
    applyUserView(view);
}

void PointCloudCanvas::resetView() {
    setView({});
    emit viewChanged(figure_.view);
}

void PointCloudCanvas::wheelEvent(QWheelEvent* event) {
    const double steps = event->angleDelta().y() / 120.0;
    if (steps != 0 && points_.finite > 0)
        zoomBy(std::pow(0.8, steps), event->position());
    event->accept();
}

void PointCloudCanvas::mousePressEvent(QMouseEvent* event) {
    const bool left = event->button() == Qt::LeftButton, middle = event->button() == Qt::MiddleButton;
    if ((!left && !middle) || points_.finite == 0) {
        QWidget::mousePressEvent(event);
        return;
    }
    QToolTip::hideText();
    moved_ = false;
    pressed_ = last_ = event->position();
    path_ = QPolygonF({pressed_});
    drag_ = middle || tool_ == PointTool::pan ? Drag::pan : Drag::region;
    showCursor();
}

void PointCloudCanvas::mouseMoveEvent(QMouseEvent* event) {
    const QPointF place = event->position();
    if (drag_ == Drag::none) {
        hoverAt(place, event->globalPosition().toPoint());
        return;
    }
    moved_ = moved_ || QLineF(pressed_, place).length() >= clickPixels;
    if (!moved_)
        return;
    if (drag_ == Drag::pan) {
        panBy(place - last_);
    } else if (tool_ == PointTool::rectangle) {
        path_ = QPolygonF({pressed_, place});
        update();
    } else if (tool_ == PointTool::lasso && QLineF(path_.last(), place).length() >= 1.5) {
        path_ << place;
        update();
    }
    last_ = place;
}

void PointCloudCanvas::mouseReleaseEvent(QMouseEvent* event) {
    const Drag drag = drag_;
    if (drag == Drag::none || (event->button() != Qt::LeftButton && event->button() != Qt::MiddleButton))
        return;
    if (drag == Drag::region && moved_ && tool_ != PointTool::click)
        finishRegion(event->modifiers());
    else if (drag == Drag::region)
        clickAt(event->position(), event->modifiers());
    cancelDrag();
}

void PointCloudCanvas::mouseDoubleClickEvent(QMouseEvent* event) {
    clearLater_->stop();
    if (event->button() == Qt::LeftButton)
        resetView();
}

void PointCloudCanvas::cancelDrag() {
    drag_ = Drag::none;
    path_.clear();
    showCursor();
    update();
}

void PointCloudCanvas::finishRegion(Qt::KeyboardModifiers modifiers) {
    const QRectF view = visibleView(), shown = area();
    CellSelection region;
    if (tool_ == PointTool::rectangle) {
        region = pointsInRectangle(
            *figure_.xy, QRectF(fromArea(path_.first(), view, shown), fromArea(path_.last(), view, shown)));
    } else {
        std::vector<QPointF> polygon;
        for (const QPointF& place : path_)
            polygon.push_back(fromArea(place, view, shown));
        region = pointsInPolygon(*figure_.xy, polygon);
    }
    region.combine(drawn(), SelectionMode::intersect); // what cannot be seen is not meant
    emit regionSelected(region, modeOf(modifiers));
}

void PointCloudCanvas::clickAt(const QPointF& place, Qt::KeyboardModifiers modifiers) {
    CellSelection region(points_.size());
    if (const qint64 point = pointAt(place); point >= 0)
        region.insert(static_cast<std::size_t>(point));
    const SelectionMode mode = modeOf(modifiers);
    if (region.any())
        emit regionSelected(region, mode);
    else if (mode == SelectionMode::replace)
        clearLater_->start();
}

qint64 PointCloudCanvas::pointAt(const QPointF& place) const {
    const QRectF view = visibleView(), shown = area();
    if (points_.finite == 0 || !shown.contains(place))
        return -1;
    return nearestPoint(*figure_.xy, fromArea(place, view, shown), reachPixels * view.width() / shown.width(),
                        reachPixels * view.height() / shown.height(), &drawn());
}

void PointCloudCanvas::hoverAt(const QPointF& place, const QPoint& global) {
    const qint64 point = pointAt(place);
    if (point == hovered_)
        return;
    hovered_ = point;
    update();
    emit hovered(point);
    const QString text = point >= 0 && hoverText_ ? hoverText_(point) : QString();
    if (text.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(global, text, this);
}

void PointCloudCanvas::leaveEvent(QEvent* event) {
    QWidget::leaveEvent(event);
    if (hovered_ >= 0) {
        hovered_ = -1;
        update();
        emit hovered(-1);
    }
}

bool PointCloudCanvas::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        if (hovered_ >= 0 && hoverText_)
            QToolTip::showText(help->globalPos(), hoverText_(hovered_), this);
        return true;
    }
    return QWidget::event(event);
}

void PointCloudCanvas::showCursor() {
    if (drag_ == Drag::pan)
        setCursor(Qt::ClosedHandCursor);
    else if (tool_ == PointTool::pan)
        setCursor(Qt::OpenHandCursor);
    else
        setCursor(tool_ == PointTool::click ? Qt::PointingHandCursor : Qt::CrossCursor);
}

} // namespace ember

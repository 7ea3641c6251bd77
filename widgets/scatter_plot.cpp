#include "widgets/scatter_plot.hpp"

#include <algorithm>
#include <cmath>

#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QToolTip>
#include <QWheelEvent>

#include "widgets/formatting.hpp"
#include "widgets/theme.hpp"

namespace ember {

ScatterPlot::ScatterPlot(QWidget* parent) : FigureWidget(QStringLiteral("scatter"), parent) {
    setObjectName(QStringLiteral("scatterPlot"));
    setWhatsThis(tr("Turn the wheel to zoom, drag to move, double-click or press Home to see all points. "
                    "Click a point, or go through the labelled ones with the arrow keys and press Enter, to "
                    "choose it. The context menu saves the figure and its data."));
    setAttribute(Qt::WA_OpaquePaintEvent);
    setMouseTracking(true);
    describe();
    connect(&ThemeNotifier::instance(), &ThemeNotifier::changed, this, &ScatterPlot::changed);
}

ScatterPlot::~ScatterPlot() = default;

void ScatterPlot::setData(ScatterData data) {
    figure_.data = std::move(data);
    figure_.view = {};
    figure_.highlighted = under_ = -1;
    describe();
    changed();
}

void ScatterPlot::setHighlighted(int point) {
    if (point == highlighted())
        return;
    figure_.highlighted = point;
    changed(); // its name leaves the others' places free
}

void ScatterPlot::setView(const QRectF& view) {
    if (view == figure_.view)
        return;
    figure_.view = view;
    changed();
}

void ScatterPlot::changed() {
    layout_.reset();
    stale_ = true;
    update();
}

void ScatterPlot::describe() {
    setAccessibleName(data().title.isEmpty() ? tr("Scatter plot") : data().title);
    setAccessibleDescription(
        tr("%1; %2 against %3")
            .arg(formatCount(static_cast<qint64>(data().x.size()), tr("point"), tr("points")), data().yLabel,
                 data().xLabel));
}

const ScatterFigure& ScatterPlot::shown() const {
    figure_.theme = themeColors();
    figure_.font = screenFont();
    figure_.title = false;
    return figure_;
}

ScatterFigure ScatterPlot::figure() const {
    return shown();
}

const ScatterLayout& ScatterPlot::layout() const {
    if (!layout_)
        layout_ = layoutScatter(shown(), rect());
    return *layout_;
}

QPointF ScatterPlot::placeOf(int point) const {
    return layout().placeOf(data(), point);
}

void ScatterPlot::drawFigure(QPaintDevice& device, double scale, const QSize& units,
                             const FigureOptions& options) const {
    ScatterFigure scatter = figure();
    scatter.theme = figureColors(options);
    scatter.font = paperFont();
    scatter.title = true;
    QPainter painter(&device);
    painter.scale(scale, scale);
    drawScatter(painter, QRectF(QPointF(), QSizeF(units)), scatter, options.dpi);
}

void ScatterPlot::paintEvent(QPaintEvent*) {
    const double ratio = devicePixelRatioF();
    if (stale_ || picture_.deviceIndependentSize().toSize() != size()) {
        picture_ = QPixmap(size() * ratio);
        picture_.setDevicePixelRatio(ratio);
        QPainter painter(&picture_);
        drawScatterBelow(painter, rect(), shown(), layout(), ratio);
        stale_ = false;
    }
    QPainter painter(this);
    painter.drawPixmap(0, 0, picture_);
    drawScatterPoint(painter, shown(), layout(), highlighted());
    if (under_ != highlighted() && !dragging_)
        drawScatterPoint(painter, shown(), layout(), under_);
    if (hasFocus()) {
        painter.setPen(QPen(themeColors().accent, 1));
        painter.drawRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5));
    }
}

void ScatterPlot::resizeEvent(QResizeEvent* event) {
    FigureWidget::resizeEvent(event);
    changed();
}

void ScatterPlot::changeEvent(QEvent* event) {
    FigureWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        changed();
}

int ScatterPlot::pointAt(const QPointF& place) const {
    const ScatterLayout& l = layout();
    if (!l.area.adjusted(-4, -4, 4, 4).contains(place))
        return -1;
    int nearest = -1;
    double best = std::pow(std::max(8.0, l.pointSize), 2);
    for (int i = 0; i < static_cast<int>(data().x.size()); ++i) {
        if (!isDrawn(data(), i))
            continue;
        const QPointF away = l.placeOf(data(), i) - place;
        const double distance = QPointF::dotProduct(away, away);
        // Of points at one place the last is drawn on top.
        if (distance <= best) {
            best = distance;
            nearest = i;
        }
    }
    return nearest;
}

QString ScatterPlot::textOf(int point) const {
    const auto at = static_cast<std::size_t>(point);
    QStringList lines;
    if (point < data().names.size())
        lines << data().names[point];
    lines << tr("%1: %2").arg(data().xLabel.isEmpty() ? tr("x") : data().xLabel, formatNumber(data().x[at]));
    lines << tr("%1: %2").arg(data().yLabel.isEmpty() ? tr("y") : data().yLabel, formatNumber(data().y[at]));
    if (at < data().category.size() && data().category[at] >= 0 &&
        data().category[at] < data().categoryNames.size())
        lines << data().categoryNames[data().category[at]];
    return lines.join(QLatin1Char('\n'));
}

void ScatterPlot::userView(const QRectF& view) {
    if (!(view.width() > 0) || !(view.height() > 0) || !std::isfinite(view.width() + view.height()))
        return;
    figure_.view = view;
    changed();
    emit viewChanged(figure_.view);
}

void ScatterPlot::zoomBy(double factor, const QPointF& at) {
    const ScatterLayout& l = layout();
    if (l.drawn == 0)
        return;
    const QPointF center = fromArea(at, l.axes.view, l.area);
    const QRectF& seen = l.axes.view;
    const QRectF view(center.x() + (seen.left() - center.x()) * factor,
                      center.y() + (seen.top() - center.y()) * factor, seen.width() * factor,
                      seen.height() * factor);
    const double small = 1e-9 * std::max({1e-300, std::fabs(center.x()), std::fabs(center.y())});
    if (factor < 1 && std::min(view.width(), view.height()) < small)
        return;
    userView(view);
}

void ScatterPlot::panBy(const QPointF& pixels) {
    const ScatterLayout& l = layout();
    if (l.drawn > 0)
        userView(l.axes.view.translated(-pixels.x() / l.area.width() * l.axes.view.width(),
                                        pixels.y() / l.area.height() * l.axes.view.height()));
}

void ScatterPlot::resetView() {
    figure_.view = {};
    changed();
    emit viewChanged(figure_.view);
}

void ScatterPlot::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton && event->button() != Qt::MiddleButton)
        return;
    dragging_ = true;
    moved_ = false;
    pressed_ = last_ = event->position();
}

void ScatterPlot::mouseMoveEvent(QMouseEvent* event) {
    if (dragging_) {
        if (!moved_ && (event->position() - pressed_).manhattanLength() < 4)
            return;
        moved_ = true;
        setCursor(Qt::ClosedHandCursor);
        panBy(event->position() - last_);
        last_ = event->position();
        return;
    }
    const int point = pointAt(event->position());
    setCursor(point >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    if (point == under_)
        return;
    under_ = point;
    update();
    emit hovered(point);
    if (point >= 0)
        QToolTip::showText(event->globalPosition().toPoint() + QPoint(12, 12), textOf(point), this);
    else
        QToolTip::hideText();
}

void ScatterPlot::mouseReleaseEvent(QMouseEvent* event) {
    const bool click = dragging_ && !moved_ && event->button() == Qt::LeftButton;
    dragging_ = false;
    setCursor(Qt::ArrowCursor);
    if (!click)
        return;
    if (const int point = pointAt(event->position()); point >= 0) {
        setHighlighted(point);
        emit pointClicked(point);
    }
}

void ScatterPlot::mouseDoubleClickEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton && pointAt(event->position()) < 0)
        resetView();
}

void ScatterPlot::wheelEvent(QWheelEvent* event) {
    if (!layout().area.contains(event->position()) || event->angleDelta().y() == 0) {
        event->ignore();
        return;
    }
    zoomBy(std::pow(0.999, event->angleDelta().y()), event->position());
    event->accept();
}

void ScatterPlot::leaveEvent(QEvent* event) {
    FigureWidget::leaveEvent(event);
    if (under_ >= 0) {
        under_ = -1;
        update();
        emit hovered(-1);
    }
}

void ScatterPlot::step(int direction) {
    // Through the labelled points, which are the ones that matter; else through all.
    std::vector<int> stops;
    for (const int point : data().labelled) {
        if (isDrawn(data(), point))
            stops.push_back(point);
    }
    const bool all = stops.empty();
    for (int i = 0; all && i < static_cast<int>(data().x.size()); ++i) {
        if (isDrawn(data(), i))
            stops.push_back(i);
    }
    if (stops.empty())
        return;
    const auto at = std::find(stops.begin(), stops.end(), highlighted());
    const int count = static_cast<int>(stops.size());
    const int next = at == stops.end() ? (direction > 0 ? 0 : count - 1)
                                       : (static_cast<int>(at - stops.begin()) + direction + count) % count;
    setHighlighted(stops[static_cast<std::size_t>(next)]);
    setAccessibleDescription(textOf(highlighted()).replace(QLatin1Char('\n'), QStringLiteral("; ")));
}

void ScatterPlot::keyPressEvent(QKeyEvent* event) {
    const QRectF area = layout().area;
    const bool pan = event->modifiers().testFlag(Qt::ShiftModifier);
    switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        zoomBy(0.8, area.center());
        return;
    case Qt::Key_Minus:
        zoomBy(1.25, area.center());
        return;
    case Qt::Key_Home:
    case Qt::Key_0:
        resetView();
        return;
    case Qt::Key_Left:
    case Qt::Key_Right: {
        const int way = event->key() == Qt::Key_Right ? 1 : -1;
        pan ? panBy({-way * 0.1 * area.width(), 0}) : step(way);
        return;
    }
    case Qt::Key_Up:
    case Qt::Key_Down: {
        const int way = event->key() == Qt::Key_Down ? 1 : -1;
        pan ? panBy({0, -way * 0.1 * area.height()}) : step(way);
        return;
    }
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        if (highlighted() >= 0) {
            emit pointClicked(highlighted());
            return;
        }
        break;
    default:
        break;
    }
    FigureWidget::keyPressEvent(event);
}

void ScatterPlot::addActions(QMenu& menu) {
    menu.addSeparator();
    menu.addAction(icon(QStringLiteral("zoom-fit-best")), tr("Reset view\tHome"), this,
                   &ScatterPlot::resetView);
}

bool ScatterPlot::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) // the mouse shows its own at once
        return true;
    return FigureWidget::event(event);
}

} // namespace ember

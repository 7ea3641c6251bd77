#include "widgets/point_cloud_canvas.hpp"

#include <algorithm>
#include <cmath>

#include <QApplication>
#include <QFocusEvent>
#include <QPainter>
#include <QResizeEvent>
#include <QTimer>

#include "widgets/formatting.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

QRectF aligned(const QRectF& rect, double ratio) {
    const auto snap = [ratio](double value) { return std::round(value * ratio) / ratio; };
    return QRectF(QPointF(snap(rect.left()), snap(rect.top())),
                  QPointF(snap(rect.right()), snap(rect.bottom())));
}

} // namespace

PointCloudCanvas::PointCloudCanvas(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("pointCloudCanvas"));
    setAccessibleName(tr("Point cloud"));
    setAttribute(Qt::WA_OpaquePaintEvent);
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    figure_.legend = false;
    figure_.xy = std::make_shared<const std::vector<float>>();
    connect(&ThemeNotifier::instance(), &ThemeNotifier::changed, this, [this] {
        inksStale_ = true;
        pictureChanged();
    });
    clearLater_ = new QTimer(this);
    clearLater_->setSingleShot(true);
    clearLater_->setInterval(QApplication::doubleClickInterval());
    connect(clearLater_, &QTimer::timeout, this,
            [this] { emit regionSelected(CellSelection(points_.size()), SelectionMode::replace); });
    showCursor();
}

void PointCloudCanvas::setPoints(SharedPoints xy, const QString& xLabel, const QString& yLabel) {
    if (xy != nullptr && xy == given_ && xLabel == xLabel_ && yLabel == yLabel_)
        return;
    given_ = std::move(xy);
    xLabel_ = xLabel;
    yLabel_ = yLabel;
    const std::size_t before = points_.size();
    figure_.xy = withRanks(given_ ? given_ : std::make_shared<const std::vector<float>>(), ranked_);
    figure_.xLabel = xLabel;
    figure_.yLabel = ranked_ ? tr("Share of points up to this value") : yLabel;
    points_ = orderPoints(*figure_.xy);
    if (points_.size() != before) {
        figure_.view = {};
        inksStale_ = true;
    }
    figure_.equalAspect = equalAspect_ && !ranked_; // values and shares have no common unit
    drawn_.reset();
    hovered_ = -1;
    describe();
    layoutChanged();
}

void PointCloudCanvas::setColors(PointColors colors) {
    if (colors == figure_.colors)
        return;
    figure_.colors = std::move(colors);
    drawn_.reset();
    inksStale_ = true;
    pictureChanged();
}

void PointCloudCanvas::setSelection(const CellSelection* selection) {
    selection_ = selection;
    selectionChanged();
}

void PointCloudCanvas::selectionChanged() {
    inksStale_ = true;
    describe();
    pictureChanged();
}

void PointCloudCanvas::setView(const QRectF& view) {
    if (view == figure_.view)
        return;
    figure_.view = view;
    layoutChanged();
}

void PointCloudCanvas::setTool(PointTool tool) {
    cancelDrag();
    tool_ = tool;
    showCursor();
}

void PointCloudCanvas::setEqualAspect(bool equal) {
    equalAspect_ = equal;
    figure_.equalAspect = equal && !ranked_;
    layoutChanged();
}

void PointCloudCanvas::setArrows(CloudArrows arrows) {
    figure_.arrows = std::move(arrows);
    layoutChanged(); // there may be a note now
}

void PointCloudCanvas::setTrajectories(std::vector<CloudTrajectory> trajectories) {
    figure_.trajectories = std::move(trajectories);
    motion_ = {};
    update();
}

void PointCloudCanvas::setEmptyText(const QString& text) {
    emptyText_ = text;
    update();
}

void PointCloudCanvas::change(const std::function<void(PointCloudFigure&)>& edit) {
    edit(figure_);
    figure_.legend = figure_.density; // counts need a scale; other colours have theirs beside the canvas
    layoutChanged();
}

PointCloudFigure PointCloudCanvas::figure() const {
    PointCloudFigure figure = figure_;
    figure.view = visibleView();
    figure.theme = themeColors();
    figure.font = tabularFont(font());
    figure.font.setPixelSize(12);
    if (selection_ != nullptr)
        figure.selection = std::make_shared<const CellSelection>(*selection_);
    return figure;
}

const CellSelection& PointCloudCanvas::drawn() const {
    if (!drawn_)
        drawn_ = drawnPoints(*figure_.xy, figure_.colors);
    return *drawn_;
}

const CloudLayout& PointCloudCanvas::layout() const {
    if (!layout_) {
        PointCloudFigure look = figure_; // shares the points
        look.theme = themeColors();
        look.font = tabularFont(font());
        look.font.setPixelSize(fontInfo().pixelSize());
        layout_ = layoutCloud(look, points_, rect(), cloudNote(look, points_, look.view));
        layout_->area = aligned(layout_->area, devicePixelRatioF());
        if (figure_.equalAspect)
            layout_->axes.view = withEqualAspect(layout_->axes.view, layout_->area.size());
    }
    return *layout_;
}

QRectF PointCloudCanvas::area() const {
    return layout().area;
}

QRectF PointCloudCanvas::visibleView() const {
    return layout().axes.view;
}

QPointF PointCloudCanvas::placeOf(qint64 point) const {
    const auto index = static_cast<std::size_t>(point);
    return toArea({(*figure_.xy)[2 * index], (*figure_.xy)[2 * index + 1]}, visibleView(), area());
}

const QImage& PointCloudCanvas::picture() {
    const QSize size = (area().size() * devicePixelRatioF()).toSize().expandedTo({1, 1});
    if (inksStale_ || pictureStale_ || size != pictureSize_) {
        figure_.theme = themeColors();
        if (inksStale_)
            currentInks_ = inks_.update(points_.order, figure_.colors, selection_, figure_.theme);
        inksStale_ = false;
        picture_ =
            rasterCloud(raster_, figure_, points_, currentInks_, visibleView(), size, devicePixelRatioF());
        pictureSize_ = size;
        pictureStale_ = false;
    }
    return picture_;
}

void PointCloudCanvas::pictureChanged() {
    pictureStale_ = true;
    layout_.reset(); // the theme's colours are part of it
    motion_ = {};
    update();
}

void PointCloudCanvas::layoutChanged() {
    pictureChanged();
}

void PointCloudCanvas::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const CloudLayout& l = layout();
    const ThemeColors& theme = themeColors();
    const QString sentence =
        points_.size() == 0 && !emptyText_.isEmpty() ? emptyText_ : whyEmpty(points_, figure_.colors);
    if (sentence.isEmpty()) {
        // The margins alone: the points' image is opaque.
        const QRect covered(
            QPoint(static_cast<int>(std::ceil(l.area.left())), static_cast<int>(std::ceil(l.area.top()))),
            QPoint(static_cast<int>(l.area.right()) - 1, static_cast<int>(l.area.bottom()) - 1));
        for (const QRect& margin : QRegion(rect()).subtracted(QRegion(covered)))
            painter.fillRect(margin, theme.surface);
        painter.drawImage(l.area, picture());
        drawMotion(painter);
    } else {
        painter.fillRect(rect(), theme.surface);
    }
    painter.setRenderHint(QPainter::Antialiasing);
    if (points_.finite > 0)
        drawAxes(painter, l.area, l.axes);
    if (!l.legend.isNull() && sentence.isEmpty()) {
        PointCloudFigure density = figure_;
        density.theme = theme;
        density.font = l.axes.font;
        drawCloudLegend(painter, l.legend, density, {}, raster_.mostInCell());
    }
    painter.setFont(l.axes.font);
    painter.setPen(theme.muted);
    if (!sentence.isEmpty())
        painter.drawText(l.area.adjusted(12, 12, -12, -12), Qt::AlignCenter | Qt::TextWordWrap, sentence);
    if (!l.note.isNull())
        painter.drawText(
            l.note, Qt::AlignLeft | Qt::AlignVCenter,
            QFontMetricsF(l.axes.font)
                .elidedText(cloudNote(figure_, points_, l.axes.view), Qt::ElideRight, l.note.width()));
    drawOverlay(painter);
}

void PointCloudCanvas::drawMotion(QPainter& painter) {
    if (figure_.arrows.isEmpty() && figure_.trajectories.empty())
        return;
    const CloudLayout& l = layout();
    if (motion_.isNull()) {
        const double ratio = devicePixelRatioF();
        motion_ =
            QImage((l.area.size() * ratio).toSize().expandedTo({1, 1}), QImage::Format_ARGB32_Premultiplied);
        motion_.fill(Qt::transparent);
        const CloudGround ground{QRectF(QPointF(), l.area.size()), l.axes.view, themeColors(), l.axes.font};
        stampArrows(motion_, figure_.arrows, ground, ratio);
        motion_.setDevicePixelRatio(ratio);
        QPainter above(&motion_);
        drawTrajectories(above, figure_.trajectories, ground);
    }
    painter.drawImage(l.area.topLeft(), motion_);
}

void PointCloudCanvas::drawOverlay(QPainter& painter) const {
    const ThemeColors& theme = themeColors();
    painter.setClipRect(area());
    if (hovered_ >= 0 && drag_ == Drag::none) {
        const double size = std::max(9.0, figure_.pointSize + 5);
        const QPointF place = placeOf(hovered_);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(theme.surface, 3.5));
        painter.drawEllipse(place, size / 2, size / 2);
        painter.setPen(QPen(theme.text, 1.5));
        painter.drawEllipse(place, size / 2, size / 2);
    }
    if (drag_ == Drag::region && path_.size() > 1) {
        QColor fill = theme.accent;
        fill.setAlphaF(0.12F);
        painter.setBrush(fill);
        painter.setPen(QPen(theme.accent, 1.5));
        if (tool_ == PointTool::rectangle)
            painter.drawRect(QRectF(path_.first(), path_.last()).normalized());
        else
            painter.drawPolygon(path_, Qt::OddEvenFill);
    }
    painter.setClipping(false);
    if (hasFocus() && focusShown_) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(theme.accent, 1));
        painter.drawRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5));
    }
}

void PointCloudCanvas::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    layoutChanged();
}

void PointCloudCanvas::focusInEvent(QFocusEvent* event) {
    // As everywhere: a frame for those who came by key.
    focusShown_ = event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason ||
                  event->reason() == Qt::ShortcutFocusReason;
    QWidget::focusInEvent(event);
    update();
}

void PointCloudCanvas::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        layoutChanged();
}

void PointCloudCanvas::describe() {
    QString text = formatCount(static_cast<qint64>(points_.finite), tr("point"), tr("points"));
    if (selection_ != nullptr && selection_->any())
        text += tr(", %1 selected").arg(formatCount(static_cast<qint64>(selection_->count())));
    setAccessibleDescription(text);
}

QSize PointCloudCanvas::minimumSizeHint() const {
    return {lengthInEms(this, 10), lengthInEms(this, 9)};
}

} // namespace ember

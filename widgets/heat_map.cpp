#include "widgets/heat_map.hpp"

#include <algorithm>
#include <cmath>

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>
#include <QWheelEvent>

#include "widgets/formatting.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

constexpr int barSteps = 100; // scroll bar units per row

} // namespace

HeatMap::HeatMap(QWidget* parent) : FigureWidget(QStringLiteral("heat_map"), parent) {
    setObjectName(QStringLiteral("heatMap"));
    setWhatsThis(tr("Hold Ctrl and turn the wheel to zoom into the rows, turn the wheel to scroll, press "
                    "Home to see all rows. Click a cell, or go to it with the arrow keys and press Enter, to "
                    "choose it. The context menu saves the figure and its data."));
    setAttribute(Qt::WA_OpaquePaintEvent);
    setMouseTracking(true);
    bar_ = new QScrollBar(Qt::Vertical, this);
    bar_->setObjectName(QStringLiteral("heatMapScroll"));
    bar_->setAccessibleName(tr("Rows of the heat map"));
    bar_->hide();
    connect(bar_, &QScrollBar::valueChanged, this, [this](int value) {
        first_ = static_cast<double>(value) / barSteps;
        stale_ = true;
        layout_.reset();
        update();
    });
    describe();
    connect(&ThemeNotifier::instance(), &ThemeNotifier::changed, this, &HeatMap::changed);
}

void HeatMap::setData(HeatMapData data) {
    figure_.data = std::move(data);
    order_ = heatMapOrder(figure_.data);
    first_ = shown_ = 0;
    row_ = column_ = -1;
    describe();
    changed();
}

void HeatMap::setCurrentCell(int row, int column) {
    const bool valid = row >= 0 && row < data().rows.size() && column >= 0 && column < data().columns.size();
    row_ = valid ? row : -1;
    column_ = valid ? column : -1;
    update();
}

void HeatMap::showRows(double first, double count) {
    const auto rows = static_cast<double>(data().rows.size());
    shown_ = count <= 0 || count >= rows ? 0 : std::max(1.0, count);
    first_ = shown_ == 0 ? 0 : std::clamp(first, 0.0, rows - shown_);
    changed();
}

void HeatMap::ensureRowVisible(int row) {
    if (row < 0 || row >= data().rows.size() || shown_ == 0)
        return;
    const double place = order_.placeOfRow[static_cast<std::size_t>(row)];
    if (place < first_)
        showRows(place, shown_);
    else if (place + 1 > first_ + shown_)
        showRows(place + 1 - shown_, shown_);
}

void HeatMap::changed() {
    layout_.reset();
    stale_ = true;
    const auto rows = static_cast<double>(data().rows.size());
    const bool scrolls = shown_ > 0 && shown_ < rows;
    const QSignalBlocker quiet(bar_);
    bar_->setVisible(scrolls);
    if (scrolls) {
        const int width = bar_->sizeHint().width();
        bar_->setGeometry(QWidget::width() - width, 0, width, height());
        bar_->setPageStep(static_cast<int>(shown_ * barSteps));
        bar_->setSingleStep(barSteps);
        bar_->setRange(0, static_cast<int>(std::ceil((rows - shown_) * barSteps)));
        bar_->setValue(static_cast<int>(std::lround(first_ * barSteps)));
    }
    update();
}

void HeatMap::describe() {
    setAccessibleName(data().title.isEmpty() ? tr("Heat map") : data().title);
    setAccessibleDescription(tr("%1, %2; %3")
                                 .arg(formatCount(data().rows.size(), tr("row"), tr("rows")),
                                      formatCount(data().columns.size(), tr("column"), tr("columns")),
                                      data().valueLabel));
}

const HeatMapFigure& HeatMap::shown() const {
    figure_.firstRow = first_;
    figure_.shownRows = shown_;
    figure_.currentRow = row_;
    figure_.currentColumn = column_;
    figure_.theme = themeColors();
    figure_.font = screenFont();
    figure_.title = false;
    return figure_;
}

HeatMapFigure HeatMap::figure() const {
    return shown();
}

QRectF HeatMap::canvas() const {
    return QRectF(rect()).adjusted(0, 0, bar_->isHidden() ? 0 : -bar_->width(), 0);
}

const HeatMapLayout& HeatMap::layout() const {
    if (!layout_)
        layout_ = layoutHeatMap(shown(), order_, canvas(), devicePixelRatioF());
    return *layout_;
}

QRectF HeatMap::cellRect(int row, int column) const {
    return layout().cell(order_.placeOfRow[static_cast<std::size_t>(row)],
                         order_.placeOfColumn[static_cast<std::size_t>(column)]);
}

void HeatMap::drawFigure(QPaintDevice& device, double scale, const QSize& units,
                         const FigureOptions& options) const {
    HeatMapFigure map = figure();
    map.theme = figureColors(options);
    map.font = paperFont();
    map.title = true;
    map.currentRow = map.currentColumn = -1;
    QPainter painter(&device);
    painter.scale(scale, scale);
    drawHeatMap(painter, QRectF(QPointF(), QSizeF(units)), map, options.dpi);
}

void HeatMap::paintEvent(QPaintEvent*) {
    const double ratio = devicePixelRatioF();
    if (stale_ || picture_.deviceIndependentSize().toSize() != size()) {
        picture_ = QPixmap(size() * ratio);
        picture_.setDevicePixelRatio(ratio);
        QPainter painter(&picture_);
        drawHeatMapBelow(painter, rect(), shown(), order_, layout(), ratio, false);
        stale_ = false;
    }
    QPainter painter(this);
    painter.drawPixmap(0, 0, picture_);
    if (row_ >= 0)
        drawHeatMapFrame(painter, shown(), layout(), order_.placeOfRow[static_cast<std::size_t>(row_)],
                         order_.placeOfColumn[static_cast<std::size_t>(column_)]);
    if (hasFocus()) {
        painter.setPen(QPen(themeColors().accent, 1));
        painter.drawRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5));
    }
}

void HeatMap::resizeEvent(QResizeEvent* event) {
    FigureWidget::resizeEvent(event);
    changed();
}

void HeatMap::changeEvent(QEvent* event) {
    FigureWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        changed();
}

std::optional<HeatMap::Cell> HeatMap::cellAt(const QPointF& place) const {
    const HeatMapLayout& l = layout();
    if (!l.map.contains(place) || order_.rowAt.empty() || order_.columnAt.empty())
        return {};
    const int row = std::clamp(l.rowPlaceAt(place.y()), 0, static_cast<int>(order_.rowAt.size()) - 1);
    const int column =
        std::clamp(l.columnPlaceAt(place.x()), 0, static_cast<int>(order_.columnAt.size()) - 1);
    return Cell{order_.rowAt[static_cast<std::size_t>(row)],
                order_.columnAt[static_cast<std::size_t>(column)]};
}

QString HeatMap::textOf(int row, int column) const {
    const auto titled = [](const QString& label, const QString& name) {
        return label.isEmpty() ? name : tr("%1: %2").arg(label, name);
    };
    const double value = heatMapValue(data(), row, column);
    QStringList lines{titled(data().rowLabel, data().rows[row]),
                      titled(data().columnLabel, data().columns[column])};
    for (std::size_t band = 0; band < data().columnAnnotations.size(); ++band) {
        const auto& [name, categories] = data().columnAnnotations[band];
        const auto at = static_cast<std::size_t>(column);
        if (band < data().annotationNames.size() && at < categories.size() && categories[at] >= 0)
            lines << titled(name, data().annotationNames[band].value(categories[at]));
    }
    lines << titled(data().valueLabel, std::isnan(value) ? tr("no value") : formatNumber(value));
    return lines.join(QLatin1Char('\n'));
}

void HeatMap::mouseMoveEvent(QMouseEvent* event) {
    const auto cell = cellAt(event->position());
    setCursor(cell ? Qt::PointingHandCursor : Qt::ArrowCursor);
    if (cell)
        QToolTip::showText(event->globalPosition().toPoint() + QPoint(12, 12),
                           textOf(cell->row, cell->column), this);
    else
        QToolTip::hideText();
}

void HeatMap::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton)
        return;
    if (const auto cell = cellAt(event->position())) {
        setCurrentCell(cell->row, cell->column);
        emit cellClicked(cell->row, cell->column);
    }
}

void HeatMap::zoomRows(double factor, double atPlace) {
    const auto rows = static_cast<double>(data().rows.size());
    const double now = shown_ > 0 ? shown_ : rows;
    const double next = std::clamp(now * factor, std::min(rows, 4.0), rows);
    showRows(atPlace - (atPlace - first_) * next / now, next);
}

void HeatMap::wheelEvent(QWheelEvent* event) {
    const HeatMapLayout& l = layout();
    const double turn = event->angleDelta().y();
    if (turn == 0 || data().rows.isEmpty()) {
        event->ignore();
        return;
    }
    if (event->modifiers().testFlag(Qt::ControlModifier)) {
        zoomRows(std::pow(0.999, turn), (event->position().y() - l.map.top()) / l.rowHeight + l.firstRow);
    } else if (shown_ > 0) {
        showRows(first_ - turn / 120 * std::max(1.0, shown_ / 12), shown_);
    } else {
        event->ignore(); // nothing to scroll: the page around may
        return;
    }
    event->accept();
}

void HeatMap::resetView() {
    showRows(0, 0);
}

void HeatMap::moveCurrent(int rows, int columns) {
    if (order_.rowAt.empty() || order_.columnAt.empty())
        return;
    int row = 0, column = 0;
    if (row_ >= 0) {
        row = std::clamp(order_.placeOfRow[static_cast<std::size_t>(row_)] + rows, 0,
                         static_cast<int>(order_.rowAt.size()) - 1);
        column = std::clamp(order_.placeOfColumn[static_cast<std::size_t>(column_)] + columns, 0,
                            static_cast<int>(order_.columnAt.size()) - 1);
    } else {
        row = static_cast<int>(std::ceil(layout().firstRow));
    }
    setCurrentCell(order_.rowAt[static_cast<std::size_t>(row)],
                   order_.columnAt[static_cast<std::size_t>(column)]);
    ensureRowVisible(row_);
    setAccessibleDescription(textOf(row_, column_).replace(QLatin1Char('\n'), QStringLiteral("; ")));
    const QPointF place = cellRect(row_, column_).bottomRight();
    if (hasFocus())
        QToolTip::showText(mapToGlobal(place.toPoint()), textOf(row_, column_), this);
}

void HeatMap::keyPressEvent(QKeyEvent* event) {
    const double now = shown_ > 0 ? shown_ : static_cast<double>(data().rows.size());
    switch (event->key()) {
    case Qt::Key_Up:
        return moveCurrent(-1, 0);
    case Qt::Key_Down:
        return moveCurrent(1, 0);
    case Qt::Key_Left:
        return moveCurrent(0, -1);
    case Qt::Key_Right:
        return moveCurrent(0, 1);
    case Qt::Key_PageUp:
        return moveCurrent(-std::max(1, static_cast<int>(now) - 1), 0);
    case Qt::Key_PageDown:
        return moveCurrent(std::max(1, static_cast<int>(now) - 1), 0);
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        return zoomRows(0.8, first_ + now / 2);
    case Qt::Key_Minus:
        return zoomRows(1.25, first_ + now / 2);
    case Qt::Key_Home:
    case Qt::Key_0:
        return resetView();
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        if (row_ >= 0) {
            emit cellClicked(row_, column_);
            return;
        }
        break;
    default:
        break;
    }
    FigureWidget::keyPressEvent(event);
}

void HeatMap::addActions(QMenu& menu) {
    menu.addSeparator();
    menu.addAction(icon(QStringLiteral("zoom-fit-best")), tr("Show all rows\tHome"), this,
                   &HeatMap::resetView);
    QAction* numbers = menu.addAction(tr("Values in the cells"));
    numbers->setCheckable(true);
    numbers->setChecked(data().numbers);
    connect(numbers, &QAction::toggled, this, [this](bool on) {
        figure_.data.numbers = on;
        changed();
    });
}

bool HeatMap::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) // the mouse shows its own at once
        return true;
    return FigureWidget::event(event);
}

} // namespace ember

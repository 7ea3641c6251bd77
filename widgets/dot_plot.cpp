#include "widgets/dot_plot.hpp"

#include <algorithm>
#include <cmath>

#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>

#include "widgets/dot_plot_drawing.hpp"
#include "widgets/formatting.hpp"
#include "widgets/theme.hpp"

namespace ember {

DotPlot::DotPlot(QWidget* parent) : FigureWidget(QStringLiteral("dot_plot"), parent) {
    setObjectName(QStringLiteral("dotPlot"));
    setWhatsThis(
        tr("The area of a dot shows the one value, its colour the other. Click a dot, or go to it with the "
           "arrow keys and press Enter, to choose it. The context menu saves the figure and its data."));
    setMouseTracking(true);
    describe();
    connect(&ThemeNotifier::instance(), &ThemeNotifier::changed, this, qOverload<>(&QWidget::update));
}

void DotPlot::setData(DotPlotData data) {
    data_ = std::move(data);
    row_ = column_ = -1;
    describe();
    updateGeometry();
    update();
}

void DotPlot::setCurrentCell(int row, int column) {
    const bool valid = row >= 0 && column >= 0 && row < data_.rows.size() && column < data_.columns.size();
    row_ = valid ? row : -1;
    column_ = valid ? column : -1;
    update();
}

void DotPlot::describe() {
    setAccessibleName(data_.title.isEmpty() ? tr("Dot plot") : data_.title);
    setAccessibleDescription(tr("%1, %2; size: %3; colour: %4")
                                 .arg(formatCount(data_.rows.size(), tr("row"), tr("rows")),
                                      formatCount(data_.columns.size(), tr("column"), tr("columns")),
                                      data_.sizeLabel, data_.colorLabel));
}

DotPlotFigure DotPlot::figure() const {
    return {data_, row_, column_, themeColors(), screenFont(), false};
}

QPointF DotPlot::placeOf(int row, int column) const {
    return layoutDotPlot(figure(), rect()).center(row, column);
}

void DotPlot::drawFigure(QPaintDevice& device, double scale, const QSize& units,
                         const FigureOptions& options) const {
    QPainter painter(&device);
    painter.scale(scale, scale);
    drawDotPlot(painter, QRectF(QPointF(), QSizeF(units)),
                {data_, -1, -1, figureColors(options), paperFont(), true});
}

void DotPlot::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    drawDotPlot(painter, rect(), figure());
    if (hasFocus()) {
        painter.setPen(QPen(themeColors().accent, 1));
        painter.drawRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5));
    }
}

QString DotPlot::textOf(int row, int column) const {
    const auto titled = [](const QString& label, const QString& text) {
        return label.isEmpty() ? text : tr("%1: %2").arg(label, text);
    };
    const double size = dotSize(data_, row, column), value = dotValue(data_, row, column);
    QStringList lines{titled(data_.rowLabel, data_.rows[row]),
                      titled(data_.columnLabel, data_.columns[column]),
                      titled(data_.sizeLabel, std::isnan(size) ? tr("no value")
                                              : data_.percent  ? formatPercent(size)
                                                               : formatNumber(size)),
                      titled(data_.colorLabel, std::isnan(value) ? tr("no value") : formatNumber(value))};
    if (isOutlined(data_, row, column) && !data_.outlineLabel.isEmpty())
        lines << data_.outlineLabel;
    return lines.join(QLatin1Char('\n'));
}

void DotPlot::mouseMoveEvent(QMouseEvent* event) {
    const auto cell = layoutDotPlot(figure(), rect()).cellAt(event->position(), data_);
    setCursor(cell ? Qt::PointingHandCursor : Qt::ArrowCursor);
    if (cell)
        QToolTip::showText(event->globalPosition().toPoint() + QPoint(12, 12),
                           textOf(cell->first, cell->second), this);
    else
        QToolTip::hideText();
}

void DotPlot::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton)
        return;
    if (const auto cell = layoutDotPlot(figure(), rect()).cellAt(event->position(), data_)) {
        setCurrentCell(cell->first, cell->second);
        emit cellClicked(cell->first, cell->second);
    }
}

void DotPlot::keyPressEvent(QKeyEvent* event) {
    const int key = event->key();
    const int down = key == Qt::Key_Down ? 1 : key == Qt::Key_Up ? -1 : 0;
    const int right = key == Qt::Key_Right ? 1 : key == Qt::Key_Left ? -1 : 0;
    if ((down != 0 || right != 0) && !data_.rows.isEmpty() && !data_.columns.isEmpty()) {
        if (row_ < 0)
            setCurrentCell(0, 0);
        else
            setCurrentCell(std::clamp(row_ + down, 0, static_cast<int>(data_.rows.size()) - 1),
                           std::clamp(column_ + right, 0, static_cast<int>(data_.columns.size()) - 1));
        setAccessibleDescription(textOf(row_, column_).replace(QLatin1Char('\n'), QStringLiteral("; ")));
    } else if ((key == Qt::Key_Return || key == Qt::Key_Enter || key == Qt::Key_Space) && row_ >= 0) {
        emit cellClicked(row_, column_);
    } else {
        FigureWidget::keyPressEvent(event);
    }
}

bool DotPlot::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) // the mouse shows its own at once
        return true;
    return FigureWidget::event(event);
}

QSize DotPlot::sizeHint() const {
    const double rows = std::clamp(static_cast<double>(data_.rows.size()) * 1.3 + 8, 14.0, 60.0);
    return {lengthInEms(this, 30), lengthInEms(this, rows)};
}

} // namespace ember

#include "widgets/bar_plot.hpp"

#include <cmath>

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>

#include "widgets/bar_drawing.hpp"
#include "widgets/formatting.hpp"
#include "widgets/theme.hpp"

namespace ember {

BarPlot::BarPlot(QWidget* parent) : FigureWidget(QStringLiteral("bars"), parent) {
    setObjectName(QStringLiteral("barPlot"));
    setMouseTracking(true);
    describe();
    connect(&ThemeNotifier::instance(), &ThemeNotifier::changed, this, qOverload<>(&QWidget::update));
}

void BarPlot::setData(BarData data) {
    data_ = std::move(data);
    current_ = 0;
    describe();
    update();
}

void BarPlot::setSeriesVisible(int series, bool visible) {
    if (series < 0 || series >= static_cast<int>(data_.series.size()))
        return;
    data_.series[static_cast<std::size_t>(series)].visible = visible;
    describe();
    update();
    emit seriesVisibilityChanged();
}

void BarPlot::describe() {
    setAccessibleName(data_.title.isEmpty() ? tr("Bars") : data_.title);
    QStringList parts;
    for (const BarSeries& series : data_.series) {
        if (series.visible && !series.name.isEmpty())
            parts << series.name;
    }
    setAccessibleDescription(tr("%1; %2").arg(formatCount(data_.groups.size(), tr("group"), tr("groups")),
                                              parts.join(QStringLiteral(", "))));
}

BarFigure BarPlot::figure() const {
    BarFigure figure;
    figure.data = data_;
    figure.theme = themeColors();
    figure.font = screenFont();
    figure.title = false;
    return figure;
}

void BarPlot::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const BarFigure shown = figure();
    drawBars(painter, rect(), shown);
    if (!hasFocus())
        return;
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(themeColors().accent, 1));
    const BarLayout layout = layoutBars(shown, rect());
    if (current_ < static_cast<int>(layout.entries.size()) && layout.entries.size() > 1)
        painter.drawRect(layout.entries[static_cast<std::size_t>(current_)].adjusted(-2, 0, 2, 0));
    else
        painter.drawRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5));
}

void BarPlot::drawFigure(QPaintDevice& device, double scale, const QSize& units,
                         const FigureOptions& options) const {
    BarFigure bars = figure();
    bars.theme = figureColors(options);
    bars.font = paperFont();
    bars.title = true;
    QPainter painter(&device);
    painter.scale(scale, scale);
    drawBars(painter, QRectF(QPointF(), QSizeF(units)), bars);
}

void BarPlot::mouseMoveEvent(QMouseEvent* event) {
    const bool over = layoutBars(figure(), rect()).entryAt(event->position()) >= 0;
    setCursor(over ? Qt::PointingHandCursor : Qt::ArrowCursor);
}

void BarPlot::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton)
        return;
    if (const int series = layoutBars(figure(), rect()).entryAt(event->position()); series >= 0)
        setSeriesVisible(series, !data_.series[static_cast<std::size_t>(series)].visible);
}

void BarPlot::keyPressEvent(QKeyEvent* event) {
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

bool BarPlot::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip)
        return FigureWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const BarLayout layout = layoutBars(figure(), rect());
    for (const BarLayout::Bar& bar : layout.bars) {
        if (!bar.rect.adjusted(-1, -2, 1, 2).contains(help->pos()))
            continue;
        const BarSeries& series = data_.series[static_cast<std::size_t>(bar.series)];
        const double value = series.values[static_cast<std::size_t>(bar.group)];
        QString text = data_.groups.value(bar.group);
        if (!series.name.isEmpty())
            text += QStringLiteral(", ") + series.name;
        text += QStringLiteral(": ") + (data_.percent ? formatPercent(value) : formatNumber(value));
        if (static_cast<std::size_t>(bar.group) < series.errors.size() &&
            std::isfinite(series.errors[static_cast<std::size_t>(bar.group)])) {
            const double error = series.errors[static_cast<std::size_t>(bar.group)];
            text += QStringLiteral(" ± ") + (data_.percent ? formatPercent(error) : formatNumber(error));
        }
        QToolTip::showText(help->globalPos(), text, this);
        return true;
    }
    QToolTip::hideText();
    return true;
}

QSize BarPlot::sizeHint() const {
    return {lengthInEms(this, 26), lengthInEms(this, 15)};
}

QSize BarPlot::minimumSizeHint() const {
    return {lengthInEms(this, 12), lengthInEms(this, 9)};
}

} // namespace ember

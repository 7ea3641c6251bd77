#include "widgets/violin_plot.hpp"

#include <algorithm>

#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>

#include "widgets/formatting.hpp"
#include "widgets/theme.hpp"
#include "widgets/violin_drawing.hpp"

namespace ember {

ViolinPlot::ViolinPlot(QWidget* parent) : FigureWidget(QStringLiteral("violins"), parent) {
    setObjectName(QStringLiteral("violinPlot"));
    setWhatsThis(tr("The width of a violin shows how many values there are, the bar the middle half of them, "
                    "the dot the median. Click a group, or go to it with the arrow keys and press Enter, to "
                    "choose it. The context menu saves the figure and its data."));
    setMouseTracking(true);
    describe();
    connect(&ThemeNotifier::instance(), &ThemeNotifier::changed, this, qOverload<>(&QWidget::update));
}

void ViolinPlot::setData(ViolinData data) {
    data_ = std::move(data);
    current_ = -1;
    describe();
    update();
}

void ViolinPlot::describe() {
    setAccessibleName(data_.title.isEmpty() ? tr("Violin plot") : data_.title);
    setAccessibleDescription(
        tr("%1; %2").arg(formatCount(static_cast<qint64>(data_.groups.size()), tr("group"), tr("groups")),
                         data_.sides.join(QStringLiteral(", "))));
}

ViolinFigure ViolinPlot::figure() const {
    return {data_, themeColors(), screenFont(), true, false};
}

void ViolinPlot::drawFigure(QPaintDevice& device, double scale, const QSize& units,
                            const FigureOptions& options) const {
    QPainter painter(&device);
    painter.scale(scale, scale);
    drawViolins(painter, QRectF(QPointF(), QSizeF(units)),
                {data_, figureColors(options), paperFont(), true, true});
}

void ViolinPlot::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const ViolinFigure shown = figure();
    drawViolins(painter, rect(), shown);
    if (!hasFocus())
        return;
    painter.setPen(QPen(themeColors().accent, 1));
    const ViolinLayout layout = layoutViolins(shown, rect());
    if (current_ >= 0)
        painter.drawRect(QRectF(layout.centerOf(current_) - layout.slotWidth / 2, layout.area.top(),
                                layout.slotWidth, layout.area.height()));
    else
        painter.drawRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5));
}

int ViolinPlot::groupAt(const QPointF& place) const {
    const ViolinLayout layout = layoutViolins(figure(), rect());
    const int group = layout.groupAt(place.x());
    const bool within = group >= 0 && group < static_cast<int>(data_.groups.size());
    return within && place.y() >= layout.area.top() ? group : -1;
}

QString ViolinPlot::textOf(int group) const {
    const ViolinGroup& shown = data_.groups[static_cast<std::size_t>(group)];
    QStringList lines{shown.name};
    for (std::size_t i = 0; i < shown.sides.size(); ++i) {
        const ViolinSide& side = shown.sides[i];
        const QString name = data_.sides.value(static_cast<qsizetype>(i));
        const QString start = name.isEmpty() ? QString() : tr("%1: ").arg(name);
        lines << (side.n == 0
                      ? tr("%1no values").arg(start)
                      : tr("%1median %2, quartiles %3 and %4, from %5 to %6, n = %7")
                            .arg(start, formatNumber(side.median), formatNumber(side.q1),
                                 formatNumber(side.q3), formatNumber(side.minimum),
                                 formatNumber(side.maximum), formatCount(static_cast<qint64>(side.n))));
    }
    return lines.join(QLatin1Char('\n'));
}

void ViolinPlot::mouseMoveEvent(QMouseEvent* event) {
    const int group = groupAt(event->position());
    if (group >= 0)
        QToolTip::showText(event->globalPosition().toPoint() + QPoint(12, 12), textOf(group), this);
    else
        QToolTip::hideText();
}

void ViolinPlot::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton)
        return;
    if (const int group = groupAt(event->position()); group >= 0)
        emit groupClicked(group);
}

void ViolinPlot::keyPressEvent(QKeyEvent* event) {
    const int count = static_cast<int>(data_.groups.size());
    if (count > 0 && (event->key() == Qt::Key_Left || event->key() == Qt::Key_Right)) {
        current_ = std::clamp(current_ + (event->key() == Qt::Key_Right ? 1 : -1), 0, count - 1);
        setAccessibleDescription(textOf(current_).replace(QLatin1Char('\n'), QStringLiteral("; ")));
        update();
    } else if (current_ >= 0 && (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter ||
                                 event->key() == Qt::Key_Space)) {
        emit groupClicked(current_);
    } else {
        FigureWidget::keyPressEvent(event);
    }
}

bool ViolinPlot::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) // the mouse shows its own at once
        return true;
    return FigureWidget::event(event);
}

} // namespace ember

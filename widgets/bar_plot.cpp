#include "widgets/bar_plot.hpp"

#include <cmath>

#include <QContextMenuEvent>
#include <QFileDialog>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QToolTip>

#include "core/base/error.hpp"
#include "widgets/bar_drawing.hpp"
#include "widgets/formatting.hpp"
#include "widgets/save_figure_dialog.hpp"
#include "widgets/theme.hpp"

namespace ember {

BarPlot::BarPlot(QWidget* parent) : QWidget(parent), figureName_(QStringLiteral("bars")) {
    setObjectName(QStringLiteral("barPlot"));
    setFocusPolicy(Qt::StrongFocus);
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
    figure.font = tabularFont(font());
    figure.font.setPixelSize(fontInfo().pixelSize());
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

void BarPlot::saveFigure(const QString& path, const FigureOptions& options) const {
    BarFigure bars = figure();
    bars.theme = options.light ? lightThemeColors() : darkThemeColors();
    bars.font.setPixelSize(12);
    bars.title = true;
    Figure written;
    written.title = data_.title;
    written.provenance = provenance_;
    written.draw = [&bars](QPaintDevice& device, double scale, const QSize& units) {
        QPainter painter(&device);
        painter.scale(scale, scale);
        drawBars(painter, QRectF(QPointF(), QSizeF(units)), bars);
    };
    writeFigure(path, written, options);
}

void BarPlot::saveCsv(const QString& path) const {
    writeTextFile(path, csv(), provenance_);
}

void BarPlot::report(const std::function<void()>& write, const QString& path) {
    try {
        write();
        emit exported(path);
    } catch (const Error& error) {
        emit exportFailed(QString::fromStdString(error.message()), QString::fromStdString(error.place_text()),
                          QString::fromStdString(error.remedy()));
    }
}

void BarPlot::chooseAndSaveFigure() {
    SaveFigureDialog dialog(figureName_, this);
    if (dialog.exec() == QDialog::Accepted)
        report([&] { saveFigure(dialog.path(), dialog.options()); }, dialog.path());
}

void BarPlot::chooseAndSaveCsv() {
    const QString path = QFileDialog::getSaveFileName(
        this, tr("Export data"), figureName_ + QStringLiteral(".csv"), tr("Comma-separated values (*.csv)"));
    if (!path.isEmpty())
        report([&] { saveCsv(path); }, path);
}

void BarPlot::contextMenuEvent(QContextMenuEvent* event) {
    QMenu menu(this);
    menu.addAction(icon(QStringLiteral("document-save")), tr("Save figure…"), this,
                   &BarPlot::chooseAndSaveFigure);
    menu.addAction(icon(QStringLiteral("document-export")), tr("Export data…"), this,
                   &BarPlot::chooseAndSaveCsv);
    menu.exec(event->globalPos());
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
        QWidget::keyPressEvent(event);
    }
}

void BarPlot::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        update();
}

bool BarPlot::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
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

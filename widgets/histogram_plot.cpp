#include "widgets/histogram_plot.hpp"

#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QToolTip>
#include <QVBoxLayout>

#include <qcustomplot.h>

#include "widgets/formatting.hpp"
#include "widgets/histogram_drawing.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

QFont plotFont(const QFont& like, int pixels) {
    QFont font = tabularFont(like);
    font.setPixelSize(pixels);
    return font;
}

/// From inside the axes, where it would cover the data, to a column of its own.
void moveLegendAside(QCustomPlot& plot) {
    plot.axisRect()->insetLayout()->take(plot.legend);
    auto* column = new QCPLayoutGrid; // the plot's layout owns it
    plot.plotLayout()->addElement(0, 1, column);
    column->addElement(0, 0, plot.legend);
    column->addElement(1, 0, new QCPLayoutElement(&plot)); // takes the height that the legend leaves
    column->setRowStretchFactor(0, 0.001);
    plot.plotLayout()->setColumnStretchFactor(1, 0.001);
}

void zoomBy(QCustomPlot& plot, double factor) {
    plot.xAxis->scaleRange(factor, plot.xAxis->range().center());
}

} // namespace

HistogramPlot::HistogramPlot(QWidget* parent) : FigureWidget(QStringLiteral("histogram"), parent) {
    setObjectName(QStringLiteral("histogramPlot"));
    setAccessibleName(tr("Histogram"));
    plot_ = new QCustomPlot(this);
    plot_->setObjectName(QStringLiteral("histogramCanvas"));
    plot_->setAccessibleName(tr("Histogram canvas"));
    plot_->setToolTip({});
    plot_->setFocusPolicy(Qt::NoFocus);
    plot_->setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
    plot_->axisRect()->setRangeDrag(Qt::Horizontal);
    plot_->axisRect()->setRangeZoom(Qt::Horizontal);
    moveLegendAside(*plot_);
    plot_->installEventFilter(this);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(plot_);

    connect(plot_, &QCustomPlot::mouseDoubleClick, this, &HistogramPlot::resetView);
    connect(plot_, &QCustomPlot::legendClick, this,
            [this](QCPLegend*, QCPAbstractLegendItem* item, QMouseEvent* event) {
                auto* entry = qobject_cast<QCPPlottableLegendItem*>(item);
                if (entry == nullptr || event->button() != Qt::LeftButton)
                    return;
                for (int i = 0; i < plot_->graphCount(); ++i) {
                    if (plot_->graph(i) == entry->plottable())
                        setSeriesVisible(i, !data_.series[static_cast<std::size_t>(i)].visible);
                }
            });
    // The counts always stand on zero and fill the height.
    connect(plot_->xAxis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), this,
            [this] { fitHeights(*plot_, data_, fraction_); });
    connect(&ThemeNotifier::instance(), &ThemeNotifier::changed, this, &HistogramPlot::retint);
    rebuild();
}

HistogramPlot::~HistogramPlot() = default;

void HistogramPlot::setData(HistogramData data) {
    data_ = std::move(data);
    overlaid_ = false;
    if (!data_.title.isEmpty())
        setAccessibleName(data_.title);
    rebuild();
    resetView();
}

void HistogramPlot::setStyle(HistogramStyle style) {
    style_ = style;
    retint();
}

void HistogramPlot::setFraction(bool fraction) {
    fraction_ = fraction;
    rebuild();
    fitHeights(*plot_, data_, fraction_);
    plot_->replot(QCustomPlot::rpQueuedReplot);
}

void HistogramPlot::setSeriesVisible(int series, bool visible) {
    if (series < 0 || series >= static_cast<int>(data_.series.size()))
        return;
    data_.series[static_cast<std::size_t>(series)].visible = visible;
    setFraction(fraction_);
    emit seriesVisibilityChanged();
}

void HistogramPlot::setOverlay(std::optional<HistogramSeries> overlay) {
    if (!overlaid_ && !overlay)
        return;
    if (overlaid_)
        data_.series.pop_back();
    overlaid_ = overlay.has_value();
    if (overlay)
        data_.series.push_back(std::move(*overlay));
    setFraction(fraction_); // draws anew and keeps the range
}

std::vector<double> HistogramPlot::drawnHeights(int series) const {
    std::vector<double> heights;
    if (series < 0 || series >= plot_->graphCount() || !plot_->graph(series)->visible())
        return heights;
    const auto points = plot_->graph(series)->data();
    // The first and last points only close the outline.
    for (auto point = points->constBegin() + 1; point < points->constEnd() - 1; ++point)
        heights.push_back(point->value);
    return heights;
}

void HistogramPlot::rebuild() {
    const HistogramLook look{style_, fraction_, false, plotFont(font(), fontInfo().pixelSize()),
                             themeColors()};
    drawHistogram(*plot_, data_, look);
    arrangeLegend(*plot_, data_, look, size());
}

void HistogramPlot::resizeEvent(QResizeEvent* event) {
    FigureWidget::resizeEvent(event);
    const HistogramLook look{style_, fraction_, false, plotFont(font(), fontInfo().pixelSize()),
                             themeColors()};
    arrangeLegend(*plot_, data_, look, size());
}

void HistogramPlot::retint() {
    rebuild();
    plot_->replot(QCustomPlot::rpQueuedReplot);
}

void HistogramPlot::resetView() {
    fitHistogram(*plot_, data_, fraction_);
    plot_->replot(QCustomPlot::rpQueuedReplot);
}

void HistogramPlot::drawFigure(QPaintDevice& device, double scale, const QSize& units,
                               const FigureOptions& options) const {
    QCustomPlot plot;
    moveLegendAside(plot);
    HistogramLook look{style_, fraction_, true, plotFont(font(), 12), figureColors(options)};
    drawHistogram(plot, data_, look);
    arrangeLegend(plot, data_, look, units);
    if (!data_.title.isEmpty()) {
        plot.plotLayout()->insertRow(0);
        auto* title = new QCPTextElement(&plot, data_.title, headingFont(plotFont(font(), 14), 1));
        title->setTextColor(look.colors.text);
        plot.plotLayout()->addElement(0, 0, title); // the layout owns it
    }
    plot.xAxis->setRange(plot_->xAxis->range());
    plot.yAxis->setRange(plot_->yAxis->range());
    QCPPainter painter;
    painter.begin(&device);
    painter.setMode(QCPPainter::pmVectorized);
    painter.setMode(QCPPainter::pmNoCaching);
    painter.scale(scale, scale);
    painter.fillRect(QRect(QPoint(), units), look.colors.surface);
    plot.toPainter(&painter, units.width(), units.height());
}

void HistogramPlot::addActions(QMenu& menu) {
    menu.addSeparator();
    menu.addAction(icon(QStringLiteral("zoom-fit-best")), tr("Reset view"), this, &HistogramPlot::resetView);
    QAction* share = menu.addAction(tr("Share of each group"));
    share->setCheckable(true);
    share->setChecked(fraction_);
    connect(share, &QAction::toggled, this, &HistogramPlot::setFraction);
}

bool HistogramPlot::eventFilter(QObject* watched, QEvent* event) {
    if (watched == plot_ && event->type() == QEvent::ContextMenu) {
        showContextMenu(static_cast<QContextMenuEvent*>(event)->globalPos());
        return true;
    }
    if (watched == plot_ && event->type() == QEvent::MouseButtonPress)
        setFocus(Qt::MouseFocusReason);
    return FigureWidget::eventFilter(watched, event);
}

void HistogramPlot::keyPressEvent(QKeyEvent* event) {
    const double width = plot_->xAxis->range().size();
    switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        zoomBy(*plot_, 0.8);
        break;
    case Qt::Key_Minus:
        zoomBy(*plot_, 1.25);
        break;
    case Qt::Key_Left:
        plot_->xAxis->moveRange(-0.1 * width);
        break;
    case Qt::Key_Right:
        plot_->xAxis->moveRange(0.1 * width);
        break;
    case Qt::Key_Home:
    case Qt::Key_0:
        resetView();
        break;
    case Qt::Key_Menu:
        showContextMenu(mapToGlobal(rect().center()));
        break;
    default:
        FigureWidget::keyPressEvent(event);
        return;
    }
    plot_->replot(QCustomPlot::rpQueuedReplot);
}

QSize HistogramPlot::sizeHint() const {
    return {lengthInEms(this, 28), lengthInEms(this, 16)};
}

} // namespace ember

#pragma once
// Histogram of one or several groups: wheel zooms at the cursor, drag pans, double click resets, the legend's
// entries toggle groups, the context menu saves the figure and its data.

#include <optional>
#include <vector>

#include "widgets/figure_widget.hpp"
#include "widgets/histogram_data.hpp"

class QCustomPlot;

namespace ember {

enum class HistogramStyle { filled, outline };

class HistogramPlot : public FigureWidget {
    Q_OBJECT
public:
    explicit HistogramPlot(QWidget* parent = nullptr);
    ~HistogramPlot() override;

    void setData(HistogramData data);
    const HistogramData& data() const { return data_; }
    void setStyle(HistogramStyle style);
    void setFraction(bool fraction); ///< each group as a share of its cells instead of counts
    bool isFraction() const { return fraction_; }
    void setSeriesVisible(int series, bool visible);
    /// One more series, such as the selected cells, in place of the one before; the view stays. None:
    /// removed.
    void setOverlay(std::optional<HistogramSeries> overlay);

    /// What is drawn, in data units, series by series: the heights that the curves carry.
    std::vector<double> drawnHeights(int series) const;
    QString csv() const override { return histogramCsv(data_); }

    QSize sizeHint() const override;

public slots:
    void resetView();

signals:
    void seriesVisibilityChanged();

protected:
    QString figureTitle() const override { return data_.title; }
    void drawFigure(QPaintDevice& device, double scale, const QSize& units,
                    const FigureOptions& options) const override;
    void addActions(QMenu& menu) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void rebuild();
    void retint();

    HistogramData data_;
    bool overlaid_ = false; ///< the last series is the overlay
    HistogramStyle style_ = HistogramStyle::filled;
    bool fraction_ = false;
    QCustomPlot* plot_ = nullptr;
};

} // namespace ember

#pragma once
// Histogram of one or several groups: wheel zooms at the cursor, drag pans, double click resets, the legend's
// entries toggle groups, the context menu saves the figure and its data.

#include <optional>
#include <vector>

#include <QString>
#include <QWidget>

#include "widgets/figure_export.hpp"
#include "widgets/histogram_data.hpp"

class QCustomPlot;

namespace ember {

enum class HistogramStyle { filled, outline };

class HistogramPlot : public QWidget {
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

    /// Written into every exported file: how the figure was made (JSON text).
    void setProvenance(const QString& provenance) { provenance_ = provenance; }
    const QString& provenance() const { return provenance_; }
    /// Proposed file name without ending: "magnitude".
    void setFigureName(const QString& name) { figureName_ = name; }

    /// What is drawn, in data units, series by series: the heights that the curves carry.
    std::vector<double> drawnHeights(int series) const;
    QString csv() const { return histogramCsv(data_); }

    /// Throws ember::Error `CannotWrite`.
    void saveFigure(const QString& path, const FigureOptions& options) const;
    void saveCsv(const QString& path) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

public slots:
    void resetView();
    void chooseAndSaveFigure(); ///< asks for format, size and path
    void chooseAndSaveCsv();

signals:
    void exported(const QString& path);
    void exportFailed(const QString& message, const QString& place, const QString& remedy);
    void seriesVisibilityChanged();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void rebuild();
    void retint();
    void showContextMenu(const QPoint& place);

    HistogramData data_;
    bool overlaid_ = false; ///< the last series is the overlay
    HistogramStyle style_ = HistogramStyle::filled;
    bool fraction_ = false;
    QString provenance_, figureName_;
    QCustomPlot* plot_ = nullptr;
};

} // namespace ember

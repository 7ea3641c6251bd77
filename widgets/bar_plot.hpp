#pragma once
// Grouped bars: the legend's entries toggle series, the context menu saves the figure and its data.

#include "widgets/bar_data.hpp"
#include "widgets/figure_widget.hpp"

namespace ember {

class BarPlot : public FigureWidget {
    Q_OBJECT
public:
    explicit BarPlot(QWidget* parent = nullptr);

    void setData(BarData data);
    const BarData& data() const { return data_; }
    void setSeriesVisible(int series, bool visible);

    BarFigure figure() const; ///< as on screen, in the theme's colours
    QString csv() const override { return barCsv(data_); }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void seriesVisibilityChanged();

protected:
    QString figureTitle() const override { return data_.title; }
    void drawFigure(QPaintDevice& device, double scale, const QSize& units,
                    const FigureOptions& options) const override;
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    void describe();
    BarData data_;
    int current_ = 0; ///< series that the keyboard toggles
};

} // namespace ember

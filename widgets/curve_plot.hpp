#pragma once
// Curves with intervals: the legend's entries toggle series, the context menu saves the figure and its data.

#include "widgets/curve_data.hpp"
#include "widgets/figure_widget.hpp"

namespace ember {

class CurvePlot : public FigureWidget {
    Q_OBJECT
public:
    explicit CurvePlot(QWidget* parent = nullptr);

    void setData(CurveData data);
    const CurveData& data() const { return data_; }
    void setSeriesVisible(int series, bool visible);

    CurveFigure figure() const; ///< as on screen, in the theme's colours
    QString csv() const override { return curveCsv(data_); }

signals:
    void seriesVisibilityChanged();
    void pointClicked(int series, int point);

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
    QString textOf(int series, int point) const;
    CurveData data_;
    int current_ = 0; ///< series that the keyboard toggles
};

} // namespace ember

#pragma once
// Curves along steps: the wheel zooms at the cursor, dragging pans, a double click shows all; the mouse reads
// values out.

#include "widgets/figure_widget.hpp"
#include "widgets/time_curve_data.hpp"

namespace ember {

class TimeCurvePlot : public FigureWidget {
    Q_OBJECT
public:
    explicit TimeCurvePlot(QWidget* parent = nullptr);

    /// Keeps the steps in view when the data does not name them.
    void setData(TimeCurveData data);
    const TimeCurveData& data() const { return data_; }
    /// Steps in view; none: all. Emits nothing, so that linked plots cannot answer each other.
    void setView(std::optional<double> left, std::optional<double> right);
    /// The step whose values are read out; linked plots show the same one.
    void setHover(std::optional<double> step);

    TimeCurveFigure figure() const; ///< as on screen, in the theme's colours
    QString csv() const override { return timeCurveCsv(data_); }
    QSize minimumSizeHint() const override;

signals:
    void viewChanged(std::optional<double> left, std::optional<double> right); ///< by the user
    void hovered(std::optional<double> step);

protected:
    QString figureTitle() const override { return data_.title; }
    void drawFigure(QPaintDevice& device, double scale, const QSize& units,
                    const FigureOptions& options) const override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    void describe();
    void zoom(double factor, double at);
    void pan(double steps);
    void show(double left, double right);
    QString textAt(double step) const;

    TimeCurveData data_;
    std::optional<double> hover_;
    std::optional<double> grabbed_; ///< step under the mouse when it was pressed
};

} // namespace ember

#pragma once
// Dots of size and colour in rows and columns; a click (or the arrow keys and Enter) chooses a dot; the
// context menu saves the figure and its data.

#include <optional>

#include "widgets/dot_plot_data.hpp"
#include "widgets/figure_widget.hpp"

namespace ember {

class DotPlot : public FigureWidget {
    Q_OBJECT
public:
    explicit DotPlot(QWidget* parent = nullptr);

    void setData(DotPlotData data);
    const DotPlotData& data() const { return data_; }
    void setCurrentCell(int row, int column); ///< -1: none; emits nothing
    int currentRow() const { return row_; }
    int currentColumn() const { return column_; }

    DotPlotFigure figure() const; ///< as on screen, in the theme's colours
    QString csv() const override { return dotPlotCsv(data_); }
    QPointF placeOf(int row, int column) const; ///< of the dot's middle, in the widget's coordinates

    QSize sizeHint() const override; ///< grows with the rows

signals:
    void cellClicked(int row, int column);

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
    QString textOf(int row, int column) const;
    DotPlotData data_;
    int row_ = -1, column_ = -1;
};

} // namespace ember

#pragma once
// A matrix as coloured cells. Ctrl and the wheel zoom the rows, the wheel and the bar scroll; a click (or the
// arrow keys and Enter) chooses a cell; the context menu saves the figure and its data.

#include <optional>

#include <QPixmap>

#include "widgets/figure_widget.hpp"
#include "widgets/heat_map_drawing.hpp"

class QScrollBar;

namespace ember {

class HeatMap : public FigureWidget {
    Q_OBJECT
public:
    explicit HeatMap(QWidget* parent = nullptr);

    void setData(HeatMapData data); ///< shows all rows again
    const HeatMapData& data() const { return figure_.data; }
    void setCurrentCell(int row, int column); ///< row and column, not places; -1: none; emits nothing
    int currentRow() const { return row_; }
    int currentColumn() const { return column_; }
    void showRows(double first, double count); ///< places in view; count 0: all
    void ensureRowVisible(int row);

    HeatMapFigure figure() const; ///< as on screen, in the theme's colours
    QString csv() const override { return heatMapCsv(data()); }
    QRectF cellRect(int row, int column) const; ///< in the widget's coordinates

public slots:
    void resetView();

signals:
    void cellClicked(int row, int column); ///< of the data, not the places

protected:
    QString figureTitle() const override { return data().title; }
    void drawFigure(QPaintDevice& device, double scale, const QSize& units,
                    const FigureOptions& options) const override;
    void addActions(QMenu& menu) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    struct Cell {
        int row, column; ///< of the data
    };
    const HeatMapFigure& shown() const; ///< the figure with all that changes on screen
    const HeatMapLayout& layout() const;
    std::optional<Cell> cellAt(const QPointF& place) const;
    QRectF canvas() const; ///< beside the scroll bar
    void changed();
    void describe();
    void zoomRows(double factor, double atPlace);
    void moveCurrent(int rows, int columns);
    QString textOf(int row, int column) const;

    mutable HeatMapFigure figure_;
    HeatMapOrder order_;
    double first_ = 0, shown_ = 0;
    int row_ = -1, column_ = -1;
    mutable std::optional<HeatMapLayout> layout_;
    QPixmap picture_;
    bool stale_ = true;
    QScrollBar* bar_ = nullptr;
};

} // namespace ember

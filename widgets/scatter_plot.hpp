#pragma once
// Named points with zoom: the wheel zooms at the cursor, drag pans, double click or Home shows all; a click
// (or the arrow keys and Enter) chooses a point; the context menu saves the figure and its data.

#include <optional>

#include <QPixmap>

#include "widgets/figure_widget.hpp"
#include "widgets/scatter_drawing.hpp"

namespace ember {

class ScatterPlot : public FigureWidget {
    Q_OBJECT
public:
    explicit ScatterPlot(QWidget* parent = nullptr);
    ~ScatterPlot() override;

    void setData(ScatterData data); ///< shows all points again
    const ScatterData& data() const { return figure_.data; }
    void setHighlighted(int point); ///< -1: none; emits nothing
    int highlighted() const { return figure_.highlighted; }
    void setView(const QRectF& view); ///< null: all points; emits nothing
    const QRectF& view() const { return figure_.view; }

    ScatterFigure figure() const; ///< as on screen, in the theme's colours
    QString csv() const override { return scatterCsv(data()); }
    QPointF placeOf(int point) const; ///< in the widget's coordinates

public slots:
    void resetView();

signals:
    void pointClicked(int point);
    void hovered(int point); ///< -1: none
    void viewChanged(const QRectF& view);

protected:
    QString figureTitle() const override { return data().title; }
    void drawFigure(QPaintDevice& device, double scale, const QSize& units,
                    const FigureOptions& options) const override;
    void addActions(QMenu& menu) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void leaveEvent(QEvent* event) override;
    bool event(QEvent* event) override;

private:
    const ScatterFigure& shown() const; ///< the figure with the look of the screen
    const ScatterLayout& layout() const;
    void changed();
    void describe();
    void userView(const QRectF& view);
    void zoomBy(double factor, const QPointF& at);
    void panBy(const QPointF& pixels);
    void step(int direction);
    int pointAt(const QPointF& place) const;
    QString textOf(int point) const;

    mutable ScatterFigure figure_;
    int under_ = -1; ///< the point below the mouse
    mutable std::optional<ScatterLayout> layout_;
    QPixmap picture_; ///< all but what follows the mouse
    bool stale_ = true, dragging_ = false, moved_ = false;
    QPointF pressed_, last_;
};

} // namespace ember

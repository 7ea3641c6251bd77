#pragma once
// Distributions side by side; a click (or the arrow keys and Enter) chooses a group; the context menu saves
// the figure and its data.

#include "widgets/figure_widget.hpp"
#include "widgets/violin_data.hpp"

namespace ember {

class ViolinPlot : public FigureWidget {
    Q_OBJECT
public:
    explicit ViolinPlot(QWidget* parent = nullptr);

    void setData(ViolinData data);
    const ViolinData& data() const { return data_; }

    ViolinFigure figure() const; ///< as on screen, in the theme's colours
    QString csv() const override { return violinCsv(data_); }

signals:
    void groupClicked(int group);

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
    int groupAt(const QPointF& place) const; ///< -1: none
    QString textOf(int group) const;
    ViolinData data_;
    int current_ = -1; ///< group that the keyboard is at
};

} // namespace ember

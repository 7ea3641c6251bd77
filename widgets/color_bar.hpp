#pragma once
// Colour bar with a range slider: two handles say which values get the colours at the ends of the map.

#include <QWidget>

#include "widgets/point_colors.hpp"

class QComboBox;
class QLabel;
class QLineEdit;
class QToolButton;

namespace ember {

/// The bar itself: vertical, values rise upwards. Up and Down move the handle that was used last, Page Up and
/// Page Down further; Left and Right choose the handle.
class ColorRangeSlider : public QWidget {
    Q_OBJECT
public:
    explicit ColorRangeSlider(QWidget* parent = nullptr);
    void setRange(ValueRange whole, ValueRange chosen, ColorMap map);
    void setHistogram(std::vector<double> shares); ///< heights 0 … 1 over `whole`, drawn beside the bar
    const ValueRange& chosen() const { return chosen_; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    double placeOf(double value) const; ///< vertical, widget's coordinates
    double valueAt(double place) const;

signals:
    void moved(double low, double high);    ///< while a handle is dragged
    void released(double low, double high); ///< the edit is complete

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QRectF bar() const;
    void moveHandle(double value);
    ValueRange whole_, chosen_;
    ColorMap map_ = ColorMap::viridis;
    std::vector<double> histogram_;
    bool high_ = true, dragging_ = false, mirrored_ = false;
};

class ColorBar : public QWidget {
    Q_OBJECT
public:
    explicit ColorBar(QWidget* parent = nullptr);
    void setColors(const PointColors& colors); ///< emits nothing
    const PointColors& colors() const { return colors_; }
    ColorRangeSlider* slider() const { return slider_; }
    QSize sizeHint() const override;

signals:
    void previewed(const ember::PointColors& colors); ///< while a handle is dragged
    void edited(const ember::PointColors& colors);

private:
    void refresh();
    void edit(double low, double high);
    void editText();
    void usePercentiles(double low, double high);

    PointColors colors_;
    ValueRange whole_, histogramRange_{0, 0};
    QLabel *title_ = nullptr, *missing_ = nullptr;
    QComboBox* map_ = nullptr;
    QLineEdit *low_ = nullptr, *high_ = nullptr;
    ColorRangeSlider* slider_ = nullptr;
    QToolButton *percentiles_ = nullptr, *extremes_ = nullptr;
    std::shared_ptr<const std::vector<float>> known_;
};

} // namespace ember

#pragma once
// What the colours mean, beside a cloud: a legend, a colour bar, or nothing.

#include <QWidget>

#include "widgets/point_colors.hpp"

namespace ember {

class CategoryLegend;
class ColorBar;

class PointLegend : public QWidget {
    Q_OBJECT
public:
    explicit PointLegend(QWidget* parent = nullptr);
    void setColors(const PointColors& colors); ///< emits nothing
    CategoryLegend* categories() const { return categories_; }
    ColorBar* bar() const { return bar_; }
    void setWanted(bool wanted); ///< false: never shown

signals:
    void previewed(const ember::PointColors& colors); ///< while an edit goes on
    void edited(const ember::PointColors& colors);

private:
    void choose();
    CategoryLegend* categories_ = nullptr;
    ColorBar* bar_ = nullptr;
    PointColoring coloring_ = PointColoring::plain;
    bool wanted_ = true;
};

} // namespace ember

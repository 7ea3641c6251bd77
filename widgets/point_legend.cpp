#include "widgets/point_legend.hpp"

#include <QVBoxLayout>

#include "widgets/category_legend.hpp"
#include "widgets/color_bar.hpp"

namespace ember {

PointLegend::PointLegend(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("pointLegend"));
    categories_ = new CategoryLegend(this);
    bar_ = new ColorBar(this);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(categories_);
    layout->addWidget(bar_);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Expanding);
    connect(categories_, &CategoryLegend::edited, this, &PointLegend::edited);
    connect(bar_, &ColorBar::previewed, this, &PointLegend::previewed);
    connect(bar_, &ColorBar::edited, this, &PointLegend::edited);
    choose();
}

void PointLegend::setColors(const PointColors& colors) {
    coloring_ = colors.coloring();
    if (coloring_ == PointColoring::category)
        categories_->setColors(colors);
    else if (coloring_ == PointColoring::value)
        bar_->setColors(colors);
    choose();
}

void PointLegend::setWanted(bool wanted) {
    wanted_ = wanted;
    choose();
}

void PointLegend::choose() {
    categories_->setVisible(coloring_ == PointColoring::category);
    bar_->setVisible(coloring_ == PointColoring::value);
    setVisible(wanted_ && coloring_ != PointColoring::plain);
}

} // namespace ember

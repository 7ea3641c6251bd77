#pragma once
// Grouped bars as plain data: screen, figure and CSV come from this one value.

#include <vector>

#include <QColor>
#include <QFont>
#include <QRectF>
#include <QString>
#include <QStringList>

#include "widgets/theme_colors.hpp"

class QPainter;

namespace ember {

struct BarSeries {
    QString name;
    std::vector<double> values; ///< [groups]; NaN: no bar
    std::vector<double> errors; ///< [groups] half the length of the error bar; empty: none
    QColor color;               ///< invalid: from the categorical palette; neutral when there is one series
    bool visible = true;
};

struct BarData {
    QStringList groups; ///< along the axis: "day10", "day14"
    std::vector<BarSeries> series;
    QString title, groupLabel; ///< "Time point"
    QString valueLabel;        ///< with its unit: "Mean prediction"
    QString errorLabel;        ///< "standard error over mice"; said in the value's label
    bool percent = false;      ///< values are shares 0 … 1, labelled in per cent
};

struct BarFigure {
    BarData data;
    ThemeColors theme = lightThemeColors();
    QFont font; ///< its pixel size is in units of 1/96 inch
    bool legend = true;
    bool title = true;
};

/// Draws into `rect`, whose units are 1/96 inch. Bars start at zero. Group names that find no room side by
/// side are slanted, and beyond that shortened; groups without any value keep their place.
void drawBars(QPainter& painter, const QRectF& rect, const BarFigure& figure);

/// "<group label>,<series>,<series> error…": a line per group, full precision; hidden series are left out.
QString barCsv(const BarData& data);

} // namespace ember

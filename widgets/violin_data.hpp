#pragma once
// Distributions side by side, one or two halves per group (observed | predicted): screen, figure and CSV come
// from this one value.

#include <cstdint>
#include <optional>
#include <vector>

#include <QColor>
#include <QFont>
#include <QRectF>
#include <QString>
#include <QStringList>

#include "widgets/theme_colors.hpp"

class QPainter;

namespace ember {

struct ViolinSide {
    std::uint64_t n = 0; ///< 0: nothing is drawn
    double minimum = 0, q1 = 0, median = 0, q3 = 0, maximum = 0;
    std::vector<double> at, density; ///< the curve, rising; without one (all values alike) a line is drawn
};

struct ViolinGroup {
    QString name;
    std::vector<ViolinSide> sides; ///< [sides of the plot]
};

struct ViolinData {
    QString title, groupLabel;  ///< "Cell type"
    QString valueLabel;         ///< with its unit
    QString unit;               ///< what n counts: "cells"
    QStringList sides;          ///< one name, or two: left and right
    std::vector<QColor> colors; ///< [sides]; invalid or missing: from the categorical palette
    std::vector<ViolinGroup> groups;
    std::optional<QString> note;
};

struct ViolinFigure {
    ViolinData data;
    ThemeColors theme = lightThemeColors();
    QFont font; ///< its pixel size is in units of 1/96 inch
    bool legend = true;
    bool title = true;
};

/// Draws into `rect`, whose units are 1/96 inch: all violins equally wide at their widest, quartiles as a bar
/// with the median as a dot, n of each side below each group.
void drawViolins(QPainter& painter, const QRectF& rect, const ViolinFigure& figure);

/// "group,side,n,min,q1,median,q3,max": a line per side of each group, full precision.
QString violinCsv(const ViolinData& data);

} // namespace ember

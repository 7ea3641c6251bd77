#pragma once
// Names of series in one row above a plot, each with its colour.

#include <vector>

#include <QColor>
#include <QFont>
#include <QRectF>
#include <QStringList>

#include "widgets/theme_colors.hpp"

class QPainter;

namespace ember {

struct SeriesKey {
    QStringList names;
    std::vector<QColor> colors; ///< [names]
    ThemeColors theme;
    QFont font; ///< in pixel size
};

/// Draws at the top of `rect`; names that find no room are counted ("… 7 more"). Returns the height that the
/// row takes.
double drawSeriesKey(QPainter& painter, const QRectF& rect, const SeriesKey& key);

} // namespace ember

#pragma once
// Parts that the figures of several plots share: heading, note, legend column, colour scale.

#include <vector>

#include <QColor>
#include <QFont>
#include <QRectF>
#include <QString>
#include <QStringList>

#include "widgets/color_map.hpp"
#include "widgets/theme_colors.hpp"

class QPainter;

namespace ember {

/// Font and colours of a figure; the font's pixel size is in units of 1/96 inch.
struct FigureInk {
    const ThemeColors& theme;
    const QFont& font;
    double line() const; ///< height of a line of text
    double width(const QString& text) const;
};

/// A place for the title (taken from the top of `rest`); null without a title.
QRectF takeTitle(QRectF& rest, const QString& title, const FigureInk& ink);
QRectF takeNote(QRectF& rest, const QString& note, const FigureInk& ink);
void drawTitle(QPainter& painter, const QRectF& place, const QString& title, const FigureInk& ink);
void drawNote(QPainter& painter, const QRectF& place, const QString& note, const FigureInk& ink);
/// In the middle of an area without data.
void drawSentence(QPainter& painter, const QRectF& area, const QString& sentence, const FigureInk& ink);

enum class LegendMark { square, dot, line, dashes, ring };

struct LegendEntry {
    QString text;
    QColor color;
    LegendMark mark = LegendMark::square;
    bool on = true; ///< off: its series is hidden
};

/// Width of a legend in a column of its own; 0 without entries.
double legendColumnWidth(const std::vector<LegendEntry>& entries, const FigureInk& ink, double available);
/// One box per entry that has room, downwards from the top of `column`.
std::vector<QRectF> legendBoxes(const std::vector<LegendEntry>& entries, const QRectF& column,
                                const FigureInk& ink);
/// Takes the legend's place from `rest`: a row at its top where that has room and the rest is not much wider
/// than high, else a column at its right. Boxes as legendBoxes gives them.
std::vector<QRectF> takeLegend(QRectF& rest, const std::vector<LegendEntry>& entries, const FigureInk& ink);
void drawLegend(QPainter& painter, const std::vector<LegendEntry>& entries, const std::vector<QRectF>& boxes,
                const FigureInk& ink);

/// A vertical colour scale with its label above and nice numbers beside it.
struct ColorScale {
    ColorMap map = ColorMap::viridis;
    double low = 0, high = 1;
    QString label;
    bool missing = false; ///< a swatch for cells without a value
};
double colorScaleWidth(const ColorScale& scale, const FigureInk& ink);
/// Draws into the column; its height is bounded. Returns the height that was used.
double drawColorScale(QPainter& painter, const QRectF& column, const ColorScale& scale, const FigureInk& ink);

/// The colour of cells without a value.
QColor missingColor(const ThemeColors& theme);
/// Dark or light, whichever reads better on `ground`.
QColor inkOn(const QColor& ground);

/// Range of the finite values; `low` < `high` as given stay. `diverging`: ± the larger end. Never empty.
struct ColorSpan {
    double low = 0, high = 1;
    double shareOf(double value) const { return (value - low) / (high - low); }
};
ColorSpan colorSpan(const std::vector<double>& values, double low, double high, bool diverging);

} // namespace ember

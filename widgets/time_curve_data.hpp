#pragma once
// Curves of thousands of points along steps that grow while one looks: screen, figure and CSV come from this
// one value.

#include <memory>
#include <optional>
#include <vector>

#include <QColor>
#include <QFont>
#include <QRectF>
#include <QString>

#include "widgets/theme_colors.hpp"

class QPainter;

namespace ember {

struct TimeSeries {
    QString name;
    std::shared_ptr<const std::vector<double>> x, y; ///< [points], x ascending; NaN in y: a gap
    QColor color;                                    ///< invalid: from the categorical palette
    bool dashed = false;
    bool dots = false;   ///< each point is drawn: few, such as validations
    bool legend = true;  ///< has an entry of its own there
    bool smooth = false; ///< follows TimeCurveData::smoothing
};

enum class TimeMarkKind { best, checkpoint, rollback };

/// Something that happened at a step.
struct TimeMark {
    TimeMarkKind kind = TimeMarkKind::checkpoint;
    double x = 0;
    std::optional<double> y; ///< of the best value
    QString text;            ///< "Best validation loss, 3.214 at step 2,000"
    QColor color;            ///< of its run; invalid: the text's
};

struct TimeCurveData {
    QString title, xLabel, yLabel;
    std::vector<TimeSeries> series;
    std::vector<TimeMark> marks;
    bool logarithmic = false;          ///< y; values that are not positive are gaps
    double smoothing = 0;              ///< share of the past in an exponential mean, 0 … 0.99
    bool fromZero = false;             ///< y starts at zero unless logarithmic
    std::optional<double> left, right; ///< steps in view; none: all
};

struct TimeCurveFigure {
    TimeCurveData data;
    ThemeColors theme = lightThemeColors();
    QFont font; ///< its pixel size is in units of 1/96 inch
    bool legend = true;
    std::optional<double> hover; ///< a step whose values are shown
};

/// Draws into `rect`, whose units are 1/96 inch. Of more points than columns of pixels the lowest and highest
/// of each column are joined, so that no spike is lost.
void drawTimeCurves(QPainter& painter, const QRectF& rect, const TimeCurveFigure& figure);

/// "series,x,y,smoothed": every point, full precision; without the last column where nothing is smoothed.
QString timeCurveCsv(const TimeCurveData& data);

/// Exponential mean with `share` of the past, corrected for its start (as Adam's moments are); gaps stay.
std::vector<double> smoothedValues(const std::vector<double>& values, double share);

} // namespace ember

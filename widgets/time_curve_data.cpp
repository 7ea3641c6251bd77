#include "widgets/time_curve_data.hpp"

#include <algorithm>
#include <cmath>

#include "widgets/category_palette.hpp"
#include "widgets/formatting.hpp"
#include "widgets/histogram_data.hpp"
#include "widgets/time_curve_drawing.hpp"

namespace ember {

std::vector<double> smoothedValues(const std::vector<double>& values, double share) {
    std::vector<double> smooth(values.size());
    double mean = 0, weight = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!std::isfinite(values[i])) {
            smooth[i] = std::nan("");
            continue;
        }
        mean = share * mean + (1 - share) * values[i];
        weight = share * weight + (1 - share);
        smooth[i] = mean / weight;
    }
    return smooth;
}

std::pair<double, double> timeExtent(const TimeCurveData& data) {
    double left = INFINITY, right = -INFINITY;
    for (const TimeSeries& series : data.series) {
        if (series.x != nullptr && !series.x->empty()) {
            left = std::min(left, series.x->front());
            right = std::max(right, series.x->back());
        }
    }
    if (!(left <= right)) {
        return {0, 1};
    }
    return left < right ? std::pair(left, right) : std::pair(left - 0.5, right + 0.5);
}

QColor timeColor(const TimeCurveData& data, std::size_t series) {
    const QColor own = data.series[series].color;
    return own.isValid() ? own : categoryColor(static_cast<int>(series));
}

std::vector<double> shownValues(const TimeCurveData& data, std::size_t series) {
    const TimeSeries& shown = data.series[series];
    std::vector<double> values = shown.y == nullptr ? std::vector<double>() : *shown.y;
    if (shown.smooth && data.smoothing > 0) {
        values = smoothedValues(values, data.smoothing);
    }
    if (data.logarithmic) {
        for (double& value : values) {
            value = value > 0 ? std::log10(value) : std::nan("");
        }
    }
    return values;
}

std::ptrdiff_t pointNear(const TimeSeries& series, double step) {
    if (series.x == nullptr || series.x->empty()) {
        return -1;
    }
    const std::vector<double>& x = *series.x;
    const auto after = std::lower_bound(x.begin(), x.end(), step);
    if (after == x.end()) {
        return static_cast<std::ptrdiff_t>(x.size()) - 1;
    }
    const auto at = after - x.begin();
    return at > 0 && step - x[static_cast<std::size_t>(at - 1)] < *after - step ? at - 1 : at;
}

QStringList readOut(const TimeCurveData& data, double step) {
    QStringList lines;
    for (const TimeSeries& series : data.series) {
        if (const std::ptrdiff_t at = pointNear(series, step); at >= 0) {
            lines << series.name + QStringLiteral("  ") +
                         formatNumber((*series.y)[static_cast<std::size_t>(at)]);
        }
    }
    return lines;
}

QString timeCurveCsv(const TimeCurveData& data) {
    const bool smoothed = data.smoothing > 0 && std::any_of(data.series.begin(), data.series.end(),
                                                            [](const auto& series) { return series.smooth; });
    const auto heading = [](const QString& label, const char* fallback) {
        return csvField(label.isEmpty() ? QString::fromLatin1(fallback) : label);
    };
    QString csv =
        QStringLiteral("series,") + heading(data.xLabel, "x") + QLatin1Char(',') + heading(data.yLabel, "y");
    csv += smoothed ? QStringLiteral(",smoothed\n") : QStringLiteral("\n");
    for (const TimeSeries& series : data.series) {
        if (series.x == nullptr) {
            continue;
        }
        const std::vector<double> smooth =
            smoothed && series.smooth ? smoothedValues(*series.y, data.smoothing) : std::vector<double>();
        for (std::size_t i = 0; i < series.x->size(); ++i) {
            csv += csvField(series.name) + QLatin1Char(',') + formatExact((*series.x)[i]) + QLatin1Char(',') +
                   formatExact((*series.y)[i]);
            if (smoothed) {
                csv += QLatin1Char(',') + (smooth.empty() ? QString() : formatExact(smooth[i]));
            }
            csv += QLatin1Char('\n');
        }
    }
    return csv;
}

} // namespace ember

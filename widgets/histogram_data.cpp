#include "widgets/histogram_data.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <QStringList>

#include "widgets/formatting.hpp"

namespace ember {

HistogramData makeHistogram(std::span<const double> values, int bins) {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const double value : values) {
        if (std::isfinite(value)) {
            low = std::min(low, value);
            high = std::max(high, value);
        }
    }
    HistogramData data;
    if (!(low <= high) || bins < 1)
        return data;
    if (low == high) {
        const double half = low == 0 ? 0.5 : std::fabs(low) * 0.5;
        low -= half;
        high += half;
        bins = 1;
    }
    const double width = high / bins - low / bins; // halves first: high - low may overflow
    for (int i = 0; i < bins; ++i)
        data.edges.push_back(low + width * i);
    data.edges.push_back(high);
    HistogramSeries series;
    series.counts.assign(static_cast<std::size_t>(bins), 0);
    for (const double value : values) {
        if (std::isfinite(value)) {
            const auto bin = static_cast<int>((value - low) / width);
            ++series.counts[static_cast<std::size_t>(std::clamp(bin, 0, bins - 1))];
        }
    }
    data.series.push_back(std::move(series));
    return data;
}

QString csvField(const QString& text) {
    const bool plain = !text.contains(QLatin1Char(',')) && !text.contains(QLatin1Char('"')) &&
                       !text.contains(QLatin1Char('\n')) && !text.contains(QLatin1Char('\r'));
    return plain ? text
                 : QLatin1Char('"') + QString(text).replace(QLatin1String("\""), QLatin1String("\"\"")) +
                       QLatin1Char('"');
}

QString histogramCsv(const HistogramData& data) {
    QStringList heading = {QStringLiteral("bin_low"), QStringLiteral("bin_high")};
    for (const HistogramSeries& series : data.series) {
        if (series.visible)
            heading << csvField(series.name.isEmpty() ? QStringLiteral("count") : series.name);
    }
    QString csv = heading.join(QLatin1Char(',')) + QLatin1Char('\n');
    for (std::size_t bin = 0; bin < static_cast<std::size_t>(data.bins()); ++bin) {
        csv += formatExact(data.edges[bin]) + QLatin1Char(',') + formatExact(data.edges[bin + 1]);
        for (const HistogramSeries& series : data.series) {
            if (series.visible)
                csv += QLatin1Char(',') + QString::number(series.counts[bin]);
        }
        csv += QLatin1Char('\n');
    }
    return csv;
}

} // namespace ember

#pragma once
// Histograms as plain data: what a plot draws, its CSV and its legend all come from this one value.

#include <cstdint>
#include <span>
#include <vector>

#include <QColor>
#include <QString>

namespace ember {

struct HistogramSeries {
    QString name;
    std::vector<std::uint64_t> counts; ///< [bins]
    QColor color;                      ///< invalid: from the categorical palette
    bool visible = true;
};

struct HistogramData {
    std::vector<double> edges; ///< [bins + 1], rising
    std::vector<HistogramSeries> series;
    QString title;
    QString valueLabel; ///< with its unit: "Magnitude (L2 norm per cell)"
    QString countLabel; ///< "Cells"
    int bins() const { return edges.size() < 2 ? 0 : static_cast<int>(edges.size()) - 1; }
};

/// Bins of equal width over the finite values; the last one includes the maximum. One distinct value gives
/// one bin around it; no finite value gives no bins.
HistogramData makeHistogram(std::span<const double> values, int bins);

/// "bin_low,bin_high,<series>…", full precision; names quoted where needed. Hidden series are left out,
/// because the file says what is drawn.
QString histogramCsv(const HistogramData& data);

/// One field of a CSV line (RFC 4180): quoted when it holds a comma, a quote or a line break.
QString csvField(const QString& text);

} // namespace ember

#pragma once
// Numbers as people read them: thousands separators, at most four significant figures, units.

#include <cstdint>

#include <QString>

namespace ember {

/// "57,298".
QString formatCount(std::int64_t count);
/// formatCount with the noun in the right number: "1 cell", "57,298 cells".
QString formatCount(std::int64_t count, const QString& singular, const QString& plural);

/// At most `figures` significant figures, no trailing zeros; small and huge numbers in powers of ten:
/// "0.1234", "1,235", "12.3", "1.2×10⁻⁵". NaN is "–", infinities "∞" and "−∞"; a true minus sign.
QString formatNumber(double value, int figures = 4);
/// The same with its trailing zeros, so that the figures of a column line up: "21.40".
QString formatInColumn(double value, int figures = 4);

/// All digits that are needed to read the value back; "nan", "inf", ASCII minus. For files.
QString formatExact(double value);

/// Share as per cent: "93.2 %", "0 %", "< 0.1 %".
QString formatPercent(double share);
QString formatPercentInColumn(double share); ///< "50.0 %"

/// Decimal units: "461 MB", "3.02 GB", "512 bytes".
QString formatBytes(std::uint64_t bytes);

/// "0.4 s", "12 s", "1 min 40 s", "2 h 5 min", "3 d 4 h".
QString formatDuration(double seconds);

/// "1 min 40 s left"; empty when negative (unknown).
QString formatTimeLeft(double seconds);

/// "57,298 × 2,000".
QString formatShape(std::uint64_t rows, std::uint64_t cols);

} // namespace ember

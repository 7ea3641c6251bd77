#pragma once
// How the points of a cloud are coloured: all alike, by category or by value. A plain value, so that an edit
// of the legend can be undone by setting the one before.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <QColor>
#include <QString>
#include <QStringList>

#include "widgets/color_map.hpp"

namespace ember {

enum class PointColoring { plain, category, value };

struct PointColors {
    QString title; ///< what the colour means: "Condition", "Krt5 (log-normalised)"

    // By category.
    QStringList names;
    std::vector<QColor> colors;                             ///< [names]; invalid or absent: the palette's
    std::shared_ptr<const std::vector<std::int32_t>> codes; ///< [points]; -1 or out of range: missing
    std::vector<std::uint8_t> hidden;                       ///< [names], 1: not drawn; empty: all are drawn
    bool missingHidden = false;
    std::vector<int> order; ///< [names] of the legend; empty: as named, largest first when there are many

    // Or by value.
    std::shared_ptr<const std::vector<float>> values; ///< [points]; NaN: missing
    ColorMap map = ColorMap::viridis;
    double low = 0, high = 1; ///< the values at both ends of the map; beyond them its end colours

    PointColoring coloring() const {
        return codes ? PointColoring::category : values ? PointColoring::value : PointColoring::plain;
    }
    QColor colorOf(int category) const; ///< the category's own or the palette's
    bool isHidden(int category) const {
        return static_cast<std::size_t>(category) < hidden.size() &&
               hidden[static_cast<std::size_t>(category)];
    }
    bool operator==(const PointColors&) const = default;
};

/// By category; colours from the file where there are as many as names, else the palette.
PointColors categoryPointColors(const QString& title, const QStringList& names,
                                std::shared_ptr<const std::vector<std::int32_t>> codes,
                                const std::vector<QColor>& fromFile = {});

/// By value, from the 1st to the 99th percentile; around zero with the diverging map.
PointColors valuePointColors(const QString& title, std::shared_ptr<const std::vector<float>> values,
                             ColorMap map = ColorMap::viridis);

struct ValueRange {
    double low = 0, high = 1;
    bool operator==(const ValueRange&) const = default;
};

/// Percentiles of the finite values (0 and 100: the extremes), widened when they are equal; with
/// `aroundZero` symmetric. No finite value gives 0 … 1.
ValueRange valueRange(std::span<const float> values, double lowPercent, double highPercent,
                      bool aroundZero = false);

/// [names + 1] points in each category; the last is the number of missing ones.
std::vector<std::uint64_t> categoryCounts(const PointColors& colors);

/// Categories in the order of the legend: `order` where it is a permutation, else as named up to 30, and the
/// largest first beyond.
std::vector<int> legendOrder(const PointColors& colors, const std::vector<std::uint64_t>& counts);

} // namespace ember

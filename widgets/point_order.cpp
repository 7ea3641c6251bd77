#include "widgets/point_order.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <map>
#include <mutex>
#include <numeric>

#include "widgets/parallel_blocks.hpp"

namespace ember {

namespace {

constexpr std::size_t pointsAtATime = 65536; // a multiple of the bits in a word

/// Calls `visit(first, last)` for blocks of points, in parallel.
template<typename Visit>
void forBlocks(std::size_t count, Visit visit) {
    forEachBlock((count + pointsAtATime - 1) / pointsAtATime, [&](std::size_t block) {
        visit(block * pointsAtATime, std::min(count, (block + 1) * pointsAtATime));
    });
}

/// Splitmix64 (Steele, Lea and Flood 2014).
std::uint64_t nextRandom(std::uint64_t& state) {
    std::uint64_t z = state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

std::vector<std::uint32_t> shuffled(std::size_t count) {
    std::vector<std::uint32_t> order(count);
    std::iota(order.begin(), order.end(), 0U);
    std::uint64_t state = 20150601;
    for (std::size_t i = count; i > 1; --i) {
        const auto other = static_cast<std::size_t>((nextRandom(state) >> 32) * i >> 32);
        std::swap(order[i - 1], order[other]);
    }
    return order;
}

std::uint32_t mixed(QRgb color, QRgb ground, double share) {
    const auto channel = [&](int from, int to) {
        return static_cast<int>(std::lround(from + (to - from) * share));
    };
    return qRgb(channel(qRed(color), qRed(ground)), channel(qGreen(color), qGreen(ground)),
                channel(qBlue(color), qBlue(ground)));
}

/// Ink of every code or step of the colour map; the last one is that of missing points.
std::vector<std::uint32_t> inkTable(const PointColors& colors, const ThemeColors& theme) {
    std::vector<std::uint32_t> table;
    const std::uint32_t missing = pointInk(missingPointColor(theme).rgb(), PointLayer::below);
    switch (colors.coloring()) {
    case PointColoring::plain:
        return {pointInk((colors.colors.empty() ? theme.bar : colors.colorOf(0)).rgb(), PointLayer::normal)};
    case PointColoring::category:
        for (int category = 0; category < colors.names.size(); ++category)
            table.push_back(colors.isHidden(category)
                                ? hiddenInk
                                : pointInk(colors.colorOf(category).rgb(), PointLayer::normal));
        table.push_back(colors.missingHidden ? hiddenInk : missing);
        return table;
    case PointColoring::value:
        for (const QRgb color : colorMapTable(colors.map))
            table.push_back(pointInk(color, PointLayer::normal));
        table.push_back(missing);
        return table;
    }
    return table;
}

/// From a value to its step of the colour map; behind the last one for what is missing.
class ValueSteps {
public:
    explicit ValueSteps(const PointColors& colors)
        : low_(static_cast<float>(colors.low)),
          scale_(static_cast<float>((colorMapSteps - 1) / (colors.high - colors.low))) {}
    std::uint32_t of(float value) const {
        if (!std::isfinite(value))
            return colorMapSteps;
        return static_cast<std::uint32_t>(
            std::clamp((value - low_) * scale_, 0.0F, float(colorMapSteps - 1)) + 0.5F);
    }

private:
    float low_, scale_;
};

/// Calls `visit` with a function from a point to its place in the ink table.
template<typename Visit>
void withPlaces(const PointColors& colors, std::size_t points, Visit visit) {
    if (colors.codes && colors.codes->size() == points) {
        const auto missing = static_cast<std::uint32_t>(colors.names.size());
        const std::int32_t* codes = colors.codes->data();
        visit([=](std::size_t point) { return std::min(static_cast<std::uint32_t>(codes[point]), missing); });
    } else if (colors.values && colors.values->size() == points) {
        const ValueSteps steps(colors);
        const float* values = colors.values->data();
        visit([=](std::size_t point) { return steps.of(values[point]); });
    } else {
        const bool plain = colors.coloring() == PointColoring::plain;
        const auto place = static_cast<std::uint32_t>(plain           ? 0
                                                      : colors.values ? colorMapSteps
                                                                      : colors.names.size());
        visit([=](std::size_t) { return place; });
    }
}

} // namespace

QColor missingPointColor(const ThemeColors& theme) {
    return theme.dark ? QColor(0x57, 0x53, 0x4f) : QColor(0xcf, 0xcb, 0xc6);
}

std::shared_ptr<const std::vector<std::uint32_t>> drawOrder(std::size_t count) {
    static std::mutex mutex;
    static std::map<std::size_t, std::weak_ptr<const std::vector<std::uint32_t>>> known;
    const std::lock_guard lock(mutex);
    std::erase_if(known, [](const auto& entry) { return entry.second.expired(); });
    if (const auto found = known.find(count); found != known.end()) {
        if (auto order = found->second.lock())
            return order;
    }
    auto order = std::make_shared<const std::vector<std::uint32_t>>(shuffled(count));
    known[count] = order;
    return order;
}

OrderedPoints orderPoints(const std::vector<float>& xy) {
    OrderedPoints points;
    const std::size_t count = xy.size() / 2;
    static std::atomic<std::uint64_t> made{0};
    points.generation = ++made;
    points.order = drawOrder(count);
    points.x.resize(count);
    points.y.resize(count);
    struct Extent {
        float left = std::numeric_limits<float>::infinity(), right = -left, low = left, high = -left;
        std::size_t finite = 0;
    };
    std::vector<Extent> extents((count + pointsAtATime - 1) / pointsAtATime);
    forBlocks(count, [&](std::size_t first, std::size_t last) {
        Extent extent;
        for (std::size_t i = first; i < last; ++i) {
            const std::size_t point = (*points.order)[i];
            const float x = xy[2 * point], y = xy[2 * point + 1];
            points.x[i] = x;
            points.y[i] = y;
            if (!std::isfinite(x) || !std::isfinite(y))
                continue;
            extent.left = std::min(extent.left, x);
            extent.right = std::max(extent.right, x);
            extent.low = std::min(extent.low, y);
            extent.high = std::max(extent.high, y);
            ++extent.finite;
        }
        extents[first / pointsAtATime] = extent;
    });
    Extent all;
    for (const Extent& extent : extents) {
        all = {std::min(all.left, extent.left), std::max(all.right, extent.right),
               std::min(all.low, extent.low), std::max(all.high, extent.high), all.finite + extent.finite};
    }
    points.finite = all.finite;
    if (all.finite > 0)
        points.bounds = QRectF(QPointF(all.left, all.low), QPointF(all.right, all.high));
    return points;
}

SharedPoints withRanks(const SharedPoints& xy, bool& ranked) {
    const std::size_t count = xy->size() / 2;
    bool anyX = false, anyY = false;
    for (std::size_t i = 0; i < count && !anyY; ++i) {
        anyX = anyX || std::isfinite((*xy)[2 * i]);
        anyY = std::isfinite((*xy)[2 * i + 1]);
    }
    ranked = anyX && !anyY;
    if (!ranked)
        return xy;
    std::vector<float> sorted;
    for (std::size_t i = 0; i < count; ++i) {
        if (std::isfinite((*xy)[2 * i]))
            sorted.push_back((*xy)[2 * i]);
    }
    sortInParallel(sorted);
    auto result = std::make_shared<std::vector<float>>(*xy);
    forBlocks(count, [&](std::size_t first, std::size_t last) {
        for (std::size_t i = first; i < last; ++i) {
            const float x = (*xy)[2 * i];
            if (std::isfinite(x)) {
                const auto upTo = std::upper_bound(sorted.begin(), sorted.end(), x) - sorted.begin();
                (*result)[2 * i + 1] =
                    static_cast<float>(static_cast<double>(upTo) / static_cast<double>(sorted.size()));
            }
        }
    });
    return result;
}

void PointInks::place(const PointColors& colors, bool sameValues) {
    places_.resize(order_->size());
    const std::uint32_t* order = order_->data();
    if (colors.coloring() == PointColoring::value && colors.values->size() == places_.size()) {
        // A new range then reads the values in a row.
        values_.resize(places_.size());
        const ValueSteps steps(colors);
        forBlocks(places_.size(), [&](std::size_t first, std::size_t last) {
            for (std::size_t i = first; i < last; ++i) {
                if (!sameValues)
                    values_[i] = (*colors.values)[order[i]];
                places_[i] = steps.of(values_[i]);
            }
        });
    } else {
        values_ = {};
        withPlaces(colors, places_.size(), [&](auto placeOf) {
            forBlocks(places_.size(), [&](std::size_t first, std::size_t last) {
                for (std::size_t i = first; i < last; ++i)
                    places_[i] = placeOf(order[i]);
            });
        });
    }
    placed_ = colors;
}

const std::vector<std::uint32_t>&
PointInks::update(const std::shared_ptr<const std::vector<std::uint32_t>>& order, const PointColors& colors,
                  const CellSelection* selection, const ThemeColors& theme) {
    if (order_ != order || placed_.codes != colors.codes || placed_.values != colors.values ||
        placed_.names.size() != colors.names.size() || placed_.low != colors.low ||
        placed_.high != colors.high) {
        const bool same = order_ == order && colors.values && placed_.values == colors.values &&
                          values_.size() == order->size();
        order_ = order;
        place(colors, same);
    }
    // Row by row the ink of points that are not selected, then of those that are. Faded, the colours still
    // tell the categories apart; selected points without a colour are raised as well.
    const std::vector<std::uint32_t> plain = inkTable(colors, theme);
    const bool chosen = selection != nullptr && selection->size() == places_.size() && selection->any();
    std::vector<std::uint32_t> table;
    for (const std::uint32_t ink : plain) {
        const bool fades = chosen && ink != hiddenInk;
        table.push_back(
            fades ? pointInk(mixed(ink, theme.surface.rgb(), 0.78), static_cast<PointLayer>(ink >> 24))
                  : ink);
        table.push_back(fades ? pointInk(ink, PointLayer::above) : ink);
    }
    inks_.resize(places_.size());
    const std::uint32_t* rows = table.data();
    const std::uint64_t* words = chosen ? selection->words().data() : nullptr;
    forBlocks(inks_.size(), [&](std::size_t first, std::size_t last) {
        if (words == nullptr) {
            for (std::size_t i = first; i < last; ++i)
                inks_[i] = rows[2 * std::size_t{places_[i]}];
            return;
        }
        for (std::size_t i = first; i < last; ++i) {
            const std::uint32_t point = (*order_)[i];
            inks_[i] = rows[2 * std::size_t{places_[i]} + (words[point / 64] >> point % 64 & 1)];
        }
    });
    return inks_;
}

CellSelection drawnPoints(const std::vector<float>& xy, const PointColors& colors) {
    const std::size_t count = xy.size() / 2;
    CellSelection drawn(count);
    const std::vector<std::uint32_t> table = inkTable(colors, lightThemeColors());
    withPlaces(colors, count, [&](auto placeOf) {
        forBlocks(count, [&](std::size_t first, std::size_t last) {
            for (std::size_t i = first; i < last; ++i) {
                if (std::isfinite(xy[2 * i]) && std::isfinite(xy[2 * i + 1]) &&
                    table[placeOf(i)] != hiddenInk)
                    drawn.insert(i);
            }
        });
    });
    return drawn;
}

} // namespace ember

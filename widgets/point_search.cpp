#include "widgets/point_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "widgets/parallel_blocks.hpp"

namespace ember {

namespace {

constexpr int gridCells = 256;
constexpr std::size_t wordsAtATime = 512;

struct Edge {
    double x1, y1, x2, y2;
    /// Whether the ray from (x, y) towards smaller x crosses the edge.
    bool crosses(double x, double y) const {
        return (y1 > y) != (y2 > y) && (x2 - x1) * (y - y1) / (y2 - y1) + x1 <= x;
    }
};

enum Place : std::uint8_t { outside, inside, border };

/// The polygon's bounding box in cells: all inside, all outside, or to be tested against the edges of its
/// row.
class PolygonGrid {
public:
    explicit PolygonGrid(const std::vector<QPointF>& polygon) {
        bounds_ = {std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity(),
                   -std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
        for (const QPointF& p : polygon) {
            bounds_ = {std::min(bounds_.left, p.x()), std::min(bounds_.low, p.y()),
                       std::max(bounds_.right, p.x()), std::max(bounds_.high, p.y())};
        }
        xScale_ = gridCells / (bounds_.right - bounds_.left);
        yScale_ = gridCells / (bounds_.high - bounds_.low);
        if (!std::isfinite(xScale_) || !std::isfinite(yScale_))
            return; // no area
        for (std::size_t i = 0; i < polygon.size(); ++i) {
            const QPointF a = polygon[i], b = polygon[(i + 1) % polygon.size()];
            addEdge({a.x(), a.y(), b.x(), b.y()});
        }
        fill();
    }

    bool contains(double x, double y) const {
        // Written so that NaN is outside.
        if (!(x >= bounds_.left && x <= bounds_.right && y >= bounds_.low && y <= bounds_.high) ||
            places_.empty())
            return false;
        const int row = cellOf(y, bounds_.low, yScale_);
        const std::uint8_t place =
            places_[static_cast<std::size_t>(row * gridCells + cellOf(x, bounds_.left, xScale_))];
        return place == border ? isInside(row, x, y) : place == inside;
    }

private:
    struct Bounds {
        double left, low, right, high;
    };

    static int cellOf(double value, double origin, double scale) {
        return std::clamp(static_cast<int>((value - origin) * scale), 0, gridCells - 1);
    }

    /// Marks the cells that the edge touches, with a margin far beyond rounding.
    void addEdge(const Edge& edge) {
        if (places_.empty()) {
            places_.assign(gridCells * gridCells, outside);
            rows_.resize(gridCells);
        }
        constexpr double margin = 1e-6; // cells
        const double x1 = (edge.x1 - bounds_.left) * xScale_, x2 = (edge.x2 - bounds_.left) * xScale_;
        const double y1 = (edge.y1 - bounds_.low) * yScale_, y2 = (edge.y2 - bounds_.low) * yScale_;
        const auto cell = [](double place) {
            return std::clamp(static_cast<int>(std::floor(place)), 0, gridCells - 1);
        };
        for (int row = cell(std::min(y1, y2) - margin); row <= cell(std::max(y1, y2) + margin); ++row) {
            rows_[static_cast<std::size_t>(row)].push_back(edge);
            const auto xAt = [&](double y) {
                return y1 == y2 ? x1 : x1 + (x2 - x1) * std::clamp((y - y1) / (y2 - y1), 0.0, 1.0);
            };
            double from = xAt(row - margin), to = xAt(row + 1 + margin);
            if (y1 == y2)
                to = x2;
            for (int column = cell(std::min(from, to) - margin); column <= cell(std::max(from, to) + margin);
                 ++column)
                places_[static_cast<std::size_t>(row * gridCells + column)] = border;
        }
    }

    bool isInside(int row, double x, double y) const {
        bool in = false;
        for (const Edge& edge : rows_[static_cast<std::size_t>(row)])
            in ^= edge.crosses(x, y);
        return in;
    }

    void fill() {
        for (int row = 0; row < gridCells; ++row) {
            std::uint8_t last = border; // cells between two border cells are all alike
            for (int column = 0; column < gridCells; ++column) {
                std::uint8_t& place = places_[static_cast<std::size_t>(row * gridCells + column)];
                if (place != border && last == border) {
                    place = isInside(row, bounds_.left + (column + 0.5) / xScale_,
                                     bounds_.low + (row + 0.5) / yScale_)
                                ? inside
                                : outside;
                } else if (place != border) {
                    place = last;
                }
                last = place;
            }
        }
    }

    Bounds bounds_{};
    double xScale_ = 0, yScale_ = 0;
    std::vector<std::uint8_t> places_; ///< [rows × columns]
    std::vector<std::vector<Edge>> rows_;
};

/// The points for which `test` holds; whole words per thread.
template<typename Test>
CellSelection pointsWhere(const std::vector<float>& xy, Test test) {
    CellSelection points(xy.size() / 2);
    const auto words = points.writable_words();
    const std::size_t blocks = (words.size() + wordsAtATime - 1) / wordsAtATime;
    forEachBlock(blocks, [&](std::size_t block) {
        const std::size_t last = std::min(words.size(), (block + 1) * wordsAtATime);
        for (std::size_t w = block * wordsAtATime; w < last; ++w) {
            const std::size_t first = w * CellSelection::word_bits;
            const std::size_t count = std::min(CellSelection::word_bits, points.size() - first);
            std::uint64_t word = 0;
            for (std::size_t i = 0; i < count; ++i)
                word |= std::uint64_t{test(double{xy[2 * (first + i)]}, double{xy[2 * (first + i) + 1]})}
                        << i;
            words[w] = word;
        }
    });
    return points;
}

} // namespace

CellSelection pointsInPolygon(const std::vector<float>& xy, const std::vector<QPointF>& polygon) {
    if (polygon.size() < 3)
        return CellSelection(xy.size() / 2);
    const PolygonGrid grid(polygon);
    return pointsWhere(xy, [&grid](double x, double y) { return grid.contains(x, y); });
}

CellSelection pointsInRectangle(const std::vector<float>& xy, const QRectF& rectangle) {
    const QRectF r = rectangle.normalized();
    const double left = r.left(), right = r.right(), low = r.top(), high = r.bottom();
    return pointsWhere(xy, [=](double x, double y) {
        return static_cast<bool>((x >= left) & (x <= right) & (y >= low) & (y <= high));
    });
}

std::int64_t nearestPoint(const std::vector<float>& xy, const QPointF& place, double xRadius, double yRadius,
                          const CellSelection* among) {
    struct Best {
        double distance = 1;
        std::int64_t point = -1;
    };
    constexpr std::size_t block = 65536;
    const std::size_t count = xy.size() / 2;
    std::vector<Best> found((count + block - 1) / block);
    const double px = place.x(), py = place.y();
    forEachBlock(found.size(), [&](std::size_t b) {
        Best best;
        const std::size_t last = std::min(count, (b + 1) * block);
        for (std::size_t i = b * block; i < last; ++i) {
            const double dx = (xy[2 * i] - px) / xRadius, dy = (xy[2 * i + 1] - py) / yRadius;
            const double distance = dx * dx + dy * dy;
            if (distance <= best.distance && (best.point < 0 || distance < best.distance) &&
                (among == nullptr || among->contains(i)))
                best = {distance, static_cast<std::int64_t>(i)};
        }
        found[b] = best;
    });
    Best best;
    for (const Best& candidate : found) {
        if (candidate.point >= 0 && (best.point < 0 || candidate.distance < best.distance))
            best = candidate;
    }
    return best.point;
}

} // namespace ember

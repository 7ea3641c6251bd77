#include "widgets/point_search.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include <immintrin.h>

#include "widgets/parallel_blocks.hpp"

namespace ember {

namespace {

constexpr std::size_t wordsAtATime = 512;

struct Edge {
    double x1, y1, x2, y2;
    /// Whether the ray from (x, y) towards smaller x crosses the edge.
    bool crosses(double x, double y) const {
        return (y1 > y) != (y2 > y) && (x2 - x1) * (y - y1) / (y2 - y1) + x1 <= x;
    }
};

enum Place : std::uint8_t { outside, inside, border };

/// A grid over the polygon's bounding box. Its cells are all inside, all outside, or on the border, where
/// points are tested against the edges of their row. Cells of points are computed in floats, eight at a time;
/// the grid's origin and scale are floats themselves, so that the error stays far below the margin of the
/// border.
class PolygonGrid {
public:
    explicit PolygonGrid(const std::vector<QPointF>& polygon) {
        double left = std::numeric_limits<double>::infinity(), right = -left, low = left, high = -left;
        for (const QPointF& p : polygon) {
            left = std::min(left, p.x());
            right = std::max(right, p.x());
            low = std::min(low, p.y());
            high = std::max(high, p.y());
        }
        chooseCells(left, right, xOrigin_, xScale_);
        chooseCells(low, high, yOrigin_, yScale_);
        if (!std::isnormal(xScale_) || !std::isnormal(yScale_) || !std::isfinite(xOrigin_) ||
            !std::isfinite(yOrigin_))
            return;                         // no area, or none that floats can tell apart
        places_.assign(cells + 4, outside); // gathered four bytes at a time
        rows_.resize(gridCells);
        for (std::size_t i = 0; i < polygon.size(); ++i) {
            const QPointF a = polygon[i], b = polygon[(i + 1) % polygon.size()];
            addEdge({a.x(), a.y(), b.x(), b.y()});
        }
        fill();
    }

    bool isEmpty() const { return places_.empty(); }

    bool contains(float x, float y) const {
        const float column = (x - xOrigin_) * xScale_, row = (y - yOrigin_) * yScale_;
        if (!(column >= 0 && column < gridCells && row >= 0 && row < gridCells)) // NaN is outside
            return false;
        const std::uint8_t place =
            places_[static_cast<std::size_t>(static_cast<int>(row) * gridCells + static_cast<int>(column))];
        return place == border ? isInside(static_cast<int>(row), x, y) : place == inside;
    }

    /// A bit for each of eight points (x, y), (x, y) …
    unsigned containsEight(const float* xy) const {
        const __m256 first = _mm256_loadu_ps(xy), second = _mm256_loadu_ps(xy + 8);
        const auto inOrder = [](__m256 mixed) {
            return _mm256_castpd_ps(_mm256_permute4x64_pd(_mm256_castps_pd(mixed), 0xd8));
        };
        const __m256 x = inOrder(_mm256_shuffle_ps(first, second, 0x88));
        const __m256 y = inOrder(_mm256_shuffle_ps(first, second, 0xdd));
        const __m256 column =
            _mm256_mul_ps(_mm256_sub_ps(x, _mm256_set1_ps(xOrigin_)), _mm256_set1_ps(xScale_));
        const __m256 row = _mm256_mul_ps(_mm256_sub_ps(y, _mm256_set1_ps(yOrigin_)), _mm256_set1_ps(yScale_));
        const __m256 zero = _mm256_setzero_ps(), end = _mm256_set1_ps(gridCells);
        const __m256 there = _mm256_and_ps(
            _mm256_and_ps(_mm256_cmp_ps(column, zero, _CMP_GE_OQ), _mm256_cmp_ps(column, end, _CMP_LT_OQ)),
            _mm256_and_ps(_mm256_cmp_ps(row, zero, _CMP_GE_OQ), _mm256_cmp_ps(row, end, _CMP_LT_OQ)));
        if (_mm256_movemask_ps(there) == 0)
            return 0;
        // Cell 0 lies in the margin: what is not there counts as there.
        const __m256i cell =
            _mm256_and_si256(_mm256_castps_si256(there),
                             _mm256_add_epi32(_mm256_slli_epi32(_mm256_cvttps_epi32(row), gridBits),
                                              _mm256_cvttps_epi32(column)));
        const __m256i place =
            _mm256_and_si256(_mm256_i32gather_epi32(reinterpret_cast<const int*>(places_.data()), cell, 1),
                             _mm256_set1_epi32(255));
        const auto lanes = [&](Place wanted) {
            return static_cast<unsigned>(_mm256_movemask_ps(
                _mm256_castsi256_ps(_mm256_cmpeq_epi32(place, _mm256_set1_epi32(wanted)))));
        };
        unsigned in = lanes(inside);
        for (unsigned rest = lanes(border); rest != 0; rest &= rest - 1) {
            const int lane = std::countr_zero(rest);
            in |= static_cast<unsigned>(contains(xy[2 * lane], xy[2 * lane + 1])) << lane;
        }
        return in;
    }

private:
    static constexpr int gridBits = 8, gridCells = 1 << gridBits;
    static constexpr std::size_t cells = std::size_t{gridCells} * gridCells;

    /// Two cells of margin on each side, and no cell so small that the origin's rounding would matter.
    /// Not inline: GCC 12 vectorizes the way to float and back to double into nothing.
    [[gnu::noinline]] static void chooseCells(double from, double to, float& origin, float& scale) {
        const double largest = std::max(std::fabs(from), std::fabs(to));
        const double rounding = largest * std::numeric_limits<float>::epsilon();
        const double cell = from < to ? std::max((to - from) / (gridCells - 4), 8 * rounding) : 0;
        scale = static_cast<float>(1 / cell);
        origin = static_cast<float>(from - 2 * cell);
    }

    /// Marks the cells that the edge touches, with a margin far beyond rounding.
    void addEdge(const Edge& edge) {
        constexpr double margin = 1e-3; // cells
        const double x1 = (edge.x1 - xOrigin_) * xScale_, x2 = (edge.x2 - xOrigin_) * xScale_;
        const double y1 = (edge.y1 - yOrigin_) * yScale_, y2 = (edge.y2 - yOrigin_) * yScale_;
        const auto cell = [](double place) {
            return std::clamp(static_cast<int>(std::floor(place)), 0, gridCells - 1);
        };
        const auto xAt = [&](double y) {
            return x1 + (x2 - x1) * std::clamp((y - y1) / (y2 - y1), 0.0, 1.0);
        };
        for (int row = cell(std::min(y1, y2) - margin); row <= cell(std::max(y1, y2) + margin); ++row) {
            rows_[static_cast<std::size_t>(row)].push_back(edge);
            const double from = y1 == y2 ? x1 : xAt(row - margin), to = y1 == y2 ? x2 : xAt(row + 1 + margin);
            const int last = cell(std::max(from, to) + margin);
            for (int column = cell(std::min(from, to) - margin); column <= last; ++column)
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
                    const double x = xOrigin_ + (column + 0.5) / xScale_,
                                 y = yOrigin_ + (row + 0.5) / yScale_;
                    place = isInside(row, x, y) ? inside : outside;
                } else if (place != border) {
                    place = last;
                }
                last = place;
            }
        }
    }

    float xOrigin_ = 0, yOrigin_ = 0, xScale_ = 0, yScale_ = 0;
    std::vector<std::uint8_t> places_; ///< [rows × columns]
    std::vector<std::vector<Edge>> rows_;
};

/// Calls `wordOf(xy, count)` for up to 64 points at a time; whole words per thread.
template<typename WordOf>
CellSelection pointsByWord(const std::vector<float>& xy, WordOf wordOf) {
    CellSelection points(xy.size() / 2);
    const auto words = points.writable_words();
    const std::size_t blocks = (words.size() + wordsAtATime - 1) / wordsAtATime;
    forEachBlock(blocks, [&](std::size_t block) {
        const std::size_t last = std::min(words.size(), (block + 1) * wordsAtATime);
        for (std::size_t w = block * wordsAtATime; w < last; ++w) {
            const std::size_t first = w * CellSelection::word_bits;
            words[w] =
                wordOf(xy.data() + 2 * first, std::min(CellSelection::word_bits, points.size() - first));
        }
    });
    return points;
}

} // namespace

CellSelection pointsInPolygon(const std::vector<float>& xy, const std::vector<QPointF>& polygon) {
    if (polygon.size() < 3)
        return CellSelection(xy.size() / 2);
    const PolygonGrid grid(polygon);
    if (grid.isEmpty())
        return CellSelection(xy.size() / 2);
    return pointsByWord(xy, [&grid](const float* points, std::size_t count) {
        std::uint64_t word = 0;
        std::size_t i = 0;
        for (; i + 8 <= count; i += 8)
            word |= std::uint64_t{grid.containsEight(points + 2 * i)} << i;
        for (; i < count; ++i)
            word |= std::uint64_t{grid.contains(points[2 * i], points[2 * i + 1])} << i;
        return word;
    });
}

CellSelection pointsInRectangle(const std::vector<float>& xy, const QRectF& rectangle) {
    const QRectF r = rectangle.normalized();
    const double left = r.left(), right = r.right(), low = r.top(), high = r.bottom();
    return pointsByWord(xy, [=](const float* points, std::size_t count) {
        std::uint64_t word = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const double x = points[2 * i], y = points[2 * i + 1];
            const bool in = x >= left && x <= right && y >= low && y <= high;
            word |= std::uint64_t{in} << i;
        }
        return word;
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

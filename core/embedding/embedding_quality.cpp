#include "core/embedding/embedding_quality.hpp"

#include <algorithm>
#include <numeric>
#include <random>
#include <utility>
#include <vector>

#include <tbb/parallel_for.h>

#include "core/base/error.hpp"
#include "core/embedding/point_distance.hpp"

namespace ember {

namespace {

using Neighbor = std::pair<float, std::uint32_t>;

std::vector<std::uint64_t> sample_of(std::uint64_t rows, const QualityOptions& options) {
    std::vector<std::uint64_t> all(rows), sample;
    std::iota(all.begin(), all.end(), std::uint64_t{0});
    std::mt19937_64 random(options.seed);
    std::sample(all.begin(), all.end(), std::back_inserter(sample), options.sample, random);
    return sample;
}

/// Distances of one point to all, with its own place at the end of any order.
void order_all(std::span<const float> points, std::uint64_t dims, std::uint64_t rows, std::uint64_t from,
               std::vector<Neighbor>& out) {
    out.clear();
    for (std::uint64_t row = 0; row < rows; ++row) {
        if (row != from) {
            out.emplace_back(
                order_of_points(points.data() + from * dims, points.data() + row * dims, dims, false),
                static_cast<std::uint32_t>(row));
        }
    }
}

struct PointQuality {
    double penalty = 0; ///< Σ (rank − k) over the false neighbours
    double kept = 0;    ///< true neighbours
};

PointQuality quality_of(std::vector<Neighbor>& far, std::vector<Neighbor>& near, std::size_t k) {
    std::nth_element(near.begin(), near.begin() + static_cast<std::ptrdiff_t>(k - 1), near.end());
    std::vector<Neighbor> places;
    for (std::size_t i = 0; i < k; ++i) {
        // `far` is by row, without the point itself.
        const auto found = std::lower_bound(
            far.begin(), far.end(), near[i].second,
            [](const Neighbor& neighbor, std::uint32_t row) { return neighbor.second < row; });
        places.push_back(*found);
    }
    std::sort(places.begin(), places.end());
    // How many come before each of them, counted into the gaps between them.
    std::vector<std::size_t> gaps(k + 1);
    for (const Neighbor& neighbor : far) {
        if (!(places.back() < neighbor)) {
            ++gaps[static_cast<std::size_t>(std::lower_bound(places.begin(), places.end(), neighbor) -
                                            places.begin())];
        }
    }
    PointQuality quality;
    std::size_t rank = 0;
    for (std::size_t i = 0; i < k; ++i) {
        rank += gaps[i];
        quality.kept += rank <= k;
        quality.penalty += rank > k ? static_cast<double>(rank - k) : 0.0;
    }
    return quality;
}

} // namespace

EmbeddingQuality measure_embedding(std::span<const float> points, std::uint64_t dims,
                                   std::span<const float> embedding, std::uint64_t embedding_dims,
                                   std::uint64_t rows, const QualityOptions& options, JobContext& job) {
    if (points.size() != rows * dims || embedding.size() != rows * embedding_dims) {
        throw Error("ShapeMismatch", "The points and their embedding have different numbers of rows");
    }
    const auto k = static_cast<std::uint64_t>(std::max(options.neighbors, 0));
    if (k < 1 || 2 * k >= rows) {
        throw UsageError(
            "The number of neighbours must be at least 1 and less than half the number of cells");
    }
    const std::vector<std::uint64_t> sample = sample_of(rows, options);
    std::vector<PointQuality> qualities(sample.size());
    tbb::parallel_for(std::size_t{0}, sample.size(), [&](std::size_t i) {
        thread_local std::vector<Neighbor> far, near;
        job.check_cancelled();
        order_all(points, dims, rows, sample[i], far);
        order_all(embedding, embedding_dims, rows, sample[i], near);
        qualities[i] = quality_of(far, near, k);
    });
    PointQuality sum;
    for (const PointQuality& quality : qualities) {
        sum.penalty += quality.penalty;
        sum.kept += quality.kept;
    }
    const auto measured = static_cast<double>(sample.size()), near = static_cast<double>(k);
    const double worst = measured * near * (2 * static_cast<double>(rows) - 3 * near - 1) / 2;
    return {1 - sum.penalty / worst, sum.kept / (measured * near), sample.size()};
}

} // namespace ember

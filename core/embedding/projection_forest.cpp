#include "core/embedding/projection_forest.hpp"

#include <algorithm>
#include <random>
#include <utility>

#include <tbb/parallel_for.h>

namespace ember {

namespace {

constexpr std::uint64_t least_share = 20; ///< a side of less than one in so many is no split
constexpr std::uint64_t check_every = 4096;

class Splitter {
public:
    Splitter(const PreparedPoints& points, std::uint64_t leaf_size, std::uint64_t seed, JobContext& job)
        : points_(points), leaf_size_(leaf_size), random_(seed), job_(job), normal_(points.dims) {}

    ProjectionTree run() {
        tree_.order.resize(points_.rows);
        for (std::uint64_t i = 0; i < points_.rows; ++i) {
            tree_.order[i] = static_cast<std::uint32_t>(i);
        }
        tree_.leaf_end.push_back(0);
        std::vector<std::pair<std::uint64_t, std::uint64_t>> open = {{0, points_.rows}};
        while (!open.empty()) {
            const auto [begin, end] = open.back();
            open.pop_back();
            if (end - begin <= leaf_size_) {
                tree_.leaf_end.push_back(end); // the left part is always taken first, so leaves come in order
                continue;
            }
            const std::uint64_t middle = split(begin, end);
            open.emplace_back(middle, end);
            open.emplace_back(begin, middle);
        }
        return std::move(tree_);
    }

private:
    const float* point(std::uint64_t at) const {
        return points_.values.data() + tree_.order[at] * points_.dims;
    }

    std::uint64_t split(std::uint64_t begin, std::uint64_t end) {
        choose_plane(begin, end);
        std::uint64_t middle = begin;
        for (std::uint64_t i = begin; i < end; ++i) {
            if (i % check_every == 0) {
                job_.check_cancelled();
            }
            if (side_of(point(i)) < 0) {
                std::swap(tree_.order[i], tree_.order[middle++]);
            }
        }
        const std::uint64_t least = (end - begin) / least_share;
        if (middle - begin >= least && end - middle >= least && middle != begin && middle != end) {
            return middle;
        }
        // Equal points, or a lonely one far away: any halves will do.
        std::shuffle(tree_.order.begin() + static_cast<std::ptrdiff_t>(begin),
                     tree_.order.begin() + static_cast<std::ptrdiff_t>(end), random_);
        return begin + (end - begin) / 2;
    }

    void choose_plane(std::uint64_t begin, std::uint64_t end) {
        std::uniform_int_distribution<std::uint64_t> any(begin, end - 1);
        const float* a = point(any(random_));
        const float* b = point(any(random_));
        offset_ = 0;
        for (std::uint64_t d = 0; d < points_.dims; ++d) {
            normal_[d] = a[d] - b[d];
            offset_ += normal_[d] * (a[d] + b[d]) / 2;
        }
    }

    float side_of(const float* x) const {
        float sum = -offset_;
        for (std::uint64_t d = 0; d < points_.dims; ++d) {
            sum += normal_[d] * x[d];
        }
        return sum;
    }

    const PreparedPoints& points_;
    std::uint64_t leaf_size_;
    std::mt19937_64 random_;
    JobContext& job_;
    std::vector<float> normal_;
    float offset_ = 0;
    ProjectionTree tree_;
};

} // namespace

std::vector<ProjectionTree> projection_forest(const PreparedPoints& points, int trees,
                                              std::uint64_t leaf_size, std::uint64_t seed, JobContext& job) {
    std::vector<ProjectionTree> forest(static_cast<std::size_t>(trees));
    tbb::parallel_for(std::size_t{0}, forest.size(), [&](std::size_t i) {
        forest[i] = Splitter(points, leaf_size, seed * 1000003 + i, job).run();
    });
    return forest;
}

} // namespace ember

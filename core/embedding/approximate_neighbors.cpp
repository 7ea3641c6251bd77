#include "core/embedding/approximate_neighbors.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include "core/embedding/point_distance.hpp"
#include "core/embedding/projection_forest.hpp"

namespace ember {

namespace {

constexpr int most_trees = 16, most_rounds = 12;
constexpr std::uint64_t least_kept = 16; ///< neighbours kept while searching, even if fewer are asked for
constexpr std::uint64_t least_leaf = 40;
constexpr std::uint64_t most_reverse = 16; ///< points that list a point, of which so many are looked at
constexpr double enough = 0.001;           ///< changed share of all lists below which the search ends
constexpr std::uint64_t task_points = 64, check_every = 4096;
constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

/// A hash, to choose among a point's listings without regard to their order.
std::uint64_t mixed(std::uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

/// The lists of all points, each by ascending order and index.
class Lists {
public:
    Lists(std::uint64_t rows, std::uint64_t size)
        : size_(size),
          index_(rows * size, none),
          order_(rows * size, std::numeric_limits<float>::infinity()),
          fresh_(rows * size, 1) {}

    std::uint64_t size() const { return size_; }
    std::uint32_t index(std::uint64_t row, std::uint64_t i) const { return index_[row * size_ + i]; }
    float order(std::uint64_t row, std::uint64_t i) const { return order_[row * size_ + i]; }
    bool fresh(std::uint64_t row, std::uint64_t i) const { return fresh_[row * size_ + i]; }
    void make_old(std::uint64_t row) {
        std::fill_n(fresh_.begin() + static_cast<std::ptrdiff_t>(row * size_), size_, 0);
    }

    /// Returns whether the list changed.
    bool offer(std::uint64_t row, float order, std::uint32_t index) {
        const std::uint64_t begin = row * size_, last = begin + size_ - 1;
        if (!before(order, index, last)) {
            return false;
        }
        for (std::uint64_t i = begin; i <= last; ++i) {
            if (index_[i] == index) {
                return false;
            }
        }
        std::uint64_t at = last;
        for (; at > begin && before(order, index, at - 1); --at) {
            index_[at] = index_[at - 1];
            order_[at] = order_[at - 1];
            fresh_[at] = fresh_[at - 1];
        }
        index_[at] = index;
        order_[at] = order;
        fresh_[at] = 1;
        return true;
    }

private:
    bool before(float order, std::uint32_t index, std::uint64_t at) const {
        return order < order_[at] || (order == order_[at] && index < index_[at]);
    }

    std::uint64_t size_;
    std::vector<std::uint32_t> index_;
    std::vector<float> order_;
    std::vector<char> fresh_;
};

/// Whom each point knows in a round: those it lists and some that list it.
struct Acquaintances {
    struct Entry {
        std::uint32_t point;
        bool fresh;
    };
    std::vector<std::uint64_t> begin; ///< [rows + 1]
    std::vector<Entry> entries;
};

class Descent {
public:
    Descent(const PreparedPoints& points, int k, std::uint64_t seed, JobContext& job)
        : points_(points),
          seed_(seed),
          job_(job),
          manhattan_(points.metric == Metric::manhattan),
          lists_(points.rows,
                 std::min<std::uint64_t>(
                     points.rows - 1, std::max<std::uint64_t>(least_kept, static_cast<std::uint64_t>(k)))) {}

    const Lists& run() {
        const int trees =
            std::min(most_trees, 5 + static_cast<int>(std::round(std::sqrt(std::sqrt(points_.rows)) / 4)));
        total_ = static_cast<std::uint64_t>(2 * trees + most_rounds) * points_.rows;
        job_.begin("Finding neighbours", total_, "cells");
        for (const ProjectionTree& tree :
             projection_forest(points_, trees, std::max(least_leaf, 2 * lists_.size()), seed_, job_)) {
            meet_in_leaves(tree);
        }
        for (int round = 0; round < most_rounds; ++round) {
            const Acquaintances known = acquaintances(round);
            if (static_cast<double>(meet(known)) <
                enough * static_cast<double>(points_.rows * lists_.size())) {
                break;
            }
        }
        job_.advance_to(total_);
        return lists_;
    }

private:
    float order_of(std::uint64_t a, std::uint64_t b) const {
        return order_of_points(points_.values.data() + a * points_.dims,
                               points_.values.data() + b * points_.dims, points_.dims, manhattan_);
    }

    void report(std::uint64_t points) { job_.advance_to(std::min(total_ - 1, done_ += points)); }

    /// A point stands in one leaf of a tree, so that leaves can be taken at the same time.
    void meet_in_leaves(const ProjectionTree& tree) {
        tbb::parallel_for(std::uint64_t{0}, static_cast<std::uint64_t>(tree.leaf_end.size() - 1),
                          [&](std::uint64_t leaf) {
                              job_.check_cancelled();
                              const std::uint64_t begin = tree.leaf_end[leaf], end = tree.leaf_end[leaf + 1];
                              for (std::uint64_t i = begin; i < end; ++i) {
                                  for (std::uint64_t j = i + 1; j < end; ++j) {
                                      const float order = order_of(tree.order[i], tree.order[j]);
                                      lists_.offer(tree.order[i], order, tree.order[j]);
                                      lists_.offer(tree.order[j], order, tree.order[i]);
                                  }
                              }
                              report(end - begin);
                          });
    }

    /// The listings of each point by those that list it, in ascending order.
    Acquaintances reversed() const {
        Acquaintances reverse;
        reverse.begin.assign(points_.rows + 1, 0);
        for_each_listing([&](std::uint64_t, std::uint32_t point, bool) { ++reverse.begin[point + 1]; });
        for (std::uint64_t row = 0; row < points_.rows; ++row) {
            reverse.begin[row + 1] += reverse.begin[row];
        }
        reverse.entries.resize(reverse.begin.back());
        std::vector<std::uint64_t> next(reverse.begin.begin(), reverse.begin.end() - 1);
        for_each_listing([&](std::uint64_t row, std::uint32_t point, bool fresh) {
            reverse.entries[next[point]++] = {static_cast<std::uint32_t>(row), fresh};
        });
        return reverse;
    }

    template<typename Visit>
    void for_each_listing(const Visit& visit) const {
        for (std::uint64_t row = 0; row < points_.rows; ++row) {
            if (row % check_every == 0) {
                job_.check_cancelled();
            }
            for (std::uint64_t i = 0; i < lists_.size(); ++i) {
                if (lists_.index(row, i) != none) {
                    visit(row, lists_.index(row, i), lists_.fresh(row, i));
                }
            }
        }
    }

    Acquaintances acquaintances(int round) {
        Acquaintances reverse = reversed();
        Acquaintances known;
        known.begin.push_back(0);
        const std::uint64_t most = lists_.size() + most_reverse;
        known.entries.reserve(points_.rows * most);
        for (std::uint64_t row = 0; row < points_.rows; ++row) {
            if (row % check_every == 0) {
                job_.check_cancelled();
            }
            for (std::uint64_t i = 0; i < lists_.size() && lists_.index(row, i) != none; ++i) {
                known.entries.push_back({lists_.index(row, i), lists_.fresh(row, i)});
            }
            const auto first = reverse.entries.begin() + static_cast<std::ptrdiff_t>(reverse.begin[row]);
            auto last = reverse.entries.begin() + static_cast<std::ptrdiff_t>(reverse.begin[row + 1]);
            if (last - first > static_cast<std::ptrdiff_t>(most_reverse)) {
                const auto rank = [&](const Acquaintances::Entry& entry) {
                    return mixed(seed_ + (static_cast<std::uint64_t>(round) << 32) + entry.point);
                };
                const auto cut = first + static_cast<std::ptrdiff_t>(most_reverse);
                std::nth_element(first, cut, last,
                                 [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
                last = cut;
            }
            known.entries.insert(known.entries.end(), first, last);
            known.begin.push_back(known.entries.size());
            lists_.make_old(row);
        }
        return known;
    }

    /// Each point meets those whom its acquaintances know, unless both are old acquaintances.
    std::uint64_t meet(const Acquaintances& known) {
        std::atomic<std::uint64_t> changes{0};
        tbb::parallel_for(tbb::blocked_range<std::uint64_t>(0, points_.rows, task_points),
                          [&](const auto& range) {
                              job_.check_cancelled();
                              std::uint64_t changed = 0;
                              for (std::uint64_t row = range.begin(); row < range.end(); ++row) {
                                  changed += meet_of(row, known);
                              }
                              changes += changed;
                              report(range.size());
                          });
        return changes;
    }

    std::uint64_t meet_of(std::uint64_t row, const Acquaintances& known) {
        thread_local std::vector<std::uint32_t> last_met; // of each point: the turn in which it was met
        thread_local std::uint32_t turn = 0;
        if (last_met.size() != points_.rows || ++turn == 0) {
            last_met.assign(points_.rows, 0);
            turn = 1;
        }
        last_met[row] = turn;
        std::uint64_t changed = 0;
        for (std::uint64_t i = known.begin[row]; i < known.begin[row + 1]; ++i) {
            const Acquaintances::Entry entry = known.entries[i];
            if (last_met[entry.point] != turn) {
                last_met[entry.point] = turn;
                changed += entry.fresh && lists_.offer(row, order_of(row, entry.point), entry.point);
            }
        }
        for (std::uint64_t i = known.begin[row]; i < known.begin[row + 1]; ++i) {
            const Acquaintances::Entry by = known.entries[i];
            for (std::uint64_t j = known.begin[by.point]; j < known.begin[by.point + 1]; ++j) {
                const Acquaintances::Entry other = known.entries[j];
                if ((by.fresh || other.fresh) && last_met[other.point] != turn) {
                    last_met[other.point] = turn;
                    changed += lists_.offer(row, order_of(row, other.point), other.point);
                }
            }
        }
        return changed;
    }

    const PreparedPoints& points_;
    std::uint64_t seed_;
    JobContext& job_;
    bool manhattan_;
    Lists lists_;
    std::atomic<std::uint64_t> done_{0};
    std::uint64_t total_ = 0;
};

} // namespace

NeighborTable approximate_neighbors(const PreparedPoints& points, int k, std::uint64_t seed,
                                    JobContext& job) {
    Descent descent(points, k, seed, job);
    const Lists& lists = descent.run();
    NeighborTable table;
    table.rows = points.rows;
    table.k = k;
    table.exact = false;
    for (std::uint64_t row = 0; row < points.rows; ++row) {
        table.index.push_back(static_cast<std::uint32_t>(row));
        table.distance.push_back(0);
        for (std::uint64_t i = 0; i + 1 < static_cast<std::uint64_t>(k); ++i) {
            table.index.push_back(lists.index(row, i));
            table.distance.push_back(distance_of_order(lists.order(row, i), points.metric));
        }
    }
    return table;
}

} // namespace ember

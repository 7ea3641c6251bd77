#include "core/analysis/hierarchical_clustering.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/base/error.hpp"

namespace ember {

namespace {

/// Half of a symmetric matrix without its diagonal.
class Distances {
public:
    Distances(std::vector<double> values, std::size_t rows) : values_(std::move(values)), rows_(rows) {}
    double& operator()(std::size_t i, std::size_t j) {
        if (i > j)
            std::swap(i, j);
        return values_[rows_ * i - i * (i + 1) / 2 + j - i - 1];
    }

private:
    std::vector<double> values_;
    std::size_t rows_;
};

/// Distance from the union of x and y to another cluster (Lance and Williams).
double updated(Linkage linkage, double to_x, double to_y, double apart, double x, double y, double other) {
    switch (linkage) {
    case Linkage::single:
        return std::min(to_x, to_y);
    case Linkage::complete:
        return std::max(to_x, to_y);
    case Linkage::average:
        return (x * to_x + y * to_y) / (x + y);
    case Linkage::ward: {
        const double all = x + y + other;
        return std::sqrt(std::max(0.0, (x + other) / all * to_x * to_x + (y + other) / all * to_y * to_y -
                                           other / all * apart * apart));
    }
    }
    return 0;
}

struct RawMerge {
    std::uint32_t x, y; ///< any row of each side
    double height;
};

/// Merges in the order in which the chains find them.
std::vector<RawMerge> chain_merges(Distances& distances, std::size_t rows, Linkage linkage, JobContext& job) {
    std::vector<std::uint32_t> size(rows, 1), alive(rows), chain;
    std::iota(alive.begin(), alive.end(), 0U);
    std::vector<RawMerge> merges;
    merges.reserve(rows - 1);
    job.begin("Building the tree", rows - 1, "merges");
    while (merges.size() + 1 < rows) {
        if (chain.empty())
            chain.push_back(alive.front());
        std::uint32_t nearest = 0;
        double shortest = std::numeric_limits<double>::infinity();
        while (true) {
            const std::uint32_t x = chain.back();
            shortest = std::numeric_limits<double>::infinity();
            // The one before it wins ties, so that every chain ends.
            if (chain.size() > 1) {
                nearest = chain[chain.size() - 2];
                shortest = distances(x, nearest);
            }
            for (const std::uint32_t other : alive) {
                if (other != x && distances(x, other) < shortest) {
                    shortest = distances(x, other);
                    nearest = other;
                }
            }
            if (chain.size() > 1 && nearest == chain[chain.size() - 2])
                break;
            chain.push_back(nearest);
        }
        const std::uint32_t x = std::min(chain.back(), nearest), y = std::max(chain.back(), nearest);
        chain.resize(chain.size() - 2);
        merges.push_back({x, y, shortest});
        alive.erase(std::lower_bound(alive.begin(), alive.end(), x));
        for (const std::uint32_t other : alive) {
            if (other != y)
                distances(y, other) = updated(linkage, distances(x, other), distances(y, other), shortest,
                                              size[x], size[y], size[other]);
        }
        size[y] += size[x];
        job.advance_to(merges.size());
        job.check_cancelled();
    }
    return merges;
}

/// Rising heights, and nodes instead of rows.
ClusterTree labelled(std::vector<RawMerge> raw, std::size_t rows) {
    std::stable_sort(raw.begin(), raw.end(),
                     [](const RawMerge& a, const RawMerge& b) { return a.height < b.height; });
    std::vector<std::uint32_t> parent(rows), node(rows), size(rows, 1);
    std::iota(parent.begin(), parent.end(), 0U);
    std::iota(node.begin(), node.end(), 0U);
    const auto root = [&](std::uint32_t row) {
        while (parent[row] != row)
            row = parent[row] = parent[parent[row]];
        return row;
    };
    ClusterTree tree{rows, {}};
    for (const RawMerge& merge : raw) {
        const std::uint32_t x = root(merge.x), y = root(merge.y);
        const std::uint32_t first = std::min(node[x], node[y]), second = std::max(node[x], node[y]);
        parent[x] = y;
        size[y] += size[x];
        node[y] = static_cast<std::uint32_t>(rows + tree.merges.size());
        tree.merges.push_back({first, second, merge.height, size[y]});
    }
    return tree;
}

} // namespace

ClusterTree cluster_distances(std::vector<double> distances, std::size_t rows, Linkage linkage,
                              JobContext& job) {
    if (rows > 0 && distances.size() != rows * (rows - 1) / 2)
        throw UsageError("A tree needs the distances between all pairs of rows");
    if (rows < 2)
        return {rows, {}};
    if (!std::all_of(distances.begin(), distances.end(), [](double d) { return std::isfinite(d); }))
        throw Error("NotFinite", "Some rows are infinitely far from others, so they have no order", {},
                    "Leave out rows with infinite values.");
    Distances table(std::move(distances), rows);
    return labelled(chain_merges(table, rows, linkage, job), rows);
}

ClusterTree cluster_rows(std::span<const double> values, std::size_t columns, RowDistance distance,
                         Linkage linkage, JobContext& job) {
    std::vector<double> distances = row_distances(values, columns, distance, job);
    return cluster_distances(std::move(distances), columns == 0 ? 0 : values.size() / columns, linkage, job);
}

std::vector<int> leaf_order(const ClusterTree& tree) {
    std::vector<int> order;
    if (tree.leaves == 0)
        return order;
    std::vector<std::uint32_t> open{static_cast<std::uint32_t>(tree.leaves + tree.merges.size() - 1)};
    while (!open.empty()) {
        const std::uint32_t node = open.back();
        open.pop_back();
        if (node < tree.leaves) {
            order.push_back(static_cast<int>(node));
            continue;
        }
        const TreeMerge& merge = tree.merges[node - tree.leaves];
        open.push_back(merge.second);
        open.push_back(merge.first);
    }
    return order;
}

std::vector<int> cut_tree(const ClusterTree& tree, std::size_t clusters) {
    std::vector<int> label(tree.leaves, 0);
    if (tree.leaves == 0)
        return label;
    const std::size_t wanted = std::clamp<std::size_t>(clusters, 1, tree.leaves);
    std::size_t done = tree.leaves - wanted; // merges below the cut
    while (done > 0 && done < tree.merges.size() && tree.merges[done].height == tree.merges[done - 1].height)
        ++done;
    // Each row's topmost node below the cut.
    std::vector<std::uint32_t> top(tree.leaves + tree.merges.size());
    std::iota(top.begin(), top.end(), 0U);
    for (std::size_t merge = done; merge-- > 0;) {
        const std::uint32_t own = top[tree.leaves + merge];
        top[tree.merges[merge].first] = top[tree.merges[merge].second] = own;
    }
    std::vector<int> number(top.size(), -1);
    int next = 0;
    for (const int row : leaf_order(tree)) {
        int& cluster = number[top[static_cast<std::size_t>(row)]];
        if (cluster < 0)
            cluster = next++;
        label[static_cast<std::size_t>(row)] = cluster;
    }
    return label;
}

} // namespace ember

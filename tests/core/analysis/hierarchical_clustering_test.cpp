#include "core/analysis/hierarchical_clustering.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <numeric>
#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/base/error.hpp"

using namespace ember;

namespace {

nlohmann::json fixture() {
    std::ifstream file(EMBER_TEST_DATA "/analysis/cluster.json");
    return nlohmann::json::parse(file);
}

RowDistance distance_from(const std::string& word) {
    return word == "cosine" ? RowDistance::cosine : RowDistance::euclidean;
}

Linkage linkage_from(const std::string& word) {
    static const std::map<std::string, Linkage> words{{"single", Linkage::single},
                                                      {"complete", Linkage::complete},
                                                      {"average", Linkage::average},
                                                      {"ward", Linkage::ward}};
    return words.at(word);
}

bool same_partition(const std::vector<int>& a, const std::vector<int>& b) {
    std::map<int, int> there, back;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (there.emplace(a[i], b[i]).first->second != b[i] || back.emplace(b[i], a[i]).first->second != a[i])
            return false;
    }
    return a.size() == b.size();
}

TEST(HierarchicalClustering, HeightsAndCutsAreThoseOfScipy) {
    const nlohmann::json data = fixture();
    std::vector<double> values;
    for (const auto& row : data["X"])
        values.insert(values.end(), row.begin(), row.end());
    const std::size_t columns = data["X"][0].size();
    for (const auto& one : data["hierarchical"]) {
        SCOPED_TRACE(one["metric"].get<std::string>() + " " + one["method"].get<std::string>());
        JobContext job;
        const ClusterTree tree =
            cluster_rows(values, columns, distance_from(one["metric"]), linkage_from(one["method"]), job);
        ASSERT_EQ(tree.merges.size(), one["Z"].size());
        for (std::size_t i = 0; i < tree.merges.size(); ++i) {
            EXPECT_NEAR(tree.merges[i].height, one["Z"][i][2].get<double>(), 1e-9);
            EXPECT_EQ(tree.merges[i].leaves, one["Z"][i][3].get<double>());
        }
        for (const auto& [clusters, labels] : one["maxclust"].items())
            EXPECT_TRUE(same_partition(cut_tree(tree, std::stoul(clusters)), labels.get<std::vector<int>>()))
                << clusters;
    }
}

TEST(HierarchicalClustering, LeavesOfANodeLieSideBySide) {
    std::vector<double> values;
    for (int i = 0; i < 60; ++i)
        values.push_back(std::sin(i * 12.9) * 43758);
    JobContext job;
    const ClusterTree tree = cluster_rows(values, 3, RowDistance::correlation, Linkage::average, job);
    const std::vector<int> order = leaf_order(tree);
    std::vector<int> place(order.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        place[static_cast<std::size_t>(order[i])] = static_cast<int>(i);
    std::vector<std::set<int>> below(tree.leaves + tree.merges.size());
    for (std::size_t i = 0; i < tree.leaves; ++i)
        below[i] = {place[i]};
    for (std::size_t i = 0; i < tree.merges.size(); ++i) {
        std::set<int>& own = below[tree.leaves + i];
        own = below[tree.merges[i].first];
        own.insert(below[tree.merges[i].second].begin(), below[tree.merges[i].second].end());
        EXPECT_EQ(*own.rbegin() - *own.begin() + 1, static_cast<int>(own.size()));
        EXPECT_EQ(own.size(), tree.merges[i].leaves);
    }
    EXPECT_EQ(below.back().size(), 20u);
}

TEST(HierarchicalClustering, CutsKeepMergesOfEqualHeightTogether) {
    const std::vector<double> values{0, 1, 10, 11, 20, 21};
    JobContext job;
    const ClusterTree tree = cluster_rows(values, 1, RowDistance::euclidean, Linkage::single, job);
    EXPECT_TRUE(same_partition(cut_tree(tree, 6), {0, 1, 2, 3, 4, 5}));
    EXPECT_TRUE(same_partition(cut_tree(tree, 5), {0, 0, 1, 1, 2, 2})) << "three merges at height 1";
    EXPECT_TRUE(same_partition(cut_tree(tree, 3), {0, 0, 1, 1, 2, 2}));
    EXPECT_EQ(cut_tree(tree, 1), std::vector<int>(6, 0));
    EXPECT_EQ(cut_tree(tree, 0), std::vector<int>(6, 0));
}

TEST(HierarchicalClustering, MissingValuesAndRowsWithoutDirection) {
    const double nan = std::nan("");
    JobContext job;
    const std::vector<double> gap{0, 0, 4, 4, nan, 2};
    const std::vector<double> d = row_distances(gap, 2, RowDistance::euclidean, job);
    EXPECT_DOUBLE_EQ(d[1], 2 * std::sqrt(2.0)) << "the mean of its column is 2";
    const std::vector<double> flat{0, 0, 0, 0, 1, 2, 5, 5};
    const std::vector<double> cosine = row_distances(flat, 2, RowDistance::cosine, job);
    EXPECT_EQ(cosine[0], 0);
    EXPECT_EQ(cosine[1], 1);
    EXPECT_NEAR(cosine[5], 1 - 3 / std::sqrt(10.0), 1e-15);
    const std::vector<double> correlation = row_distances(flat, 2, RowDistance::correlation, job);
    EXPECT_EQ(correlation[2], 0) << "both are constant";
    EXPECT_EQ(correlation[5], 1);
}

TEST(HierarchicalClustering, FewRowsTooManyRowsAndInfinity) {
    JobContext job;
    EXPECT_TRUE(cluster_rows({}, 3, RowDistance::euclidean, Linkage::ward, job).merges.empty());
    const std::vector<double> one{1, 2, 3};
    const ClusterTree tree = cluster_rows(one, 3, RowDistance::euclidean, Linkage::ward, job);
    EXPECT_EQ(leaf_order(tree), std::vector<int>{0});
    EXPECT_EQ(cut_tree(tree, 4), std::vector<int>{0});
    EXPECT_THROW(row_distances(one, 2, RowDistance::euclidean, job), UsageError);
    const std::vector<double> many(most_clustered_rows + 1);
    EXPECT_THROW(row_distances(many, 1, RowDistance::euclidean, job), ResourceError);
    const std::vector<double> far{1, INFINITY, 3};
    EXPECT_THROW(cluster_rows(far, 1, RowDistance::euclidean, Linkage::average, job), Error);
}

TEST(HierarchicalClustering, StopsWhenAsked) {
    std::stop_source source;
    source.request_stop();
    JobContext job(nullptr, source.get_token());
    const std::vector<double> values(100, 1.0);
    EXPECT_THROW(cluster_rows(values, 2, RowDistance::euclidean, Linkage::average, job), Cancelled);
}

} // namespace

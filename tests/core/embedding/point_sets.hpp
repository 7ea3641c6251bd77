#pragma once
// Points for the tests of embeddings.

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace ember::test {

struct PointSet {
    std::uint64_t rows = 0, dims = 0;
    std::vector<float> values; ///< [rows × dims]
};

/// A file of tests/data/analysis.
PointSet points_of(const std::string& npy);
nlohmann::json fixture(const std::string& json);

/// Clusters of normal points, the same for a seed.
PointSet clusters(std::uint64_t rows, std::uint64_t dims, std::uint64_t count, std::uint64_t seed);

} // namespace ember::test

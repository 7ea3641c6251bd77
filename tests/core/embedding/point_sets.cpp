#include "point_sets.hpp"

#include <fstream>
#include <random>

#include "core/data/npy.hpp"

namespace ember::test {

PointSet points_of(const std::string& npy) {
    const NpyArray array = read_npy(std::string(EMBER_TEST_DATA "/analysis/") + npy);
    return {array.shape.at(0), array.shape.size() > 1 ? array.shape[1] : 1,
            std::vector<float>(array.values.begin(), array.values.end())};
}

nlohmann::json fixture(const std::string& json) {
    return nlohmann::json::parse(std::ifstream(std::string(EMBER_TEST_DATA "/analysis/") + json));
}

PointSet clusters(std::uint64_t rows, std::uint64_t dims, std::uint64_t count, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::normal_distribution<float> normal;
    std::vector<float> centres(count * dims);
    for (float& x : centres) {
        x = 6 * normal(random);
    }
    PointSet points{rows, dims, {}};
    for (std::uint64_t row = 0; row < rows; ++row) {
        for (std::uint64_t d = 0; d < dims; ++d) {
            points.values.push_back(centres[row % count * dims + d] + normal(random));
        }
    }
    return points;
}

} // namespace ember::test

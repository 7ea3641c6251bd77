#include "core/embedding/layout_start.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include "core/embedding/component_places.hpp"
#include "core/embedding/leading_eigenvectors.hpp"

namespace ember {

namespace {

constexpr double side = 10, noise = 1e-4;
constexpr std::size_t least_for_vectors = 4; ///< smaller components are strewn

void fill_square(std::vector<float>& positions) {
    for (std::size_t axis = 0; axis < 2; ++axis) {
        float low = positions[axis], high = low;
        for (std::size_t i = axis; i < positions.size(); i += 2) {
            low = std::min(low, positions[i]);
            high = std::max(high, positions[i]);
        }
        const float scale = high > low ? static_cast<float>(side) / (high - low) : 0.0f;
        for (std::size_t i = axis; i < positions.size(); i += 2) {
            positions[i] = scale > 0 ? (positions[i] - low) * scale : static_cast<float>(side / 2);
        }
    }
}

/// D^-½ W D^-½ of one component, without its known first eigenvector.
class NormalisedGraph {
public:
    NormalisedGraph(const FuzzyGraph& graph, const std::vector<std::uint32_t>& members,
                    std::vector<std::uint32_t>& place)
        : indptr_{0} {
        for (std::size_t i = 0; i < members.size(); ++i) {
            place[members[i]] = static_cast<std::uint32_t>(i);
        }
        std::vector<double> degree;
        for (const std::uint32_t member : members) {
            double sum = 0;
            for (std::uint64_t i = graph.indptr[member]; i < graph.indptr[member + 1]; ++i) {
                index_.push_back(place[graph.index[i]]);
                weight_.push_back(graph.weight[i]);
                sum += graph.weight[i];
            }
            degree.push_back(sum);
            indptr_.push_back(index_.size());
        }
        const double total = std::accumulate(degree.begin(), degree.end(), 0.0);
        for (std::size_t row = 0; row < degree.size(); ++row) {
            for (std::uint64_t i = indptr_[row]; i < indptr_[row + 1]; ++i) {
                weight_[i] /= std::sqrt(degree[row] * degree[index_[i]]);
            }
            first_.push_back(std::sqrt(degree[row] / total));
        }
    }

    std::size_t size() const { return first_.size(); }

    void multiply(const double* in, std::int64_t columns, double* out) const {
        const auto n = static_cast<std::int64_t>(size());
        for (std::int64_t column = 0; column < columns; ++column) {
            const double* x = in + column * n;
            const double overlap = std::inner_product(first_.begin(), first_.end(), x, 0.0);
            tbb::parallel_for(tbb::blocked_range<std::int64_t>(0, n, 4096), [&](const auto& range) {
                for (std::int64_t row = range.begin(); row < range.end(); ++row) {
                    const auto r = static_cast<std::size_t>(row);
                    double sum = -2 * overlap * first_[r];
                    for (std::uint64_t i = indptr_[r]; i < indptr_[r + 1]; ++i) {
                        sum += weight_[i] * x[index_[i]];
                    }
                    out[column * n + row] = sum;
                }
            });
        }
    }

private:
    std::vector<std::uint64_t> indptr_;
    std::vector<std::uint32_t> index_;
    std::vector<double> weight_, first_;
};

/// Two coordinates for each member, within −1 … 1.
std::vector<double> shape_of(const FuzzyGraph& graph, const std::vector<std::uint32_t>& members,
                             std::vector<std::uint32_t>& place, std::mt19937_64& random, JobContext& job) {
    std::vector<double> shape(2 * members.size());
    if (members.size() < least_for_vectors) {
        std::uniform_real_distribution<double> anywhere(-1, 1);
        std::generate(shape.begin(), shape.end(), [&] { return anywhere(random); });
        return shape;
    }
    const NormalisedGraph normalised(graph, members, place);
    EigenOptions options;
    options.count = 2;
    options.block = 4;
    options.most_basis = 40;
    options.tolerance = 1e-4;
    options.most_products = 400;
    options.seed = random();
    const Eigenpairs pairs = leading_eigenvectors(
        [&](const double* in, std::int64_t columns, double* out) { normalised.multiply(in, columns, out); },
        static_cast<std::int64_t>(members.size()), options, job);
    double largest = 0;
    for (const double x : pairs.vectors) {
        largest = std::max(largest, std::abs(x));
    }
    for (std::size_t i = 0; i < members.size(); ++i) {
        shape[2 * i] = pairs.vectors[i] / largest;
        shape[2 * i + 1] = pairs.vectors[members.size() + i] / largest;
    }
    return shape;
}

} // namespace

std::vector<float> random_start(std::uint64_t rows, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::uniform_real_distribution<float> anywhere(-10, 10);
    std::vector<float> positions(2 * rows);
    std::generate(positions.begin(), positions.end(), [&] { return anywhere(random); });
    fill_square(positions);
    return positions;
}

std::vector<float> spectral_start(const FuzzyGraph& graph, const FinitePoints& points, std::uint64_t seed,
                                  JobContext& job) {
    const std::vector<std::vector<std::uint32_t>> components = connected_components(graph);
    const std::vector<ComponentPlace> places = component_places(components, points);
    std::mt19937_64 random(seed);
    std::vector<double> positions(2 * graph.rows());
    std::vector<std::uint32_t> place(graph.rows());
    job.begin("Placing the cells", graph.rows(), "cells");
    std::uint64_t done = 0;
    for (std::size_t c = 0; c < components.size(); ++c) {
        job.check_cancelled();
        const std::vector<double> shape = shape_of(graph, components[c], place, random, job);
        for (std::size_t i = 0; i < components[c].size(); ++i) {
            positions[2 * components[c][i]] = places[c].x + places[c].radius * shape[2 * i];
            positions[2 * components[c][i] + 1] = places[c].y + places[c].radius * shape[2 * i + 1];
        }
        job.advance_to(done += components[c].size());
    }
    double largest = 0;
    for (const double x : positions) {
        largest = std::max(largest, std::abs(x));
    }
    std::normal_distribution<double> shake(0, noise);
    std::vector<float> start(positions.size());
    std::transform(positions.begin(), positions.end(), start.begin(), [&](double x) {
        return static_cast<float>((largest > 0 ? x * side / largest : 0) + shake(random));
    });
    fill_square(start);
    return start;
}

} // namespace ember

#include "core/embedding/component_places.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <Eigen/Dense>

namespace ember {

namespace {

constexpr double least_radius = 0.02;
constexpr std::size_t most_centres = 2000; ///< more are strewn on a spiral

Eigen::MatrixXd centres_of(const std::vector<std::vector<std::uint32_t>>& components,
                           const FinitePoints& points) {
    Eigen::MatrixXd centres = Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(components.size()),
                                                    static_cast<Eigen::Index>(points.dims));
    for (std::size_t c = 0; c < components.size(); ++c) {
        for (const std::uint32_t member : components[c]) {
            for (std::uint64_t d = 0; d < points.dims; ++d) {
                centres(static_cast<Eigen::Index>(c), static_cast<Eigen::Index>(d)) +=
                    points.values[member * points.dims + d] / static_cast<double>(components[c].size());
            }
        }
    }
    return centres;
}

/// The first two principal coordinates of the centres, by their distances' double-centred products.
Eigen::MatrixXd principal_places(Eigen::MatrixXd centres) {
    centres.rowwise() -= centres.colwise().mean().eval();
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(centres * centres.transpose());
    Eigen::MatrixXd places(centres.rows(), 2);
    for (Eigen::Index axis = 0; axis < 2; ++axis) {
        const Eigen::Index from = centres.rows() - 1 - axis;
        places.col(axis) =
            solver.eigenvectors().col(from) * std::sqrt(std::max(solver.eigenvalues()[from], 0.0));
    }
    return places;
}

/// Evenly over a disc (Vogel's spiral).
Eigen::MatrixXd spiral_places(Eigen::Index count) {
    Eigen::MatrixXd places(count, 2);
    for (Eigen::Index i = 0; i < count; ++i) {
        const double radius = std::sqrt((static_cast<double>(i) + 0.5) / static_cast<double>(count));
        const double angle = 2.399963229728653 * static_cast<double>(i);
        places(i, 0) = radius * std::cos(angle);
        places(i, 1) = radius * std::sin(angle);
    }
    return places;
}

Eigen::MatrixXd axis_places(Eigen::Index count) {
    const Eigen::Index half = (count + 1) / 2;
    Eigen::MatrixXd places = Eigen::MatrixXd::Zero(count, 2);
    for (Eigen::Index i = 0; i < count; ++i) {
        places(i, i % half) = i < half ? 1 : -1;
    }
    return places;
}

} // namespace

std::vector<std::vector<std::uint32_t>> connected_components(const FuzzyGraph& graph) {
    constexpr std::uint32_t none = ~0u;
    std::vector<std::uint32_t> component(graph.rows(), none), open;
    std::uint32_t count = 0;
    for (std::uint32_t row = 0; row < graph.rows(); ++row) {
        if (component[row] != none) {
            continue;
        }
        component[row] = count;
        open.assign(1, row);
        while (!open.empty()) {
            const std::uint32_t at = open.back();
            open.pop_back();
            for (std::uint64_t i = graph.indptr[at]; i < graph.indptr[at + 1]; ++i) {
                if (component[graph.index[i]] == none) {
                    component[graph.index[i]] = count;
                    open.push_back(graph.index[i]);
                }
            }
        }
        ++count;
    }
    std::vector<std::vector<std::uint32_t>> members(count);
    for (std::uint32_t row = 0; row < graph.rows(); ++row) {
        members[component[row]].push_back(row);
    }
    return members;
}

std::vector<ComponentPlace> component_places(const std::vector<std::vector<std::uint32_t>>& components,
                                             const FinitePoints& points) {
    const std::size_t count = components.size();
    if (count <= 1) {
        return std::vector<ComponentPlace>(count);
    }
    Eigen::MatrixXd places = count <= 4              ? axis_places(static_cast<Eigen::Index>(count))
                             : count <= most_centres ? principal_places(centres_of(components, points))
                                                     : spiral_places(static_cast<Eigen::Index>(count));
    const double largest = places.cwiseAbs().maxCoeff();
    if (!(largest > 0) || !std::isfinite(largest)) {
        places = spiral_places(static_cast<Eigen::Index>(count));
    } else {
        places /= largest;
    }
    std::vector<ComponentPlace> result;
    for (Eigen::Index i = 0; i < places.rows(); ++i) {
        double nearest = std::numeric_limits<double>::infinity();
        for (Eigen::Index j = 0; j < places.rows(); ++j) {
            if (j != i) {
                nearest = std::min(nearest, (places.row(i) - places.row(j)).norm());
            }
        }
        result.push_back({places(i, 0), places(i, 1), std::max(nearest / 2, least_radius)});
    }
    return result;
}

} // namespace ember

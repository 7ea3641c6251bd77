#pragma once
// What a Umap holds; for umap.cpp and umap_transform.cpp only.

#include <memory>

#include "core/embedding/plane_layout.hpp"
#include "core/embedding/points.hpp"
#include "core/embedding/umap.hpp"

namespace ember {

struct Umap::State {
    UmapOptions options;
    std::uint64_t rows = 0;
    FinitePoints points;
    NeighborTable table;
    MembershipCurve curve;
    std::unique_ptr<PlaneLayout> layout;
    std::vector<float> embedding; ///< [rows × 2]

    /// Copies the layout to the rows that were kept.
    void show() {
        const std::vector<float>& positions = layout->positions();
        for (std::uint64_t i = 0; i < points.rows; ++i) {
            embedding[2 * points.kept[i]] = positions[2 * i];
            embedding[2 * points.kept[i] + 1] = positions[2 * i + 1];
        }
    }
};

} // namespace ember

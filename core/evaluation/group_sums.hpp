#pragma once
// Mean expression of groups of cells: perturbation × cell type × time point, and unions of them.

#include <cstdint>
#include <vector>

#include "core/evaluation/compared_cells.hpp"

namespace ember {

constexpr std::int32_t every = -1; ///< all cell types, or all time points

/// Perturbations (the control last) × cell types × time points.
struct GroupShape {
    std::size_t perts = 0, types = 0, times = 0;
    std::size_t size() const noexcept { return perts * types * times; }
    std::size_t at(std::int32_t pert, std::int32_t type, std::int32_t time) const noexcept {
        return (static_cast<std::size_t>(pert) * types + static_cast<std::size_t>(type)) * times +
               static_cast<std::size_t>(time);
    }
};

GroupShape shape_of(const ComparedCells& cells);

/// Sums of values of each group; weighted when resampled.
struct GroupSums {
    GroupShape shape;
    std::size_t genes = 0;
    std::vector<double> cells; ///< [groups]
    std::vector<double> sums;  ///< [groups × genes]

    /// Cells of a perturbation; `every` adds up.
    double count(std::int32_t pert, std::int32_t type, std::int32_t time = every) const;
    /// Mean [genes]; empty without cells.
    std::vector<double> mean(std::int32_t pert, std::int32_t type, std::int32_t time = every) const;
};

GroupSums sum_groups(const CellPool& pool, const LabelledCells& cells, const GroupShape& shape,
                     JobContext& job);

} // namespace ember

#pragma once
// Which cells form a set, and which control cell each of them is paired with.

#include <cstdint>
#include <vector>

#include "core/model/infer_cells.hpp"
#include "core/model/infer_labels.hpp"

namespace ember {

/// Cells [first, first + count) of a plan: one cell type, one perturbation.
struct SetWindow {
    std::uint64_t first = 0;
    std::uint32_t count = 0, pert = 0;
};

struct PredictionPlan {
    std::vector<std::uint64_t> cells;    ///< rows of the output, set after set
    std::vector<std::uint64_t> controls; ///< row of the file whose state each of `cells` starts from
    std::vector<SetWindow> sets;
};

/// Cell types and perturbations in code point order, cells in ascending order cut into sets of `set_len`;
/// each set draws its controls from its cell type's, or from all when that has none (arc-state's `infer`).
PredictionPlan plan_prediction(const CellsToPredict& cells, const CellLabels& cell_types,
                               const std::string& control, std::uint32_t set_len, std::uint32_t seed);

} // namespace ember

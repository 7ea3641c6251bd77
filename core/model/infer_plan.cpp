#include "core/model/infer_plan.hpp"

#include <algorithm>
#include <numeric>

#include "core/base/error.hpp"
#include "core/model/control_draws.hpp"

namespace ember {

namespace {

/// Rank of each name in code point order; UTF-8 bytes sort like code points.
std::vector<std::uint32_t> ranks(const std::vector<std::string>& names) {
    std::vector<std::uint32_t> order(names.size()), rank(names.size());
    std::iota(order.begin(), order.end(), 0u);
    std::sort(order.begin(), order.end(),
              [&](std::uint32_t a, std::uint32_t b) { return names[a] < names[b]; });
    for (std::uint32_t i = 0; i < order.size(); ++i) {
        rank[order[i]] = i;
    }
    return rank;
}

} // namespace

PredictionPlan plan_prediction(const CellsToPredict& cells, const CellLabels& cell_types,
                               const std::string& control, std::uint32_t set_len, std::uint32_t seed) {
    const auto type_rank = ranks(cell_types.names), pert_rank = ranks(cells.pert_names);
    const auto type_of = [&](std::uint64_t cell) { return cell_types.codes[cells.source[cell]]; };

    const auto control_code = static_cast<std::uint32_t>(
        std::find(cells.pert_names.begin(), cells.pert_names.end(), control) - cells.pert_names.begin());
    std::vector<std::uint64_t> all_controls;
    std::vector<std::vector<std::uint64_t>> controls_of(cell_types.names.size());
    for (std::uint64_t cell = 0; cell < cells.source.size(); ++cell) {
        if (cells.pert[cell] == control_code) {
            all_controls.push_back(cells.source[cell]);
            controls_of[type_of(cell)].push_back(cells.source[cell]);
        }
    }
    if (all_controls.empty()) {
        throw Error("NoCells", "No control cell is left to start predictions from", {},
                    "Keep a cell type that has '" + control + "' cells");
    }

    PredictionPlan plan;
    plan.cells.resize(cells.source.size());
    std::iota(plan.cells.begin(), plan.cells.end(), std::uint64_t{0});
    std::stable_sort(plan.cells.begin(), plan.cells.end(), [&](std::uint64_t a, std::uint64_t b) {
        const auto type_a = type_rank[type_of(a)], type_b = type_rank[type_of(b)];
        return type_a != type_b ? type_a < type_b : pert_rank[cells.pert[a]] < pert_rank[cells.pert[b]];
    });

    LegacyRandom random(seed);
    plan.controls.reserve(plan.cells.size());
    for (std::uint64_t first = 0; first < plan.cells.size();) {
        const std::uint32_t type = type_of(plan.cells[first]), pert = cells.pert[plan.cells[first]];
        std::uint64_t last = first;
        while (last < plan.cells.size() && last - first < set_len && type_of(plan.cells[last]) == type &&
               cells.pert[plan.cells[last]] == pert) {
            ++last;
        }
        const auto count = static_cast<std::uint32_t>(last - first);
        const auto& pool = controls_of[type].empty() ? all_controls : controls_of[type];
        for (const auto drawn :
             random.choose_with_replacement(static_cast<std::uint32_t>(pool.size()), count)) {
            plan.controls.push_back(pool[drawn]);
        }
        plan.sets.push_back({first, count, pert});
        first = last;
    }
    return plan;
}

} // namespace ember

#include "core/evaluation/resampling.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "core/analysis/label_shuffle.hpp"

namespace ember {

namespace {

constexpr std::size_t most_parts = 4096, fewest_bins = 5, most_bins = 30;

/// Unit of each cell: a random group of its group, the same for the same number of cells on the other side.
std::vector<std::int32_t> random_units(const LabelledCells& cells, const GroupShape& shape, std::size_t bins,
                                       std::uint64_t seed) {
    std::vector<std::vector<std::size_t>> members(shape.size());
    for (std::size_t i = 0; i < cells.size(); ++i) {
        members[shape.at(cells.pert[i], cells.type[i], cells.time[i])].push_back(i);
    }
    std::vector<std::int32_t> unit(cells.size());
    for (std::size_t group = 0; group < members.size(); ++group) {
        Shuffler random(seed, 1000 + group);
        random.choose_first(members[group], members[group].size());
        for (std::size_t i = 0; i < members[group].size(); ++i) {
            unit[members[group][i]] = static_cast<std::int32_t>(i % bins);
        }
    }
    return unit;
}

/// Units of each perturbation at each time point, on either side.
std::vector<std::set<std::int32_t>> units_by_time(const ComparedCells& cells, const LabelledCells& pred,
                                                  const GroupShape& shape) {
    std::vector<std::set<std::int32_t>> units(shape.perts * shape.times);
    for (const LabelledCells* side : {&pred, &cells.real}) {
        for (std::size_t i = 0; i < side->size(); ++i) {
            units[static_cast<std::size_t>(side->pert[i]) * shape.times +
                  static_cast<std::size_t>(side->time[i])]
                .insert(side->unit[i]);
        }
    }
    return units;
}

/// Gives numbers to the parts and units as cells come.
class Builder {
public:
    explicit Builder(ResamplePlan& plan) : plan_(plan) {}

    std::int32_t part(std::size_t group, std::size_t block, std::int32_t unit) {
        const auto [found, fresh] =
            parts_.try_emplace({group, block, unit}, static_cast<std::int32_t>(plan_.parts.size()));
        if (fresh) {
            if (plan_.block_units.size() <= block) {
                plan_.block_units.resize(block + 1);
            }
            const auto [known, first] = units_.try_emplace({block, unit}, plan_.block_units[block]);
            plan_.block_units[block] += first;
            plan_.parts.push_back({group, block, known->second});
        }
        return found->second;
    }

private:
    ResamplePlan& plan_;
    std::map<std::tuple<std::size_t, std::size_t, std::int32_t>, std::int32_t> parts_;
    std::map<std::pair<std::size_t, std::int32_t>, std::size_t> units_;
};

} // namespace

std::vector<double> ResamplePlan::weights(std::uint64_t seed, std::uint64_t number) const {
    Shuffler random(seed, 1'000'000 + number);
    std::vector<std::vector<double>> drawn(block_units.size());
    for (std::size_t block = 0; block < drawn.size(); ++block) {
        drawn[block].assign(block_units[block], 0);
        for (std::size_t i = 0; i < block_units[block]; ++i) {
            drawn[block][random.below(block_units[block])] += 1;
        }
    }
    std::vector<double> weights;
    weights.reserve(parts.size());
    for (const ResamplePart& part : parts) {
        weights.push_back(drawn[part.block][part.unit]);
    }
    return weights;
}

ResamplePlan plan_resampling(const ComparedCells& cells, const LabelledCells& pred,
                             const std::string& replicate_col, std::uint64_t seed) {
    const GroupShape shape = shape_of(cells);
    ResamplePlan plan;
    plan.enough.assign(shape.perts, true);
    const bool replicates = !replicate_col.empty();
    std::vector<std::int32_t> pred_unit = pred.unit, real_unit = cells.real.unit;
    bool by_time = false;
    if (replicates) {
        const auto units = units_by_time(cells, pred, shape);
        by_time = std::all_of(units.begin(), units.end(),
                              [](const auto& some) { return some.empty() || some.size() >= 2; });
        for (std::size_t p = 0; p < shape.perts; ++p) {
            std::set<std::int32_t> all;
            for (std::size_t d = 0; d < shape.times; ++d) {
                all.insert(units[p * shape.times + d].begin(), units[p * shape.times + d].end());
            }
            plan.enough[p] = all.size() >= 2;
        }
        plan.unit = "replicates (" + replicate_col + ")";
    } else {
        const std::size_t bins = std::clamp(most_parts / shape.size(), fewest_bins, most_bins);
        pred_unit = random_units(pred, shape, bins, seed);
        real_unit = random_units(cells.real, shape, bins, seed);
        plan.unit = "cells (random groups of them, " + std::to_string(bins) +
                    " per group; cells are not replicates, so the intervals are too narrow)";
    }
    Builder builder(plan);
    const auto parts_of = [&](const LabelledCells& side, const std::vector<std::int32_t>& unit) {
        std::vector<std::int32_t> parts;
        for (std::size_t i = 0; i < side.size(); ++i) {
            const std::size_t group = shape.at(side.pert[i], side.type[i], side.time[i]);
            const auto pert = static_cast<std::size_t>(side.pert[i]),
                       time = static_cast<std::size_t>(side.time[i]);
            const std::size_t block = !replicates ? group : by_time ? pert * shape.times + time : pert;
            parts.push_back(builder.part(group, block, unit[i]));
        }
        return parts;
    };
    plan.pred = parts_of(pred, pred_unit);
    plan.real = parts_of(cells.real, real_unit);
    return plan;
}

} // namespace ember

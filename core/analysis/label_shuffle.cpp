#include "core/analysis/label_shuffle.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

namespace ember {

namespace {

/// SplitMix64 (Steele, Lea and Flood 2014): neighbouring seeds give unrelated streams.
std::uint64_t mixed(std::uint64_t value) {
    value += 0x9e3779b97f4a7c15U;
    value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9U;
    value = (value ^ (value >> 27U)) * 0x94d049bb133111ebU;
    return value ^ (value >> 31U);
}

/// Multinomial coefficients of the blocks, multiplied; halved where swapping two conditions everywhere
/// changes nothing that the effect could see.
double count_relabelings(const ShufflePlan& plan, std::size_t conditions) {
    double log_count = 0;
    bool swappable = conditions == 2;
    for (const auto& block : plan.blocks) {
        std::vector<double> counts(conditions, 0);
        for (const std::int32_t unit : block) {
            ++counts[static_cast<std::size_t>(plan.label[static_cast<std::size_t>(unit)])];
        }
        log_count += std::lgamma(static_cast<double>(block.size()) + 1);
        for (const double count : counts) {
            log_count -= std::lgamma(count + 1);
        }
        swappable = swappable && counts[0] == counts[1];
    }
    const double count = std::exp(std::min(log_count, 700.0));
    return std::max(1.0, std::round(swappable ? count / 2 : count));
}

bool any_block_is_mixed(const ShufflePlan& plan) {
    return std::any_of(plan.blocks.begin(), plan.blocks.end(), [&](const auto& block) {
        return std::any_of(block.begin(), block.end(), [&](std::int32_t unit) {
            return plan.label[static_cast<std::size_t>(unit)] !=
                   plan.label[static_cast<std::size_t>(block.front())];
        });
    });
}

void group_units(ShufflePlan& plan, std::span<const std::int32_t> block_of_unit) {
    std::map<std::int32_t, std::vector<std::int32_t>> blocks;
    for (std::size_t unit = 0; unit < plan.label.size(); ++unit) {
        blocks[block_of_unit[unit]].push_back(static_cast<std::int32_t>(unit));
    }
    plan.blocks.clear();
    for (auto& [key, units] : blocks) {
        plan.blocks.push_back(std::move(units));
    }
}

} // namespace

Shuffler::Shuffler(std::uint64_t seed, std::uint64_t number) : random_(mixed(mixed(seed) + number)) {}

std::uint64_t Shuffler::below(std::uint64_t bound) {
    const std::uint64_t limit = std::numeric_limits<std::uint64_t>::max() / bound * bound;
    std::uint64_t draw = random_();
    while (draw >= limit) {
        draw = random_();
    }
    return draw % bound;
}

std::vector<std::int32_t> ShufflePlan::shuffled(std::uint64_t seed, std::uint64_t number) const {
    Shuffler random(seed, number);
    std::vector<std::int32_t> result = label, drawn;
    for (const auto& block : blocks) {
        drawn.clear();
        for (const std::int32_t member : block) {
            drawn.push_back(label[static_cast<std::size_t>(member)]);
        }
        random.choose_first(drawn, drawn.size());
        for (std::size_t i = 0; i < block.size(); ++i) {
            result[static_cast<std::size_t>(block[i])] = drawn[i];
        }
    }
    return result;
}

ShufflePlan shuffle_cells(std::span<const std::int32_t> condition, std::span<const std::int32_t> type,
                          std::size_t conditions) {
    ShufflePlan plan;
    plan.label.assign(condition.begin(), condition.end());
    for (std::size_t cell = 0; cell < condition.size(); ++cell) {
        plan.unit.push_back(static_cast<std::int32_t>(cell));
    }
    group_units(plan, type);
    plan.relabelings = count_relabelings(plan, conditions);
    return plan;
}

ShufflePlan shuffle_replicates(std::span<const std::int32_t> condition,
                               std::span<const std::int32_t> replicate, std::span<const std::int32_t> block,
                               std::size_t conditions) {
    ShufflePlan plan;
    plan.replicates = true;
    plan.replicates_per_label.assign(conditions, 0);
    std::map<std::pair<std::int32_t, std::int32_t>, std::int32_t> units; // replicate, condition
    for (std::size_t cell = 0; cell < condition.size(); ++cell) {
        units.emplace(std::pair{replicate[cell], condition[cell]}, 0);
    }
    std::vector<std::int32_t> block_of_unit, replicate_of_unit;
    std::set<std::int32_t> names;
    for (auto& [key, unit] : units) {
        unit = static_cast<std::int32_t>(plan.label.size());
        plan.label.push_back(key.second);
        replicate_of_unit.push_back(key.first);
        ++plan.replicates_per_label[static_cast<std::size_t>(key.second)];
        names.insert(key.first);
    }
    block_of_unit.assign(units.size(), 0);
    bool one_block_each = !block.empty();
    std::vector<bool> seen(units.size(), false);
    for (std::size_t cell = 0; cell < condition.size(); ++cell) {
        const auto unit = units.at({replicate[cell], condition[cell]});
        plan.unit.push_back(unit);
        if (!block.empty()) {
            const auto at = static_cast<std::size_t>(unit);
            one_block_each = one_block_each && (!seen[at] || block_of_unit[at] == block[cell]);
            block_of_unit[at] = block[cell];
            seen[at] = true;
        }
    }
    if (names.size() < units.size()) {
        group_units(plan, replicate_of_unit);
    } else {
        if (one_block_each) {
            group_units(plan, block_of_unit);
        }
        if (!one_block_each || !any_block_is_mixed(plan)) {
            group_units(plan, std::vector<std::int32_t>(units.size(), 0));
        }
    }
    plan.relabelings = count_relabelings(plan, conditions);
    return plan;
}

} // namespace ember

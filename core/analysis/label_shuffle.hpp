#pragma once
// Which labels may change places under the hypothesis that conditions do not matter.

#include <cstdint>
#include <random>
#include <span>
#include <utility>
#include <vector>

namespace ember {

/// Draws that depend on the seed and the number of the shuffle only.
class Shuffler {
public:
    Shuffler(std::uint64_t seed, std::uint64_t number);

    /// Uniform in 0 … bound − 1, without bias.
    std::uint64_t below(std::uint64_t bound);

    /// Brings `count` values drawn without replacement to the front (Fisher and Yates).
    template<typename T>
    void choose_first(std::vector<T>& values, std::uint64_t count) {
        for (std::uint64_t i = 0; i < count; ++i) {
            std::swap(values[i], values[i + below(values.size() - i)]);
        }
    }

private:
    std::mt19937_64 random_;
};

/// Units whose labels are exchanged inside their blocks.
struct ShufflePlan {
    std::vector<std::int32_t> unit;                ///< [cells] unit of each cell
    std::vector<std::int32_t> label;               ///< [units] its condition
    std::vector<std::vector<std::int32_t>> blocks; ///< units that may exchange their labels
    bool replicates = false;
    double relabelings = 1; ///< ways to put the labels that the effect can tell apart
    std::vector<std::uint64_t> replicates_per_label; ///< [labels] whenever there is a replicate column

    /// Labels of the units after shuffle `number`.
    std::vector<std::int32_t> shuffled(std::uint64_t seed, std::uint64_t number) const;
};

/// Every cell is a unit, its cell type the block.
ShufflePlan shuffle_cells(std::span<const std::int32_t> condition, std::span<const std::int32_t> type,
                          std::size_t conditions);

/// Units are the cells of one replicate under one condition. Where every replicate has one condition, whole
/// replicates exchange labels inside the blocks (all together when `block` is empty or no block holds more
/// than one condition); where replicates have several, labels change places inside each replicate.
ShufflePlan shuffle_replicates(std::span<const std::int32_t> condition,
                               std::span<const std::int32_t> replicate, std::span<const std::int32_t> block,
                               std::size_t conditions);

} // namespace ember

#pragma once
// Which cells stand in which set of which batch: a pure function of seed, epoch and number.

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/experiment/row_windows.hpp"
#include "core/experiment/training_groups.hpp"

namespace ember {

struct SetPlanSettings {
    std::uint64_t seed = 42;
    Split split = Split::train;
    std::int64_t set_len = 256, batch_sets = 1;
    std::optional<std::int64_t> downsample_cells; ///< at most so many cells of a group, drawn at random
    bool reshuffle = false;                       ///< groups and sets are shuffled anew in each epoch
    std::shared_ptr<const RowWindows> windows;    ///< cells of one window stay together; null: a full shuffle
};

/// The cells of one batch, set after set.
struct PlannedBatch {
    std::vector<std::uint32_t> groups;            ///< [sets] rows of SplitCells::groups
    std::vector<std::uint32_t> targets, controls; ///< [sets · set_len] global cells
};

/// Groups are shuffled and cut into pieces of set_len; a shorter last piece is filled by drawing from itself
/// with replacement, other draws in each epoch (each cell of the piece stands in its set once at least, which
/// cell-load does not promise). The sets are then shuffled. With windows, a group's cells are ordered by
/// windows in random order and shuffled within each, and sets that begin in the same window are neighbours,
/// so that a batch touches few windows. Controls are drawn with replacement for each cell at every visit.
class SetPlan {
public:
    /// `divided` must outlive the plan; its pools are what controls are drawn from.
    SetPlan(const DividedCells& divided, const SetPlanSettings& settings);

    std::uint64_t sets() const noexcept { return sets_.size(); }
    std::uint64_t batches() const noexcept; ///< per epoch

    /// The batch with this number since the run's start. Not thread-safe.
    PlannedBatch batch(std::uint64_t number);

private:
    struct Piece {
        std::uint32_t group = 0, count = 0;
        std::uint64_t first = 0; ///< of cells_
    };

    void shuffle(std::uint64_t epoch);
    void rank_windows(std::uint64_t epoch);
    std::uint64_t rank_of(std::uint32_t cell) const {
        return window_ranks_[settings_.windows->window_of(cell)];
    }
    void shuffle_group(std::uint64_t epoch, std::size_t group);
    void order_sets(std::uint64_t epoch);
    void add_set(std::uint64_t epoch, std::uint64_t set, PlannedBatch& out) const;

    const DividedCells& divided_;
    const SplitCells& split_;
    SetPlanSettings settings_;
    std::vector<std::uint32_t> cells_; ///< of the split, each group shuffled
    std::vector<Piece> sets_;          ///< in their groups' order
    std::vector<std::uint32_t> order_; ///< of the sets
    std::vector<std::uint64_t> window_ranks_;
    std::optional<std::uint64_t> shuffled_;
};

/// Sets of a split, without making them.
std::uint64_t count_sets(const SplitCells& split, std::int64_t set_len,
                         std::optional<std::int64_t> downsample_cells);

} // namespace ember

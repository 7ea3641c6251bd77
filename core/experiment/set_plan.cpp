#include "core/experiment/set_plan.hpp"

#include <algorithm>
#include <numeric>
#include <span>

#include "core/experiment/counter_random.hpp"

namespace ember {

namespace {

/// What a random number is for: the first part of its path.
enum Purpose : std::uint64_t {
    cells_purpose = 1,
    sets_purpose,
    fill_purpose,
    control_purpose,
    window_purpose
};

template<typename T>
void shuffle_all(std::span<T> values, CounterRandom random) {
    for (std::size_t i = values.size(); i > 1; --i) {
        std::swap(values[i - 1], values[random.below(i)]);
    }
}

std::uint64_t kept_of(const CellGroup& group, const std::optional<std::int64_t>& most) {
    return most ? std::min<std::uint64_t>(group.count,
                                          static_cast<std::uint64_t>(std::max<std::int64_t>(1, *most)))
                : group.count;
}

} // namespace

std::uint64_t count_sets(const SplitCells& split, std::int64_t set_len,
                         std::optional<std::int64_t> downsample_cells) {
    const auto length = static_cast<std::uint64_t>(set_len);
    std::uint64_t sets = 0;
    for (const CellGroup& group : split.groups) {
        sets += (kept_of(group, downsample_cells) + length - 1) / length;
    }
    return sets;
}

SetPlan::SetPlan(const DividedCells& divided, const SetPlanSettings& settings)
    : divided_(divided), split_(divided.of(settings.split)), settings_(settings), cells_(split_.cells) {
    const auto length = static_cast<std::uint64_t>(settings.set_len);
    for (std::size_t g = 0; g < split_.groups.size(); ++g) {
        const CellGroup& group = split_.groups[g];
        const std::uint64_t kept = kept_of(group, settings.downsample_cells);
        for (std::uint64_t at = 0; at < kept; at += length) {
            sets_.push_back({static_cast<std::uint32_t>(g),
                             static_cast<std::uint32_t>(std::min(length, kept - at)), group.first + at});
        }
    }
    order_.resize(sets_.size());
}

std::uint64_t SetPlan::batches() const noexcept {
    const auto many = static_cast<std::uint64_t>(settings_.batch_sets);
    return (sets() + many - 1) / many;
}

void SetPlan::shuffle_group(std::uint64_t epoch, std::size_t index) {
    const CellGroup& group = split_.groups[index];
    const auto split = static_cast<std::uint64_t>(settings_.split);
    const std::span cells = std::span(cells_).subspan(group.first, group.count);
    std::copy_n(split_.cells.begin() + static_cast<std::ptrdiff_t>(group.first), group.count, cells.begin());
    shuffle_all(cells, CounterRandom(settings_.seed, {cells_purpose, split, epoch, index}));
    if (settings_.windows) {
        std::stable_sort(cells.begin(), cells.end(),
                         [&](std::uint32_t a, std::uint32_t b) { return rank_of(a) < rank_of(b); });
    }
}

void SetPlan::rank_windows(std::uint64_t epoch) {
    if (!settings_.windows) {
        return;
    }
    window_ranks_.resize(settings_.windows->starts.size());
    std::iota(window_ranks_.begin(), window_ranks_.end(), std::uint64_t{0});
    const auto split = static_cast<std::uint64_t>(settings_.split);
    shuffle_all(std::span(window_ranks_), CounterRandom(settings_.seed, {window_purpose, split, epoch}));
}

void SetPlan::order_sets(std::uint64_t epoch) {
    const auto split = static_cast<std::uint64_t>(settings_.split);
    std::iota(order_.begin(), order_.end(), 0U);
    shuffle_all(std::span(order_), CounterRandom(settings_.seed, {sets_purpose, split, epoch}));
    if (!settings_.windows) {
        return;
    }
    std::vector<std::uint64_t> ranks;
    for (const Piece& piece : sets_) {
        ranks.push_back(rank_of(cells_[piece.first]));
    }
    std::stable_sort(order_.begin(), order_.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return ranks[a] < ranks[b]; });
}

void SetPlan::shuffle(std::uint64_t epoch) {
    if (shuffled_ == epoch) {
        return;
    }
    rank_windows(epoch);
    for (std::size_t group = 0; group < split_.groups.size(); ++group) {
        shuffle_group(epoch, group);
    }
    order_sets(epoch);
    shuffled_ = epoch;
}

void SetPlan::add_set(std::uint64_t epoch, std::uint64_t set, PlannedBatch& out) const {
    const auto split = static_cast<std::uint64_t>(settings_.split);
    const Piece& piece = sets_[set];
    const std::span piece_cells = std::span(cells_).subspan(piece.first, piece.count);
    out.groups.push_back(piece.group);
    out.targets.insert(out.targets.end(), piece_cells.begin(), piece_cells.end());
    CounterRandom fill(settings_.seed, {fill_purpose, split, epoch, set});
    for (std::int64_t i = piece.count; i < settings_.set_len; ++i) {
        out.targets.push_back(piece_cells[fill.below(piece.count)]);
    }
    const auto& pool = divided_.pools[split_.groups[piece.group].pool];
    CounterRandom draw(settings_.seed, {control_purpose, split, epoch, set});
    for (std::int64_t i = 0; i < settings_.set_len; ++i) {
        out.controls.push_back(pool[draw.below(pool.size())]);
    }
}

PlannedBatch SetPlan::batch(std::uint64_t number) {
    const std::uint64_t epoch = number / batches(), in_epoch = number % batches();
    shuffle(settings_.reshuffle ? epoch : 0);
    const auto many = static_cast<std::uint64_t>(settings_.batch_sets);
    PlannedBatch planned;
    const std::uint64_t first = in_epoch * many, last = std::min(sets(), first + many);
    for (std::uint64_t i = first; i < last; ++i) {
        add_set(epoch, order_[i], planned);
    }
    return planned;
}

} // namespace ember

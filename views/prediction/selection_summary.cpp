#include "views/prediction/selection_summary.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include <tbb/blocked_range.h>
#include <tbb/parallel_reduce.h>

namespace ember {

namespace {

constexpr std::uint16_t no_bin = std::numeric_limits<std::uint16_t>::max();

/// Sums over some of the words; merges as variances do (Chan, Golub & LeVeque 1979).
struct Part {
    std::uint64_t cells = 0, finite = 0, below = 0;
    double sum = 0, squares = 0, magnitude = 0;
    double min = std::numeric_limits<double>::infinity(), max = -min;
    std::vector<std::vector<std::uint64_t>> by_group;
    std::vector<std::uint64_t> bins;

    void merge_moments(const Part& other) {
        if (other.finite > 0 && finite > 0) {
            const auto n = static_cast<double>(finite), more = static_cast<double>(other.finite);
            const double apart = other.sum / more - sum / n;
            squares += other.squares + apart * apart * (n / (n + more)) * more;
        } else {
            squares += other.squares;
        }
        cells += other.cells;
        finite += other.finite;
        below += other.below;
        sum += other.sum;
        magnitude += other.magnitude;
        min = std::min(min, other.min);
        max = std::max(max, other.max);
    }
};

void add_counts(std::vector<std::uint64_t>& counts, const std::vector<std::uint64_t>& more) {
    for (std::size_t i = 0; i < more.size(); ++i) {
        counts[i] += more[i];
    }
}

class Pass {
public:
    Pass(const CellSelection& selection, const StatisticsResult& result,
         const std::vector<std::uint16_t>& bins)
        : words_(selection.words()), result_(result), bins_(bins) {}

    Part empty() const {
        Part part;
        for (const GroupTable& table : result_.tables) {
            part.by_group.emplace_back(table.groups.size(), 0);
        }
        part.bins.assign(result_.histogram.edges.size() - 1, 0);
        return part;
    }

    /// Blocks of a few thousand cells, so that the second look at their figures finds them in the cache.
    Part add(const tbb::blocked_range<std::size_t>& range, Part part) const {
        constexpr std::size_t block = 64;
        for (std::size_t first = range.begin(); first < range.end(); first += block) {
            const std::size_t end = std::min(first + block, range.end());
            part.merge_moments(moments(first, end));
            count(first, end, part);
        }
        return part;
    }

private:
    template<typename Visit>
    void visit(std::size_t first, std::size_t end, Visit visit) const {
        for (std::size_t w = first; w < end; ++w) {
            for (std::uint64_t word = words_[w]; word != 0; word &= word - 1) {
                visit(w * CellSelection::word_bits + static_cast<std::size_t>(std::countr_zero(word)));
            }
        }
    }

    Part moments(std::size_t first, std::size_t end) const {
        Part part;
        visit(first, end, [&](std::size_t cell) {
            const CellFigures& figures = result_.figures[cell];
            ++part.cells;
            part.magnitude += result_.magnitude[cell];
            if (figures.finite != 0) {
                part.finite += figures.finite;
                part.below += figures.below;
                part.sum += figures.sum;
                part.squares += figures.squares;
                part.min = std::min(part.min, figures.min);
                part.max = std::max(part.max, figures.max);
            }
        });
        const double mean = part.finite == 0 ? 0 : part.sum / static_cast<double>(part.finite);
        visit(first, end, [&](std::size_t cell) {
            const CellFigures& figures = result_.figures[cell];
            if (figures.finite != 0) {
                const auto n = static_cast<double>(figures.finite);
                const double apart = figures.sum - n * mean;
                part.squares += apart * apart / n;
            }
        });
        return part;
    }

    void count(std::size_t first, std::size_t end, Part& part) const {
        for (std::size_t t = 0; t < result_.group.size(); ++t) {
            const std::int32_t* codes = result_.group[t].data();
            std::uint64_t* counts = part.by_group[t].data();
            visit(first, end, [&](std::size_t cell) {
                if (codes[cell] >= 0) {
                    ++counts[codes[cell]];
                }
            });
        }
        visit(first, end, [&](std::size_t cell) {
            if (bins_[cell] != no_bin) {
                ++part.bins[bins_[cell]];
            }
        });
    }

    std::span<const std::uint64_t> words_;
    const StatisticsResult& result_;
    const std::vector<std::uint16_t>& bins_;
};

GroupStatistics figures_of(const Part& part, const StatisticsResult& result) {
    constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
    GroupStatistics figures{"selected", part.cells, unknown,
                            unknown,    unknown,    unknown,
                            unknown,    unknown,    part.cells * result.cols - part.finite};
    if (part.finite > 0) {
        const auto n = static_cast<double>(part.finite);
        figures.mean = result.shift + part.sum / n;
        figures.std = std::sqrt(part.squares / n);
        figures.min = part.min;
        figures.max = part.max;
        figures.sparsity = static_cast<double>(part.below) / n;
    }
    if (part.cells > 0) {
        figures.magnitude_mean = part.magnitude / static_cast<double>(part.cells);
    }
    return figures;
}

} // namespace

std::vector<std::uint16_t> magnitude_bins(const StatisticsResult& result) {
    const std::vector<double>& edges = result.histogram.edges;
    const std::size_t count = edges.size() - 1;
    const double low = edges.front(), span = edges.back() - low;
    std::vector<std::uint16_t> bins(result.magnitude.size(), no_bin);
    for (std::size_t cell = 0; cell < bins.size(); ++cell) {
        const double value = result.magnitude[cell];
        if (std::isfinite(value)) {
            const auto bin = static_cast<std::size_t>((value - low) / span * static_cast<double>(count));
            bins[cell] = static_cast<std::uint16_t>(std::min(bin, count - 1));
        }
    }
    return bins;
}

SelectionSummary summarise_selection(const CellSelection& selection, const StatisticsResult& result,
                                     const std::vector<std::uint16_t>& bins) {
    const Pass pass(selection, result, bins);
    constexpr std::size_t grain = 1024; // words
    const Part sum = tbb::parallel_deterministic_reduce(
        tbb::blocked_range<std::size_t>(0, selection.words().size(), grain), pass.empty(),
        [&](const auto& range, Part part) { return pass.add(range, std::move(part)); },
        [](Part left, const Part& right) {
            left.merge_moments(right);
            for (std::size_t t = 0; t < right.by_group.size(); ++t) {
                add_counts(left.by_group[t], right.by_group[t]);
            }
            add_counts(left.bins, right.bins);
            return left;
        });
    return {figures_of(sum, result), sum.by_group, sum.bins};
}

CellSelection cells_of_group(const StatisticsResult& result, std::size_t table, std::size_t group) {
    CellSelection cells(result.magnitude.size());
    const std::vector<std::int32_t>& codes = result.group[table];
    for (std::size_t cell = 0; cell < codes.size(); ++cell) {
        if (codes[cell] == static_cast<std::int32_t>(group)) {
            cells.insert(cell);
        }
    }
    return cells;
}

} // namespace ember

#include "core/analysis/difference_sample.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "core/analysis/cell_groups.hpp"
#include "core/analysis/label_shuffle.hpp"

namespace ember {

namespace {

struct Labels {
    CellGroups condition, type;
    std::vector<std::int32_t> replicate, block;
    bool complete(std::size_t cell) const {
        return condition.group[cell] >= 0 && type.group[cell] >= 0 &&
               (replicate.empty() || replicate[cell] >= 0) && (block.empty() || block[cell] >= 0);
    }
};

Labels read_labels(const AnnData& data, const ConditionDifferenceRequest& request) {
    Labels labels;
    labels.condition = group_cells(data, {request.group_col});
    if (request.within_col.empty()) {
        labels.type.labels = {"all cells"};
        labels.type.group.assign(data.n_obs(), 0);
    } else {
        labels.type = group_cells(data, {request.within_col});
    }
    if (!request.replicate_col.empty()) {
        labels.replicate = group_cells(data, {request.replicate_col}).group;
        if (!request.block_col.empty()) {
            labels.block = group_cells(data, {request.block_col}).group;
        }
    }
    return labels;
}

using Stratum = std::pair<std::int32_t, std::int32_t>; ///< type, condition
using Strata = std::map<Stratum, std::vector<std::uint64_t>>;

std::uint64_t in_small_strata(const Strata& strata) {
    std::uint64_t sum = 0;
    for (const auto& [stratum, cells] : strata) {
        sum += cells.size() < least_cells_per_stratum ? cells.size() : 0;
    }
    return sum;
}

void drop_small(Strata& strata, std::uint64_t max_cells) {
    std::erase_if(strata, [](const auto& entry) { return entry.second.size() < least_cells_per_stratum; });
    const std::size_t most = std::max<std::size_t>(2, max_cells / (2 * least_cells_per_stratum));
    if (strata.size() > most) { // very many conditions: the largest ones stand for all, of equals the first
        std::vector<std::pair<std::size_t, Stratum>> sizes;
        for (const auto& [stratum, cells] : strata) {
            sizes.emplace_back(cells.size(), stratum);
        }
        std::stable_sort(sizes.begin(), sizes.end(),
                         [](const auto& one, const auto& other) { return one.first > other.first; });
        for (std::size_t i = most; i < sizes.size(); ++i) {
            strata.erase(sizes[i].second);
        }
    }
    std::map<std::int32_t, int> conditions;
    for (const auto& [stratum, cells] : strata) {
        ++conditions[stratum.first];
    }
    std::erase_if(strata, [&](const auto& entry) { return conditions[entry.first.first] < 2; });
}

/// The largest share per stratum that keeps the whole sample within `max_cells`.
std::uint64_t cells_per_stratum(const Strata& strata, std::uint64_t max_cells) {
    std::uint64_t low = least_cells_per_stratum, high = max_cells;
    while (low < high) {
        const std::uint64_t middle = (low + high + 1) / 2;
        std::uint64_t sum = 0;
        for (const auto& [stratum, cells] : strata) {
            sum += std::min<std::uint64_t>(cells.size(), middle);
        }
        (sum <= max_cells ? low : high) = sum <= max_cells ? middle : middle - 1;
    }
    return low;
}

std::vector<std::uint64_t> choose_cells(Strata& strata, const ConditionDifferenceRequest& request) {
    const std::uint64_t share = cells_per_stratum(strata, request.max_cells);
    Shuffler random(request.seed, 0);
    std::vector<std::uint64_t> chosen;
    for (auto& [stratum, cells] : strata) {
        const std::uint64_t count = std::min<std::uint64_t>(cells.size(), share);
        random.choose_first(cells, count);
        chosen.insert(chosen.end(), cells.begin(), cells.begin() + static_cast<std::ptrdiff_t>(count));
    }
    std::sort(chosen.begin(), chosen.end());
    return chosen;
}

/// Old indices to new ones in the same order, with their names; -1 where nothing uses them.
std::vector<std::int32_t> renumber(const std::vector<std::string>& names, const std::vector<bool>& used,
                                   std::vector<std::string>& kept) {
    std::vector<std::int32_t> number(names.size(), -1);
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (used[i]) {
            number[i] = static_cast<std::int32_t>(kept.size());
            kept.push_back(names[i]);
        }
    }
    return number;
}

void name_strata(DifferenceSample& sample, const Labels& labels, const Strata& strata) {
    std::vector<bool> types(labels.type.labels.size()), conditions(labels.condition.labels.size());
    for (const auto& [stratum, cells] : strata) {
        types[static_cast<std::size_t>(stratum.first)] = true;
        conditions[static_cast<std::size_t>(stratum.second)] = true;
    }
    const auto type_number = renumber(labels.type.labels, types, sample.types);
    const auto condition_number = renumber(labels.condition.labels, conditions, sample.conditions);
    for (std::size_t i = 0; i < types.size(); ++i) {
        if (!types[i]) {
            sample.left_out.push_back(labels.type.labels[i]);
        }
    }
    sample.type_cells.assign(sample.types.size(), 0);
    for (const auto& [stratum, cells] : strata) {
        const auto type = type_number[static_cast<std::size_t>(stratum.first)];
        sample.type_cells[static_cast<std::size_t>(type)] += static_cast<double>(cells.size());
    }
    for (const std::uint64_t cell : sample.cells) {
        sample.type.push_back(type_number[static_cast<std::size_t>(labels.type.group[cell])]);
        sample.condition.push_back(condition_number[static_cast<std::size_t>(labels.condition.group[cell])]);
        if (!labels.replicate.empty()) {
            sample.replicate.push_back(labels.replicate[cell]);
        }
        if (!labels.block.empty()) {
            sample.block.push_back(labels.block[cell]);
        }
    }
}

template<typename T>
void keep(std::vector<T>& values, const std::vector<std::size_t>& rows) {
    for (std::size_t i = 0; i < rows.size() && !values.empty(); ++i) {
        values[i] = values[rows[i]];
    }
    values.resize(values.empty() ? 0 : rows.size());
}

void drop_nonfinite(DifferenceSample& sample) {
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < sample.cells.size(); ++i) {
        const float* row = &sample.values[i * sample.cols];
        if (std::all_of(row, row + sample.cols, [](float value) { return std::isfinite(value); })) {
            std::copy_n(row, sample.cols, &sample.values[rows.size() * sample.cols]);
            rows.push_back(i);
        }
    }
    sample.nonfinite_rows = sample.cells.size() - rows.size();
    sample.values.resize(rows.size() * sample.cols);
    keep(sample.cells, rows);
    keep(sample.condition, rows);
    keep(sample.type, rows);
    keep(sample.replicate, rows);
    keep(sample.block, rows);
}

} // namespace

DifferenceSample draw_sample(const AnnData& data, const ConditionDifferenceRequest& request,
                             JobContext& job) {
    const Labels labels = read_labels(data, request);
    const MatrixPtr matrix = data.matrix(request.source);
    DifferenceSample sample;
    sample.cols = matrix->cols();
    sample.conditions_in_file = labels.condition.labels.size();
    Strata strata;
    for (std::uint64_t cell = 0; cell < data.n_obs(); ++cell) {
        if (labels.complete(cell)) {
            strata[{labels.type.group[cell], labels.condition.group[cell]}].push_back(cell);
            ++sample.labelled;
        }
    }
    sample.without_label = data.n_obs() - sample.labelled;
    sample.mostly_small = in_small_strata(strata) > sample.labelled / 2;
    drop_small(strata, request.max_cells);
    if (!strata.empty() && sample.cols > 0) {
        sample.cells = choose_cells(strata, request);
        sample.values.resize(sample.cells.size() * sample.cols);
        job.begin("Reading a sample of cells", 0, "cells");
        matrix->gather_rows(sample.cells, sample.values, job);
    }
    name_strata(sample, labels, strata);
    drop_nonfinite(sample);
    return sample;
}

} // namespace ember

#include "core/genes/cell_design.hpp"

#include <algorithm>
#include <unordered_map>

#include "core/base/error.hpp"
#include "core/base/nearest_names.hpp"

namespace ember {

namespace {

/// Each cell's combination of labels as one number, the last column fastest; -1: a label is missing.
std::vector<std::int64_t> cross(const std::vector<CategoricalColumn>& columns, std::uint64_t cells) {
    std::vector<std::int64_t> crossed(cells, 0);
    std::int64_t combinations = 1;
    for (const CategoricalColumn& column : columns) {
        const auto levels = static_cast<std::int64_t>(column.categories.size());
        if (__builtin_mul_overflow(combinations, std::max<std::int64_t>(levels, 1), &combinations)) {
            throw UsageError("The columns have too many labels to be crossed", "Cross fewer columns");
        }
        for (std::size_t cell = 0; cell < cells; ++cell) {
            const std::int64_t code = column.codes[cell];
            crossed[cell] = crossed[cell] < 0 || code < 0 ? -1 : crossed[cell] * levels + code;
        }
    }
    return crossed;
}

std::vector<std::string> labels_of(std::int64_t crossed, const std::vector<CategoricalColumn>& columns) {
    std::vector<std::string> labels(columns.size());
    for (std::size_t c = columns.size(); c-- > 0;) {
        const auto levels = static_cast<std::int64_t>(columns[c].categories.size());
        labels[c] = columns[c].categories[static_cast<std::size_t>(crossed % levels)];
        crossed /= levels;
    }
    return labels;
}

/// Adds the leaf and, where they begin, its cohort and its stratum.
void add_leaf(CellDesign& design, std::int64_t stratum, std::int32_t group, std::int32_t replicate,
              std::uint64_t cells, std::int64_t& last_stratum, const std::vector<CategoricalColumn>& within) {
    const auto leaf = static_cast<std::uint32_t>(design.leaves.size());
    const bool new_stratum = design.strata.empty() || stratum != last_stratum;
    if (new_stratum) {
        last_stratum = stratum;
        const auto cohort = static_cast<std::uint32_t>(design.cohorts.size());
        design.strata.push_back({labels_of(stratum, within), cohort, cohort, leaf, leaf, 0});
    }
    if (new_stratum || design.cohorts.back().group != group) {
        design.cohorts.push_back(
            {static_cast<std::uint32_t>(design.strata.size() - 1), group, 0, leaf, leaf});
        ++design.strata.back().last_cohort;
    }
    design.leaves.push_back({static_cast<std::uint32_t>(design.cohorts.size() - 1), replicate, cells});
    design.cohorts.back().cells += cells;
    design.strata.back().cells += cells;
    ++design.cohorts.back().last_leaf;
    ++design.strata.back().last_leaf;
}

/// Stratum, group and replicate of a leaf as one number that sorts like them.
struct LeafCode {
    std::int64_t groups = 1, replicates = 1; ///< replicates: with one place for "not known"

    LeafCode(const CategoricalColumn& group, const CategoricalColumn& replicate, std::int64_t strata)
        : groups(static_cast<std::int64_t>(group.categories.size())),
          replicates(static_cast<std::int64_t>(replicate.categories.size()) + 1) {
        std::int64_t all = 0;
        if (__builtin_mul_overflow(strata, groups, &all) || __builtin_mul_overflow(all, replicates, &all)) {
            throw UsageError("The columns have too many labels to be crossed", "Cross fewer columns");
        }
    }
    std::int64_t code(std::int64_t stratum, std::int32_t group, std::int32_t replicate) const {
        return (stratum * groups + group) * replicates + replicate + 1;
    }
    std::int64_t stratum(std::int64_t code) const { return code / replicates / groups; }
    std::int32_t group(std::int64_t code) const {
        return static_cast<std::int32_t>(code / replicates % groups);
    }
    std::int32_t replicate(std::int64_t code) const {
        return static_cast<std::int32_t>(code % replicates) - 1;
    }
};

std::int64_t largest(const std::vector<std::int64_t>& values) {
    return values.empty() ? 0 : std::max<std::int64_t>(0, *std::max_element(values.begin(), values.end()));
}

void check_columns(const CellDesignRequest& request) {
    if (request.groupby.empty()) {
        throw UsageError("A comparison needs a column of groups", "Name a column of obs");
    }
    std::vector<std::string> seen{request.groupby};
    for (const std::string& column : request.within) {
        if (std::find(seen.begin(), seen.end(), column) != seen.end()) {
            throw UsageError("'" + column + "' is named twice",
                             "Compare within other columns than the one that is compared");
        }
        seen.push_back(column);
    }
    if (std::find(seen.begin(), seen.end(), request.replicate_col) != seen.end()) {
        throw UsageError("'" + request.replicate_col + "' cannot be the replicates and a group at once",
                         "Name the column of mice or donors, or none");
    }
}

} // namespace

std::int32_t CellDesign::cohort_of(const Stratum& stratum, std::int32_t group) const {
    for (std::uint32_t c = stratum.first_cohort; c < stratum.last_cohort; ++c) {
        if (cohorts[c].group == group) {
            return static_cast<std::int32_t>(c);
        }
    }
    return -1;
}

std::int32_t group_index(const std::vector<std::string>& groups, const std::string& label,
                         const std::string& groupby) {
    const auto at = std::find(groups.begin(), groups.end(), label);
    if (at == groups.end()) {
        throw UsageError("'" + label + "' is no label of '" + groupby + "'",
                         "Did you mean " + quoted_list(nearest_names(label, groups)) + "?");
    }
    return static_cast<std::int32_t>(at - groups.begin());
}

CellDesign design_cells(const AnnData& data, const CellDesignRequest& request) {
    check_columns(request);
    const CategoricalColumn group = as_groups(*data.obs(request.groupby));
    CategoricalColumn replicate;
    if (!request.replicate_col.empty()) {
        replicate = as_groups(*data.obs(request.replicate_col));
    }
    std::vector<CategoricalColumn> within;
    for (const std::string& column : request.within) {
        within.push_back(as_groups(*data.obs(column)));
    }
    const std::vector<std::int64_t> stratum = cross(within, data.n_obs());
    CellDesign design;
    design.groups = group.categories;
    design.replicates = replicate.categories;
    std::vector<bool> counts(design.groups.size(), request.only.empty());
    for (const std::int32_t index : request.only) {
        counts[static_cast<std::size_t>(index)] = true;
    }
    const LeafCode codes(group, replicate, 1 + largest(stratum));
    std::vector<std::int64_t> code(data.n_obs(), -1);
    std::unordered_map<std::int64_t, std::uint64_t> cells;
    for (std::size_t cell = 0; cell < code.size(); ++cell) {
        const std::int32_t label = group.codes[cell];
        const std::int32_t unit = replicate.codes.empty() ? -1 : replicate.codes[cell];
        const bool labelled = stratum[cell] >= 0 && label >= 0 && (unit >= 0 || !request.replicates_needed);
        design.without_label += !labelled;
        if (labelled && counts[static_cast<std::size_t>(label)]) {
            code[cell] = codes.code(stratum[cell], label, unit);
            ++cells[code[cell]];
        }
    }
    std::vector<std::int64_t> sorted;
    for (const auto& [key, count] : cells) {
        sorted.push_back(key);
    }
    std::sort(sorted.begin(), sorted.end());
    std::int64_t last_stratum = -1;
    for (const std::int64_t key : sorted) {
        const std::uint64_t leaf = design.leaves.size();
        add_leaf(design, codes.stratum(key), codes.group(key), codes.replicate(key), cells[key], last_stratum,
                 within);
        cells[key] = leaf;
    }
    design.leaf.assign(code.size(), -1);
    for (std::size_t cell = 0; cell < code.size(); ++cell) {
        if (code[cell] >= 0) {
            design.leaf[cell] = static_cast<std::int32_t>(cells.find(code[cell])->second);
        }
    }
    return design;
}

} // namespace ember

#include "core/genes/differential_plan.hpp"

#include <algorithm>
#include <set>

#include "core/base/error.hpp"
#include "core/genes/counted_text.hpp"

namespace ember {

namespace {

constexpr const char* rest = "rest";
constexpr std::uint64_t told_untested = 20; ///< comparisons without p that have a warning of their own

/// "day10, Neu: "; empty without strata.
std::string place_of(const Stratum& stratum) {
    std::string place;
    for (const std::string& label : stratum.labels) {
        place += (place.empty() ? "" : ", ") + label;
    }
    return place.empty() ? place : place + ": ";
}

/// Indices of the groups asked for, and of the reference (-1: rest).
struct Wanted {
    std::vector<std::int32_t> groups;
    std::int32_t reference = -1;
};

Wanted wanted_of(const AnnData& data, const DifferentialRequest& request) {
    const CategoricalColumn column = as_groups(*data.obs(request.groupby));
    Wanted wanted;
    if (request.reference != rest) {
        wanted.reference = group_index(column.categories, request.reference, request.groupby);
    }
    if (request.groups.empty()) {
        for (std::size_t i = 0; i < column.categories.size(); ++i) {
            wanted.groups.push_back(static_cast<std::int32_t>(i));
        }
    }
    for (const std::string& label : request.groups) {
        wanted.groups.push_back(group_index(column.categories, label, request.groupby));
    }
    std::sort(wanted.groups.begin(), wanted.groups.end());
    wanted.groups.erase(std::unique(wanted.groups.begin(), wanted.groups.end()), wanted.groups.end());
    std::erase(wanted.groups, wanted.reference);
    if (wanted.groups.empty()) {
        throw UsageError("There is no group to compare with '" + request.reference + "'",
                         "Choose another label of '" + request.groupby + "' than the reference");
    }
    return wanted;
}

TestUnit unit_of(const DifferentialRequest& request) {
    if (request.unit == TestUnit::replicates && request.replicate_col.empty()) {
        throw UsageError("Replicates can only be compared with a column that names them",
                         "Name the column of mice or donors, or compare cells");
    }
    return request.unit == TestUnit::cells || request.replicate_col.empty() ? TestUnit::cells
                                                                            : TestUnit::replicates;
}

std::uint64_t replicates_in(const CellDesign& design, const Cohort& cohort) {
    std::uint64_t count = 0;
    for (std::uint32_t leaf = cohort.first_leaf; leaf < cohort.last_leaf; ++leaf) {
        count += design.leaves[leaf].replicate >= 0;
    }
    return count;
}

std::uint64_t replicates_outside(const CellDesign& design, const Stratum& stratum, const Cohort& cohort) {
    std::set<std::int32_t> found;
    for (std::uint32_t leaf = stratum.first_leaf; leaf < stratum.last_leaf; ++leaf) {
        if (leaf < cohort.first_leaf || leaf >= cohort.last_leaf) {
            found.insert(design.leaves[leaf].replicate);
        }
    }
    found.erase(-1);
    return found.size();
}

class Planner {
public:
    Planner(const AnnData& data, const DifferentialRequest& request)
        : request_(request), unit_(unit_of(request)), wanted_(wanted_of(data, request)) {
        CellDesignRequest cells{
            request.groupby, request.replicate_col, unit_ == TestUnit::replicates, request.within, {}};
        if (wanted_.reference >= 0) {
            cells.only = wanted_.groups;
            cells.only.push_back(wanted_.reference);
        }
        plan_.design = design_cells(data, cells);
    }

    DifferentialPlan plan() {
        warn_of_cells();
        for (std::uint32_t s = 0; s < plan_.design.strata.size(); ++s) {
            const Stratum& stratum = plan_.design.strata[s];
            const std::int32_t reference =
                wanted_.reference < 0 ? -1 : plan_.design.cohort_of(stratum, wanted_.reference);
            for (const std::int32_t group : wanted_.groups) {
                const std::int32_t cohort = plan_.design.cohort_of(stratum, group);
                if (cohort < 0 || (wanted_.reference >= 0 && reference < 0) ||
                    (reference < 0 && stratum.last_cohort - stratum.first_cohort < 2)) {
                    note_missing(stratum, group, cohort, reference);
                } else {
                    add(s, static_cast<std::uint32_t>(cohort), reference);
                }
            }
        }
        if (plan_.comparisons.empty()) {
            throw UsageError("No two groups of '" + request_.groupby + "' have cells to compare",
                             request_.within.empty() ? "Choose a column with two labels at least"
                                                     : "Compare within fewer columns");
        }
        if (untested_ > told_untested) {
            plan_.warnings.push_back(
                counted(untested_ - told_untested, "more comparison has", "more comparisons have") +
                " no p-value either");
        }
        return std::move(plan_);
    }

private:
    std::string label(std::int32_t group) const {
        return group < 0 ? rest : plan_.design.groups[static_cast<std::size_t>(group)];
    }

    void warn_of_cells() {
        if (unit_ == TestUnit::cells) {
            plan_.warnings.push_back(
                request_.replicate_col.empty()
                    ? "Each cell counts as a replicate, because no column names mice or donors: p-values "
                      "say how these cells differ, not how animals would"
                    : "Each cell counts as a replicate, although '" + request_.replicate_col +
                          "' names replicates: p-values are far too small where cells of one replicate "
                          "are alike");
        }
        if (plan_.design.without_label > 0) {
            plan_.warnings.push_back(counted(plan_.design.without_label, "cell has", "cells have") +
                                     " no label in a column that is used and " +
                                     (plan_.design.without_label == 1 ? "was" : "were") + " left out");
        }
    }

    void note_missing(const Stratum& stratum, std::int32_t group, std::int32_t cohort,
                      std::int32_t reference) {
        if (cohort < 0 && (wanted_.reference < 0 || reference < 0) && request_.groups.empty()) {
            return; // not in this stratum, and nobody asked for it
        }
        const std::string missing = cohort < 0              ? label(group)
                                    : wanted_.reference < 0 ? "the rest"
                                                            : label(wanted_.reference);
        const std::string text = place_of(stratum) + "no cells in " + missing + ", so nothing was compared";
        if (std::find(plan_.warnings.begin(), plan_.warnings.end(), text) == plan_.warnings.end()) {
            plan_.warnings.push_back(text);
        }
    }

    void add(std::uint32_t s, std::uint32_t group, std::int32_t reference) {
        const Stratum& stratum = plan_.design.strata[s];
        const Cohort& cohort = plan_.design.cohorts[group];
        Comparison comparison;
        comparison.stratum = s;
        comparison.group = group;
        comparison.reference = reference;
        comparison.unit = unit_;
        comparison.test = request_.test != GeneTest::automatic ? request_.test
                          : unit_ == TestUnit::cells           ? GeneTest::wilcoxon
                                                               : GeneTest::welch;
        DifferentialTable table;
        table.group = label(cohort.group);
        table.reference = label(wanted_.reference);
        table.within = stratum.labels;
        table.n_group = cohort.cells;
        table.n_reference = reference < 0 ? stratum.cells - cohort.cells
                                          : plan_.design.cohorts[static_cast<std::size_t>(reference)].cells;
        table.unit = unit_;
        table.test = comparison.test;
        if (unit_ == TestUnit::cells) {
            decide_cells(comparison, table);
        } else {
            decide_replicates(comparison, table);
        }
        table.tested = comparison.tested;
        if (!table.tested && ++untested_ <= told_untested) {
            plan_.warnings.push_back(place_of(stratum) + table.note);
        }
        plan_.comparisons.push_back(std::move(comparison));
        plan_.tables.push_back(std::move(table));
    }

    void decide_cells(Comparison& comparison, DifferentialTable& table) {
        const CellDesign& design = plan_.design;
        const Cohort& cohort = design.cohorts[comparison.group];
        if (!request_.replicate_col.empty()) {
            table.replicates_group = replicates_in(design, cohort);
            table.replicates_reference =
                comparison.reference < 0
                    ? replicates_outside(design, design.strata[comparison.stratum], cohort)
                    : replicates_in(design, design.cohorts[static_cast<std::size_t>(comparison.reference)]);
        }
        comparison.tested = table.n_group >= 2 && table.n_reference >= 2;
        if (!comparison.tested) {
            table.note =
                "one cell in " + (table.n_group < 2 ? table.group : table.reference) + ": no p-value";
        }
    }

    void decide_replicates(Comparison& comparison, DifferentialTable& table) {
        ReplicatePlan& replicates = comparison.replicates;
        replicates =
            plan_replicates(plan_.design, comparison.group, comparison.reference, request_.least_cells);
        const std::uint64_t too_small = replicates.too_small;
        if (replicates.group.empty() || replicates.reference.empty()) {
            const bool none_in_group = replicates.group.empty();
            replicates = plan_replicates(plan_.design, comparison.group, comparison.reference, 1);
            replicates.testable = false;
            table.note = "no " + request_.replicate_col + " has " +
                         counted(request_.least_cells, "cell", "cells") + " in " +
                         (none_in_group ? table.group : table.reference) + ": no p-value";
        }
        comparison.tested = replicates.testable;
        table.paired = replicates.paired && replicates.testable;
        table.replicates_group = replicates.group.size();
        table.replicates_reference = replicates.reference.size();
        if (!replicates.testable && table.note.empty()) {
            const bool group_short = replicates.group.size() < 2;
            table.note = count_text(group_short ? replicates.group.size() : replicates.reference.size()) +
                         ' ' + request_.replicate_col + " in " +
                         (group_short ? table.group : table.reference) + ": no p-value";
        }
        const auto also = [&](const std::string& text) {
            table.note += (table.note.empty() ? "" : "; ") + text;
        };
        if (too_small > 0) {
            also(std::to_string(too_small) + " × " + request_.replicate_col + " with fewer than " +
                 counted(request_.least_cells, "cell", "cells") + " left out");
        }
        if (replicates.paired && replicates.unpaired > 0) {
            also(std::to_string(replicates.unpaired) + " × " + request_.replicate_col +
                 " on one side only left out");
        } else if (!replicates.paired && replicates.on_both_sides == 1) {
            also("one " + request_.replicate_col + " has cells on both sides and counts on each");
        }
    }

    const DifferentialRequest& request_;
    TestUnit unit_;
    Wanted wanted_;
    DifferentialPlan plan_;
    std::uint64_t untested_ = 0;
};

} // namespace

DifferentialPlan plan_differential(const AnnData& data, const DifferentialRequest& request) {
    return Planner(data, request).plan();
}

} // namespace ember

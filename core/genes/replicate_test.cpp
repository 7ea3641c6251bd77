#include "core/genes/replicate_test.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>

#include "core/analysis/distributions.hpp"
#include "core/analysis/mean_tests.hpp"
#include "core/analysis/rank_tests.hpp"

namespace ember {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

using Sides = std::map<std::int32_t, std::pair<ProfileSource, ProfileSource>>; ///< by replicate

void add_cohort(const CellDesign& design, std::uint32_t cohort, bool to_group, Sides& sides) {
    for (std::uint32_t at = design.cohorts[cohort].first_leaf; at < design.cohorts[cohort].last_leaf; ++at) {
        const Leaf& leaf = design.leaves[at];
        auto& entry = sides[leaf.replicate];
        (to_group ? entry.first : entry.second) = {static_cast<std::int32_t>(at), -1,
                                                   static_cast<double>(leaf.cells)};
    }
}

/// All replicates of the stratum, less what they have in the group.
void add_rest(const CellDesign& design, std::uint32_t group, Sides& sides) {
    const Stratum& stratum = design.strata[design.cohorts[group].stratum];
    std::map<std::int32_t, double> cells;
    for (std::uint32_t at = stratum.first_leaf; at < stratum.last_leaf; ++at) {
        cells[design.leaves[at].replicate] += static_cast<double>(design.leaves[at].cells);
    }
    for (const auto& [replicate, count] : cells) {
        auto& [own, rest] = sides[replicate];
        rest = {own.leaf, replicate, count - own.cells};
    }
}

double profile(const ProfileSource& source, const BulkSums& sums) {
    const double own = source.leaf < 0 ? 0 : sums.leaf[static_cast<std::size_t>(source.leaf)];
    const double sum =
        source.others < 0 ? own : sums.replicate[static_cast<std::size_t>(source.others)] - own;
    return std::log1p(sum / source.cells);
}

double mean_profile(const std::vector<ProfileSource>& sources, const BulkSums& sums) {
    double sum = 0;
    for (const ProfileSource& source : sources) {
        sum += profile(source, sums);
    }
    return sum / static_cast<double>(sources.size());
}

void set_interval(ReplicateOutcome& outcome, const MeanTest& test) {
    const double half = student_quantile_two_sided(0.05, test.df) * test.standard_error;
    outcome.low = (test.difference - half) / std::numbers::ln2;
    outcome.high = (test.difference + half) / std::numbers::ln2;
}

} // namespace

ReplicatePlan plan_replicates(const CellDesign& design, std::uint32_t group, std::int32_t reference,
                              std::uint64_t least_cells) {
    Sides sides;
    add_cohort(design, group, true, sides);
    if (reference < 0) {
        add_rest(design, group, sides);
    } else {
        add_cohort(design, static_cast<std::uint32_t>(reference), false, sides);
    }
    ReplicatePlan plan;
    const double least = std::max(1.0, static_cast<double>(least_cells));
    for (auto& [replicate, side] : sides) {
        for (ProfileSource* source : {&side.first, &side.second}) {
            plan.too_small += source->cells > 0 && source->cells < least;
            source->cells = source->cells < least ? 0 : source->cells;
        }
        plan.on_both_sides += side.first.cells > 0 && side.second.cells > 0;
    }
    plan.paired = plan.on_both_sides >= 2;
    for (const auto& [replicate, side] : sides) {
        const bool has_group = side.first.cells > 0, has_reference = side.second.cells > 0;
        if (plan.paired && has_group != has_reference) {
            ++plan.unpaired;
            continue;
        }
        if (has_group) {
            plan.group.push_back(side.first);
        }
        if (has_reference) {
            plan.reference.push_back(side.second);
        }
    }
    plan.testable = plan.group.size() >= 2 && plan.reference.size() >= 2;
    return plan;
}

ReplicateOutcome test_replicates(const ReplicatePlan& plan, const BulkSums& sums, GeneTest test,
                                 std::vector<double>& profiles) {
    ReplicateOutcome outcome{nan, nan, nan, nan, nan};
    if (!plan.testable) {
        outcome.difference =
            (mean_profile(plan.group, sums) - mean_profile(plan.reference, sums)) / std::numbers::ln2;
        return outcome;
    }
    profiles.clear();
    for (std::size_t i = 0; i < plan.group.size(); ++i) {
        profiles.push_back(profile(plan.group[i], sums) -
                           (plan.paired ? profile(plan.reference[i], sums) : 0));
    }
    for (std::size_t i = 0; i < plan.reference.size() && !plan.paired; ++i) {
        profiles.push_back(profile(plan.reference[i], sums));
    }
    const std::span<const double> all(profiles), first = all.first(plan.group.size()),
                                                 second = all.subspan(plan.group.size());
    const MeanTest means = plan.paired ? paired_t(first) : welch(moments_of(first), moments_of(second));
    outcome.difference = means.difference / std::numbers::ln2;
    const bool alike = std::isnan(means.t) && means.difference == 0;
    outcome.score = alike ? 0 : means.t;
    outcome.p = alike ? 1 : means.p;
    set_interval(outcome, means);
    if (test == GeneTest::wilcoxon && plan.paired) {
        const double plus = signed_rank(first, Alternative::greater).w;
        const auto n = static_cast<double>(
            std::count_if(first.begin(), first.end(), [](double difference) { return difference != 0; }));
        const double p = signed_rank(first).p;
        outcome.score = n > 0 ? (plus - n * (n + 1) / 4) / std::sqrt(n * (n + 1) * (2 * n + 1) / 24) : 0;
        outcome.p = std::isnan(p) ? 1 : p;
    } else if (test == GeneTest::wilcoxon) {
        const MannWhitney ranks = mann_whitney(first, second);
        outcome.score = rank_sum_z(rank_sums(first, second), true);
        outcome.p = ranks.p;
    }
    return outcome;
}

} // namespace ember

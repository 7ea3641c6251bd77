#include "core/evaluation/baselines.hpp"

#include <algorithm>
#include <optional>

#include "core/analysis/label_shuffle.hpp"

namespace ember {

namespace {

using Profile = std::vector<double>; ///< [genes]; empty: not known

Profile difference(const Profile& a, const Profile& b) {
    Profile d(a.empty() || b.empty() ? 0 : a.size());
    for (std::size_t g = 0; g < d.size(); ++g) {
        d[g] = a[g] - b[g];
    }
    return d;
}

/// Of the type on that day, else of the type, else of all control cells.
Profile control_mean(const GroupSums& real, std::int32_t type, std::int32_t time) {
    const auto control = static_cast<std::int32_t>(real.shape.perts) - 1;
    Profile own = real.mean(control, type, time);
    own = own.empty() ? real.mean(control, type) : own;
    return own.empty() ? real.mean(control, every) : own;
}

/// Mean of the changes that are known.
Profile mean_change(const GroupSums& real, const std::vector<std::pair<std::int32_t, std::int32_t>>& groups) {
    const auto control = static_cast<std::int32_t>(real.shape.perts) - 1;
    Profile sum;
    double n = 0;
    for (const auto& [pert, type] : groups) {
        const Profile change = difference(real.mean(pert, type), real.mean(control, type));
        if (change.empty()) {
            continue;
        }
        sum.resize(change.size(), 0);
        for (std::size_t g = 0; g < change.size(); ++g) {
            sum[g] += change[g];
        }
        n += 1;
    }
    for (double& value : sum) {
        value /= n;
    }
    return sum;
}

/// The control cells of the type and the mean change in the other cell types; with one cell type, under the
/// other perturbations.
Profile others_mean(const GroupSums& real, std::int32_t pert, std::int32_t type, std::int32_t time) {
    std::vector<std::pair<std::int32_t, std::int32_t>> groups;
    for (std::int32_t t = 0; t < static_cast<std::int32_t>(real.shape.types); ++t) {
        if (t != type) {
            groups.emplace_back(pert, t);
        }
    }
    Profile change = mean_change(real, groups);
    if (change.empty()) {
        groups.clear();
        for (std::int32_t p = 0; p + 1 < static_cast<std::int32_t>(real.shape.perts); ++p) {
            if (p != pert) {
                groups.emplace_back(p, type);
            }
        }
        change = mean_change(real, groups);
    }
    Profile profile = control_mean(real, type, time);
    if (change.empty() || profile.empty()) {
        return {};
    }
    for (std::size_t g = 0; g < profile.size(); ++g) {
        profile[g] = std::max(0.0, profile[g] + change[g]);
    }
    return profile;
}

/// Perturbed cells with the profile of their group, control cells as they are.
Candidate of_means(const std::string& name, ComparedCells& cells, const GroupSums& real, bool others) {
    Candidate candidate{name, {}, true, false};
    std::vector<std::optional<std::uint32_t>> row(real.shape.size());
    std::vector<bool> tried(row.size());
    for (std::size_t i = 0; i < cells.real.size(); ++i) {
        const std::int32_t p = cells.real.pert[i], t = cells.real.type[i], d = cells.real.time[i];
        if (p == cells.control()) {
            candidate.cells.add(cells.real, i);
            continue;
        }
        const std::size_t group = real.shape.at(p, t, d);
        if (!tried[group]) {
            tried[group] = true;
            const Profile profile = others ? others_mean(real, p, t, d) : control_mean(real, t, d);
            if (!profile.empty()) {
                row[group] = cells.pool.add_row(profile);
            }
        }
        if (row[group]) {
            candidate.cells.add(cells.real, i);
            candidate.cells.row.back() = *row[group];
        }
    }
    return candidate;
}

Candidate unchanged(const std::string& name, const ComparedCells& cells, std::uint64_t seed) {
    Candidate candidate{name, cells.real, false, false};
    // Control cells of each type and day, of each type, and all.
    const std::size_t types = cells.types.size(), times = cells.times.size();
    std::vector<std::vector<std::uint32_t>> of_day(types * times), of_type(types), all(1);
    const auto at = [&](std::size_t i) { return static_cast<std::size_t>(cells.real.type[i]); };
    const auto day = [&](std::size_t i) {
        return at(i) * times + static_cast<std::size_t>(cells.real.time[i]);
    };
    for (std::size_t i = 0; i < cells.real.size(); ++i) {
        if (cells.real.pert[i] == cells.control()) {
            of_day[day(i)].push_back(cells.real.row[i]);
            of_type[at(i)].push_back(cells.real.row[i]);
            all.front().push_back(cells.real.row[i]);
        }
    }
    Shuffler random(seed, 1);
    for (std::size_t i = 0; i < cells.real.size(); ++i) {
        if (cells.real.pert[i] != cells.control()) {
            const auto& pool = !of_day[day(i)].empty()   ? of_day[day(i)]
                               : !of_type[at(i)].empty() ? of_type[at(i)]
                                                         : all.front();
            candidate.cells.row[i] = pool[random.below(pool.size())];
        }
    }
    return candidate;
}

/// Within type and day, so that conditions with other shares of days differ by chance only.
Candidate shuffled(const std::string& name, const ComparedCells& cells, std::uint64_t seed,
                   std::uint64_t draw) {
    Candidate candidate{name, cells.pred, false, true};
    const std::size_t times = cells.times.size();
    std::vector<std::vector<std::size_t>> members(cells.types.size() * times);
    for (std::size_t i = 0; i < cells.pred.size(); ++i) {
        members[static_cast<std::size_t>(cells.pred.type[i]) * times +
                static_cast<std::size_t>(cells.pred.time[i])]
            .push_back(i);
    }
    Shuffler random(seed, 2 + draw);
    for (const auto& group : members) {
        std::vector<std::int32_t> labels;
        for (const std::size_t cell : group) {
            labels.push_back(cells.pred.pert[cell]);
        }
        random.choose_first(labels, labels.size());
        for (std::size_t i = 0; i < group.size(); ++i) {
            candidate.cells.pert[group[i]] = labels[i];
        }
    }
    return candidate;
}

} // namespace

const std::vector<BaselineInfo>& baseline_catalogue() {
    static const std::vector<BaselineInfo> catalogue = {
        {Baseline::control_mean, "Control mean",
         "Predicts no change: every cell is the mean of the real control cells of its type and time point"},
        {Baseline::perturbation_mean, "Perturbation mean",
         "Knows nothing of how this cell type responds: its control mean plus the mean real change of this "
         "perturbation in all other cell types (with one cell type: of all other perturbations)"},
        {Baseline::identity, "Identity",
         "Changes nothing: every cell is a real control cell of its type and time point, drawn at random"},
        {Baseline::shuffled_labels, "Shuffled labels",
         "The prediction itself with its perturbation labels shuffled within each cell type and time point; "
         "metrics of means are the average of 20 shuffles, others of one"}};
    return catalogue;
}

Candidate make_baseline(Baseline baseline, ComparedCells& cells, const GroupSums& real, std::uint64_t seed,
                        std::uint64_t draw) {
    const std::string name = to_string(baseline);
    switch (baseline) {
    case Baseline::control_mean:
        return of_means(name, cells, real, false);
    case Baseline::perturbation_mean: {
        Candidate candidate = of_means(name, cells, real, true);
        if (std::all_of(candidate.cells.pert.begin(), candidate.cells.pert.end(),
                        [&](std::int32_t p) { return p == cells.control(); })) {
            cells.notes.push_back("With one perturbation and one cell type there is no perturbation mean");
        }
        return candidate;
    }
    case Baseline::identity:
        return unchanged(name, cells, seed);
    case Baseline::shuffled_labels:
        return shuffled(name, cells, seed, draw);
    }
    return {};
}

} // namespace ember

#include "core/evaluation/compared_cells.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "core/base/error.hpp"
#include "core/base/nearest_names.hpp"

namespace ember {

namespace {

/// Each cell's label; empty strings and missing values have none.
struct Labels {
    std::vector<std::string> names;
    std::vector<std::int32_t> code; ///< [cells], −1: none
    bool ordered = false;
};

Labels labels_of(const AnnData& data, const std::string& column) {
    if (column.empty()) {
        return {{""}, std::vector<std::int32_t>(data.n_obs(), 0), true};
    }
    CategoricalColumn groups = as_groups(*data.obs(column));
    for (std::int32_t& code : groups.codes) {
        code = code >= 0 && groups.categories[static_cast<std::size_t>(code)].empty() ? -1 : code;
    }
    return {std::move(groups.categories), std::move(groups.codes), groups.ordered};
}

std::set<std::string> used(const Labels& labels) {
    std::set<std::string> names;
    std::vector<bool> seen(labels.names.size());
    for (const std::int32_t code : labels.code) {
        if (code >= 0) {
            seen[static_cast<std::size_t>(code)] = true;
        }
    }
    for (std::size_t i = 0; i < seen.size(); ++i) {
        if (seen[i]) {
            names.insert(labels.names[i]);
        }
    }
    return names;
}

std::string listed(const std::vector<std::string>& names) {
    const std::vector<std::string> first(
        names.begin(), names.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(5, names.size())));
    return quoted_list(first) +
           (names.size() > 5 ? " and " + std::to_string(names.size() - 5) + " more" : "");
}

/// Names on both sides, by code point; the others are named in a warning.
std::vector<std::string> shared(const std::set<std::string>& pred, const std::set<std::string>& real,
                                const std::string& what, std::vector<std::string>& warnings) {
    std::vector<std::string> both, pred_only, real_only;
    std::set_intersection(pred.begin(), pred.end(), real.begin(), real.end(), std::back_inserter(both));
    std::set_difference(pred.begin(), pred.end(), real.begin(), real.end(), std::back_inserter(pred_only));
    std::set_difference(real.begin(), real.end(), pred.begin(), pred.end(), std::back_inserter(real_only));
    if (!pred_only.empty()) {
        warnings.push_back("The real cells have no " + what + " " + listed(pred_only) + ": left out");
    }
    if (!real_only.empty()) {
        warnings.push_back("The prediction has no " + what + " " + listed(real_only) + ": left out");
    }
    return both;
}

struct Side {
    const AnnData& data;
    Labels pert, type, time, unit;
};

Side side_of(const AnnData& data, const EvaluationRequest& request) {
    return {data, labels_of(data, request.pert_col), labels_of(data, request.celltype_col),
            labels_of(data, request.time_col), labels_of(data, request.replicate_col)};
}

/// Number of each label of one side among the names that both sides use; −1: not among them.
std::vector<std::int32_t> numbers(const std::vector<std::string>& labels,
                                  const std::vector<std::string>& names) {
    std::vector<std::int32_t> number;
    for (const std::string& label : labels) {
        const auto at = std::find(names.begin(), names.end(), label);
        number.push_back(at == names.end() ? -1 : static_cast<std::int32_t>(at - names.begin()));
    }
    return number;
}

struct Names {
    std::vector<std::string> perts; ///< the control last
    std::vector<std::string> types, times, units;
};

LabelledCells labelled(const Side& side, const Names& names, std::uint32_t first_row, bool units,
                       std::uint64_t& without_label) {
    const auto pert = numbers(side.pert.names, names.perts), type = numbers(side.type.names, names.types),
               time = numbers(side.time.names, names.times), unit = numbers(side.unit.names, names.units);
    const auto at = [](const std::vector<std::int32_t>& number, std::int32_t code) {
        return code < 0 ? -1 : number[static_cast<std::size_t>(code)];
    };
    LabelledCells cells;
    for (std::uint64_t i = 0; i < side.data.n_obs(); ++i) {
        const std::int32_t p = side.pert.code[i], t = side.type.code[i], d = side.time.code[i];
        without_label += p < 0 || t < 0 || d < 0;
        if (at(pert, p) < 0 || at(type, t) < 0 || at(time, d) < 0) {
            continue;
        }
        cells.row.push_back(first_row + static_cast<std::uint32_t>(i));
        cells.pert.push_back(at(pert, p));
        cells.type.push_back(at(type, t));
        cells.time.push_back(at(time, d));
        if (units) {
            cells.unit.push_back(at(unit, side.unit.code[i]));
        }
    }
    return cells;
}

void check_control(const Labels& labels, const AnnData& data, const EvaluationRequest& request) {
    const std::set<std::string> names = used(labels);
    if (names.contains(request.control_pert)) {
        return;
    }
    const auto nearest =
        nearest_names(request.control_pert, std::vector<std::string>(names.begin(), names.end()));
    throw Error("UnknownControl", "No cell has the control label '" + request.control_pert + "'",
                {data.path().string(), "obs/" + request.pert_col, {}},
                nearest.empty() ? "Give the control's label with --control-pert"
                                : "Give one of " + quoted_list(nearest) + " with --control-pert");
}

void check_range(const ValueLimits& range, const AnnData& data, const MatrixSource& source,
                 const EvaluationRequest& request, std::vector<std::string>& warnings) {
    if (range.nonfinite > 0) {
        warnings.push_back(std::to_string(range.nonfinite) + " values of " + data.path().filename().string() +
                           " are NaN or infinite; they count as 0");
    }
    if (request.allow_discrete) {
        return;
    }
    constexpr double largest_log = 15; // as cell-eval
    const std::string remedy =
        "Normalise each cell to the same total and take log(1 + x), or give --allow-discrete to compare the "
        "values as they are";
    if (range.max > 0 && !range.fractions) {
        throw Error("NotLogNormalised", "The values are whole numbers, so they look like counts",
                    {data.path().string(), to_string(source), {}}, remedy);
    }
    if (range.min < 0 || range.max >= largest_log) {
        throw Error("NotLogNormalised",
                    range.min < 0 ? "Some values are negative, so they are no log-normalised expression"
                                  : "Some values are 15 or larger, so they are no log-normalised expression",
                    {data.path().string(), to_string(source), {}}, remedy);
    }
}

/// cell-eval's `predict` compares with real control cells: they stand in for the prediction's own.
void use_real_controls(ComparedCells& cells) {
    LabelledCells kept;
    for (std::size_t i = 0; i < cells.pred.size(); ++i) {
        if (cells.pred.pert[i] != cells.control()) {
            kept.add(cells.pred, i);
        }
    }
    for (std::size_t i = 0; i < cells.real.size(); ++i) {
        if (cells.real.pert[i] == cells.control()) {
            kept.add(cells.real, i);
        }
    }
    cells.pred = std::move(kept);
}

void match_labels(ComparedCells& cells, const Side& pred, const Side& real, Names& names,
                  const EvaluationRequest& request) {
    std::set<std::string> pred_perts = used(pred.pert), real_perts = used(real.pert);
    pred_perts.erase(request.control_pert);
    real_perts.erase(request.control_pert);
    cells.perts = shared(pred_perts, real_perts, "perturbation", cells.warnings);
    if (cells.perts.empty()) {
        throw Error("NoPerturbations", "No perturbation is in both files",
                    {pred.data.path().string(), "obs/" + request.pert_col, {}},
                    "Check --pert-col and the labels of both files");
    }
    names.perts = cells.perts;
    names.perts.push_back(request.control_pert);
    cells.types = shared(used(pred.type), used(real.type), "cells of the type", cells.warnings);
    cells.times = shared(used(pred.time), used(real.time), "cells of the time point", cells.warnings);
    if (cells.types.empty() || cells.times.empty()) {
        throw Error("NoCommonLabels", "No cell type (or no time point) is in both files",
                    {pred.data.path().string(),
                     "obs/" + (cells.types.empty() ? request.celltype_col : request.time_col),
                     {}},
                    "Check the column and the labels of both files");
    }
    if (real.time.ordered && cells.timed) {
        std::vector<std::string> ordered;
        std::copy_if(real.time.names.begin(), real.time.names.end(), std::back_inserter(ordered),
                     [&](const std::string& name) {
                         return std::find(cells.times.begin(), cells.times.end(), name) != cells.times.end();
                     });
        cells.times = ordered;
    } else {
        std::sort(cells.times.begin(), cells.times.end(), natural_less);
    }
    names.types = cells.types;
    names.times = cells.times;
    std::set<std::string> units = used(pred.unit);
    units.merge(used(real.unit));
    names.units.assign(units.begin(), units.end());
}

void warn_of_small_groups(ComparedCells& cells) {
    std::vector<std::uint64_t> pred(cells.perts.size() + 1), real(cells.perts.size() + 1);
    for (const std::int32_t p : cells.pred.pert) {
        ++pred[static_cast<std::size_t>(p)];
    }
    for (const std::int32_t p : cells.real.pert) {
        ++real[static_cast<std::size_t>(p)];
    }
    for (std::size_t p = 0; p < pred.size(); ++p) {
        if (std::min(pred[p], real[p]) == 1) {
            cells.warnings.push_back((p < cells.perts.size() ? "'" + cells.perts[p] + "'" : "The control") +
                                     " has one cell only: its values rest on that cell");
        }
    }
}

} // namespace

void LabelledCells::add(const LabelledCells& from, std::size_t cell) {
    row.push_back(from.row[cell]);
    pert.push_back(from.pert[cell]);
    type.push_back(from.type[cell]);
    time.push_back(from.time[cell]);
    if (!from.unit.empty()) {
        unit.push_back(from.unit[cell]);
    }
}

bool natural_less(const std::string& a, const std::string& b) {
    const auto numbers_in = [](const std::string& text) {
        std::vector<double> numbers;
        bool inside = false;
        for (const char c : text) {
            const bool digit = c >= '0' && c <= '9';
            if (digit && !inside) {
                numbers.push_back(0);
            }
            if (digit) {
                numbers.back() = 10 * numbers.back() + (c - '0');
            }
            inside = digit;
        }
        return numbers;
    };
    const auto left = numbers_in(a), right = numbers_in(b);
    return left != right ? left < right : a < b;
}

ComparedCells compare_cells(const AnnData& pred, const AnnData& real, const EvaluationRequest& request,
                            JobContext& job) {
    if (request.pert_col.empty() || request.control_pert.empty()) {
        throw UsageError("The perturbation column and the control's label are needed",
                         "Give --pert-col and --control-pert");
    }
    ComparedCells cells;
    cells.typed = !request.celltype_col.empty();
    cells.timed = !request.time_col.empty();
    const std::vector<std::int32_t> to =
        match_columns(pred, request.pred_source, real, request.real_source, cells.genes, cells.notes);
    const Side pred_side = side_of(pred, request), real_side = side_of(real, request);
    check_control(real_side.pert, real, request);
    if (request.control == ControlCells::predicted) {
        check_control(pred_side.pert, pred, request);
    }
    Names names;
    match_labels(cells, pred_side, real_side, names, request);
    cells.pool = CellPool(cells.genes.size());
    std::vector<std::int32_t> same(cells.genes.size());
    for (std::size_t i = 0; i < same.size(); ++i) {
        same[i] = static_cast<std::int32_t>(i);
    }
    ValueLimits real_range, pred_range;
    const auto real_first = cells.pool.add(*real.matrix(request.real_source), same, real_range, job);
    check_range(real_range, real, request.real_source, request, cells.warnings);
    const auto pred_first = cells.pool.add(*pred.matrix(request.pred_source), to, pred_range, job);
    check_range(pred_range, pred, request.pred_source, request, cells.warnings);
    std::uint64_t without = 0;
    const bool units = !request.replicate_col.empty();
    cells.real = labelled(real_side, names, real_first, units, without);
    cells.pred = labelled(pred_side, names, pred_first, units, without);
    if (without > 0) {
        cells.warnings.push_back(std::to_string(without) + " cells have no label and were left out");
    }
    if (request.control == ControlCells::real) {
        use_real_controls(cells);
    }
    warn_of_small_groups(cells);
    return cells;
}

} // namespace ember

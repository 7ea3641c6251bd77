// The verdict on conditions in plain English.

#include <array>
#include <cmath>
#include <cstdio>

#include "core/analysis/condition_difference.hpp"

namespace ember {

namespace {

std::string short_number(double value) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.2g", value);
    return text.data();
}

std::string percent(double share) {
    return short_number(100 * share) + " %";
}

std::string with_separators(std::uint64_t count) {
    const std::string digits = std::to_string(count);
    std::string text;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i > 0 && (digits.size() - i) % 3 == 0) {
            text += ',';
        }
        text += digits[i];
    }
    return text;
}

/// "Ker", "Ker and Fib", "Ker, Fib and Neu", "Ker, Fib and 9 more".
std::string list_of(const std::vector<std::string>& names, std::size_t most) {
    std::string list;
    const std::size_t shown = names.size() > most ? most - 1 : names.size();
    for (std::size_t i = 0; i < shown; ++i) {
        list += i == 0 ? "" : i + 1 == names.size() ? " and " : ", ";
        list += names[i];
    }
    return shown == names.size() ? list : list + " and " + std::to_string(names.size() - shown) + " more";
}

std::string conditions_of(const ConditionDifferenceRequest& request,
                          const ConditionDifferenceResult& result) {
    if (result.labels.size() <= 3) {
        return list_of(result.labels, 3);
    }
    return "the " + std::to_string(result.labels.size()) + " labels of " + request.group_col;
}

/// "9 Sham and 9 Burn".
std::string replicates_of(const ConditionDifferenceResult& result) {
    std::vector<std::string> counts;
    for (std::size_t i = 0; i < result.labels.size(); ++i) {
        counts.push_back(std::to_string(result.replicates[i]) + " " + result.labels[i]);
    }
    return list_of(counts, 4);
}

std::string unit_of(const ConditionDifferenceRequest& request, const ConditionDifferenceResult& result) {
    if (result.replicates_shuffled) {
        return "Unit of replication: " + request.replicate_col + " (" + replicates_of(result) + ").";
    }
    const std::string within = request.within_col.empty() ? "" : " within " + request.within_col;
    const std::string caution = "cells were shuffled" + within + ", and cells are not replicates.";
    if (!result.replicates.empty()) {
        return "Too few replicates in " + request.replicate_col + " to shuffle (" + replicates_of(result) +
               "): " + caution;
    }
    return "No replicates are known: " + caution;
}

std::string within_types(const ConditionDifferenceResult& result) {
    std::vector<std::string> differ, same;
    for (const GroupDifference& group : result.groups) {
        if (group.verdict == DifferenceVerdict::differs) {
            differ.push_back(group.group);
        } else if (group.verdict == DifferenceVerdict::does_not_differ) {
            same.push_back(group.group);
        }
    }
    if (differ.size() + same.size() < 2) {
        return "";
    }
    if (result.verdict == DifferenceVerdict::does_not_differ) {
        return differ.empty() ? "" : " Of the groups of cells, only " + list_of(differ, 5) + " may differ.";
    }
    if (differ.empty()) {
        return " In no single group of cells for sure.";
    }
    if (same.empty()) {
        return " In all " + std::to_string(differ.size()) + " groups of cells.";
    }
    return " In " + list_of(differ, 5) + "; not in " + list_of(same, 5) + ".";
}

std::string details_of(const ConditionDifferenceRequest& request, const ConditionDifferenceResult& result) {
    std::string text;
    for (const GroupDifference& group : result.groups) {
        const char* verdict = group.verdict == DifferenceVerdict::differs           ? "differs"
                              : group.verdict == DifferenceVerdict::does_not_differ ? "does not differ"
                                                                                    : "too few cells";
        text += group.group + ": " + verdict + ", effect " + short_number(group.effect) + " (shuffled " +
                short_number(group.shuffled_mean) + "), adjusted p " + short_number(group.p_adjusted) + ", " +
                with_separators(group.cells) + " cells\n";
    }
    if (!result.left_out.empty()) {
        text += "Left out, too few cells: " + list_of(result.left_out, 12) + "\n";
    }
    text += "Energy distance" +
            (request.within_col.empty() ? std::string() : " within " + request.within_col) + " on " +
            with_separators(result.sampled) + " of " + with_separators(result.cells) + " cells (seed " +
            std::to_string(request.seed) + "), " +
            with_separators(static_cast<std::uint64_t>(result.permutations)) + " shuffles of " +
            (result.replicates_shuffled ? "whole replicates (" + request.replicate_col + ")"
                                        : std::string("cells")) +
            ".\n\"Differs\" means p up to " + short_number(request.alpha) + " and an effect at least " +
            short_number(request.smallest_effect) +
            " above that of shuffled labels.\nMean value per cell: " + percent(result.eta_squared) +
            " of its variance lies between conditions, largest standardised difference " +
            short_number(result.largest_d) + ".";
    if (result.without_label > 0) {
        text += "\n" + with_separators(result.without_label) + " cells lack a label and were left out.";
    }
    if (result.nonfinite_rows > 0) {
        text += "\n" + with_separators(result.nonfinite_rows) +
                " sampled cells have values that are not finite and were left out.";
    }
    return text;
}

/// Not chance, but less than what the draw of control cells alone may bring about.
bool is_too_small(const ConditionDifferenceRequest& request, const ConditionDifferenceResult& result) {
    return result.verdict == DifferenceVerdict::does_not_differ && result.p <= request.alpha;
}

std::string sentence_of(const ConditionDifferenceRequest& request, const ConditionDifferenceResult& result) {
    std::string text = "Effect " + short_number(result.effect) + " of at most 1, against " +
                       short_number(result.shuffled_mean) +
                       " with shuffled labels; p = " + short_number(result.p) + ". ";
    if (is_too_small(request, result)) {
        text += "The effect is too small to count. ";
    }
    return text + unit_of(request, result) + within_types(result);
}

} // namespace

DifferenceText describe(const ConditionDifferenceRequest& request, const ConditionDifferenceResult& result,
                        const std::string& subject) {
    const std::string between = " between " + conditions_of(request, result);
    switch (result.verdict) {
    case DifferenceVerdict::differs:
        return {subject + " differ" + between, sentence_of(request, result), "", details_of(request, result)};
    case DifferenceVerdict::does_not_differ:
        return {subject + (is_too_small(request, result) ? " hardly differ" : " do not differ") + between,
                sentence_of(request, result),
                subject == predictions_subject
                    ? "Do not interpret differences between them: this is a negative control."
                    : "",
                details_of(request, result)};
    case DifferenceVerdict::too_few_cells:
        return {"Too few cells to compare conditions",
                "A comparison needs at least 5 cells of two labels of " + request.group_col +
                    (request.within_col.empty() ? "" : " in the same " + request.within_col) + ".",
                "Predict more cells, or compare by another column.", ""};
    case DifferenceVerdict::one_group:
        return {"There is one condition only",
                "Column " + request.group_col + " holds a single label, so there is nothing to compare.",
                "Choose another column.", ""};
    case DifferenceVerdict::not_tested:
        break;
    }
    return {"Conditions were not compared", "It is not known which column holds the conditions.",
            "Choose the perturbation column in the Dataset view.", ""};
}

std::string describe_briefly(const ConditionDifferenceRequest& request,
                             const ConditionDifferenceResult& result) {
    const std::string by = "By " + request.group_col + ": ";
    switch (result.verdict) {
    case DifferenceVerdict::differs:
    case DifferenceVerdict::does_not_differ:
        return by + (result.verdict == DifferenceVerdict::differs ? "a difference" : "no difference") +
               " (effect " + short_number(result.effect) + ", shuffled " +
               short_number(result.shuffled_mean) + ", p = " + short_number(result.p) + ").";
    case DifferenceVerdict::too_few_cells:
        return by + "too few cells.";
    case DifferenceVerdict::one_group:
        return by + "a single label.";
    case DifferenceVerdict::not_tested:
        break;
    }
    return by + "not tested.";
}

} // namespace ember

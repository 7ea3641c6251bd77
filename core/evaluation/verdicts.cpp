#include "core/evaluation/verdicts.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/evaluation/compare.hpp"
#include "core/evaluation/pathway_verdicts.hpp"
#include "core/evaluation/verdict_rules.hpp"
#include "core/evaluation/verdict_words.hpp"

namespace ember {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t most_spelled = 3; ///< perturbations that get sentences of their own

std::string shuffles_of(const CompareRequest& request, const CompareResult& result) {
    return count_in_words(static_cast<std::uint64_t>(request.change.shuffles)) +
           " shuffles of the labels of " + result.unit +
           " (p from the slope of predicted on observed change); " +
           std::to_string(request.change.bootstrap) + " resamples of " + result.unit + " for the interval";
}

VerdictTest test_of(const CompareRequest& request, const CompareResult& result, std::string statistic,
                    const Estimate& estimate, double p, std::string method) {
    VerdictTest test;
    test.statistic = std::move(statistic);
    test.value = estimate.value;
    test.low = estimate.low;
    test.high = estimate.high;
    test.p = p;
    test.n = result.units;
    test.unit = result.unit;
    test.method = method.empty() ? shuffles_of(request, result) : std::move(method);
    return test;
}

std::vector<std::string> names_of(const PerturbationChange& change, const std::vector<std::size_t>& types) {
    std::vector<std::string> names;
    for (const std::size_t type : types) {
        names.push_back(change.types[type].type.empty() ? "all cells" : change.types[type].type);
    }
    return names;
}

std::string types_in_words(std::size_t count) {
    return std::to_string(count) + (count == 1 ? " cell type" : " cell types");
}

/// "Mus and Sch (the observed change is not …); Mel (12 cells in Burn)": types with the same reason together.
std::string too_weak(const PerturbationChange& change) {
    std::vector<std::pair<std::string, std::vector<std::string>>> reasons;
    for (const TypeChange& type : change.types) {
        if (type.judged) {
            continue;
        }
        auto at = std::find_if(reasons.begin(), reasons.end(),
                               [&](const auto& reason) { return reason.first == type.why_not; });
        if (at == reasons.end()) {
            at = reasons.insert(reasons.end(), {type.why_not, {}});
        }
        at->second.push_back(type.type.empty() ? "all cells" : type.type);
    }
    std::string text;
    for (const auto& [reason, types] : reasons) {
        text += (text.empty() ? "" : "; ") + list_in_words(types, 12) + " (" + reason + ")";
    }
    return text;
}

/// What the data themselves show.
void judge_data(const CompareRequest& request, const CompareResult& result, std::vector<Verdict>& verdicts) {
    for (const PerturbationChange& change : result.changes) {
        if (result.changes.size() > most_spelled) {
            return;
        }
        const std::string weak = too_weak(change);
        double sum = 0;
        for (const TypeChange& type : change.types) {
            sum += type.judged ? type.reliability : 0;
        }
        Verdict verdict;
        verdict.kind = "real_effect";
        verdict.severity = change.judged == 0 ? Severity::caution : Severity::note;
        const std::string all = change.types.size() == 1 ? std::string("the cells")
                                                         : std::to_string(change.judged) + " of " +
                                                               types_in_words(change.types.size());
        verdict.title = change.judged == 0 ? "The observed change of " + change.perturbation +
                                                 " is too weak to judge a prediction by"
                                           : change.perturbation + " changes expression in " + all +
                                                 " well enough to judge a prediction by";
        verdict.sentence = weak.empty() ? "The observed change is the same in both halves of the " +
                                              result.unit + " everywhere."
                                        : "Too weak to judge: " + weak + ".";
        const double mean = change.judged > 0 ? sum / static_cast<double>(change.judged) : nan;
        verdict.test = test_of(
            request, result, "Reliability of the observed change, mean of the judged types", {mean, nan, nan},
            nan,
            "Correlation of the changes in two halves of the " + result.unit + " (mean of " +
                std::to_string(request.change.halves) + " random splits), stepped up by Spearman and Brown");
        verdicts.push_back(verdict);
    }
}

void judge_unknown(const ModelResult& model, std::vector<Verdict>& verdicts) {
    if (model.origin.unknown.empty()) {
        return;
    }
    std::vector<std::string> labels;
    std::uint64_t cells = 0;
    for (const UnknownPerturbation& unknown : model.origin.unknown) {
        labels.push_back(unknown.label);
        cells += unknown.cells;
    }
    Verdict verdict;
    verdict.kind = "unknown_perturbation";
    verdict.severity = Severity::bad;
    verdict.model = model.name;
    verdict.title = model.name + " does not know " + list_in_words(labels);
    verdict.sentence = count_in_words(cells) +
                       " cells were predicted with the control's encoding in its place: nothing that the "
                       "model learned about the perturbation is in them.";
    verdict.test.method = "The prediction's own record; a fact, not a test";
    verdict.test.n = cells;
    verdict.test.unit = "cells";
    verdicts.push_back(verdict);
}

void judge_difference(const ModelResult& model, std::vector<Verdict>& verdicts) {
    const ConditionDifferenceResult& found = model.difference;
    if (found.verdict != DifferenceVerdict::differs && found.verdict != DifferenceVerdict::does_not_differ) {
        return;
    }
    const bool differs = found.verdict == DifferenceVerdict::differs;
    const DifferenceText text = describe(model.difference_request, found, "predictions");
    Verdict verdict;
    verdict.kind = "conditions_differ";
    verdict.severity = differs ? Severity::good : Severity::bad;
    verdict.model = model.name;
    verdict.title = model.name + ": " + text.title;
    verdict.sentence = text.sentence;
    verdict.test.statistic = "Relative energy distance between conditions";
    verdict.test.value = found.effect;
    verdict.test.p = found.p;
    verdict.test.unit =
        found.replicates_shuffled ? replicates_in_words(model.difference_request.replicate_col) : "cells";
    for (const std::uint64_t count : found.replicates) {
        verdict.test.n += found.replicates_shuffled ? count : 0;
    }
    verdict.test.n = found.replicates_shuffled ? verdict.test.n : found.sampled;
    verdict.test.method = count_in_words(static_cast<std::uint64_t>(found.permutations)) +
                          " shuffles of labels within cell type; shuffled labels give " +
                          in_words(found.shuffled_mean);
    verdicts.push_back(verdict);
}

/// "Ker 0.97, Fib 0.97 and Neu 0.52", best first.
std::string types_with_r(const PerturbationChange& change, std::size_t model,
                         std::vector<std::size_t> types) {
    const auto r = [&](std::size_t type) { return change.types[type].models[model].pearson.value; };
    std::stable_sort(types.begin(), types.end(), [&](std::size_t a, std::size_t b) { return r(a) > r(b); });
    std::vector<std::string> names = names_of(change, types);
    for (std::size_t i = 0; i < types.size(); ++i) {
        names[i] += " " + in_words(r(types[i]));
    }
    return list_in_words(names, 8);
}

void judge_change(const CompareRequest& request, const CompareResult& result,
                  const PerturbationChange& change, std::size_t model, const VerdictRules& rules,
                  std::vector<Verdict>& verdicts) {
    const Assessment found = assess(change, model, rules);
    const std::string& name = result.models[model].name;
    const ModelAgreement& overall = change.overall[model];
    if (found.overall == Predicts::not_judged) {
        return;
    }
    Verdict verdict;
    verdict.kind = "predicts_change";
    verdict.model = name;
    const std::string numbers = "Pearson of the change " + in_words(overall.pearson) + ", mean over " +
                                types_in_words(change.judged) + " and " + count_in_words(result.units) + " " +
                                result.unit;
    const std::string chance =
        "shuffled labels give " + in_words(overall.shuffled_mean) + " (" + p_in_words(overall.p) + ")";
    if (found.overall == Predicts::no) {
        verdict.severity = Severity::bad;
        verdict.title = name + " does not predict the change of " + change.perturbation;
        verdict.sentence =
            numbers + (overall.p <= rules.alpha ? "; " : ", no better than chance: ") + chance + ".";
    } else {
        verdict.severity =
            found.overall == Predicts::yes && found.blind.empty() ? Severity::good : Severity::note;
        verdict.title =
            name +
            (found.blind.empty() ? (found.overall == Predicts::yes ? " predicts " : " partly predicts ")
                                 : " predicts ") +
            "the change of " + change.perturbation +
            (found.blind.empty()
                 ? ""
                 : " in most cell types, but not in " + list_in_words(names_of(change, found.blind)));
        verdict.sentence = numbers + "; " + chance + ".";
        if (!found.sound.empty() && change.types.size() > 1) {
            verdict.sentence += " By cell type: " + types_with_r(change, model, found.sound) + ".";
        }
        if (!found.weaker.empty()) {
            verdict.sentence += " Weak in " + types_with_r(change, model, found.weaker) + ".";
        }
    }
    verdict.test = test_of(request, result, "Pearson of the change", overall.pearson, overall.p, {});
    verdicts.push_back(verdict);
    for (const std::size_t type : found.blind) {
        const TypeChange& here = change.types[type];
        const double others = median_of_others(change, model, type);
        Verdict blind;
        blind.kind = "blind_spot";
        blind.severity = Severity::bad;
        blind.model = name;
        blind.title = name + " is blind to " + change.perturbation + " in " + here.type;
        blind.sentence =
            "Pearson of the change " + in_words(here.models[model].pearson) +
            ", while the other cell types' median is " + in_words(others) + ". The observed change in " +
            here.type + " is real (reliability " + in_words(here.reliability) + " between halves of the " +
            result.unit + ", " + count_in_words(here.cells) + " and " + count_in_words(here.control_cells) +
            " cells): ask whether the model has seen such cells under " + change.perturbation + ".";
        blind.test = test_of(request, result, "Pearson of the change in " + here.type,
                             here.models[model].pearson, here.models[model].p, {});
        blind.test.n = static_cast<std::uint64_t>(here.units + here.control_units);
        verdicts.push_back(blind);
    }
}

/// Against the baselines that know no model: the other cell types' change, the other perturbations' change.
void judge_average(const CompareRequest& request, const CompareResult& result,
                   const PerturbationChange& change, std::size_t model, const VerdictRules& rules,
                   std::vector<Verdict>& verdicts) {
    const Assessment found = assess(change, model, rules);
    if (!found.average_only && !found.beyond_average) {
        return;
    }
    const bool by_perturbation =
        change.perturbation_mean.value > change.others.value || !std::isfinite(change.others.value);
    const Estimate& baseline = by_perturbation ? change.perturbation_mean : change.others;
    const std::string what = by_perturbation ? "the mean change of the other perturbations"
                                             : "the mean observed change of the other cell types";
    const Estimate& over = change.overall[model].over_baseline;
    const std::string& name = result.models[model].name;
    Verdict verdict;
    verdict.kind = "beyond_average";
    verdict.severity = found.average_only ? Severity::caution : Severity::good;
    verdict.model = name;
    verdict.title = found.average_only ? name + " shows nothing beyond an average change"
                                       : name + " knows more than an average change";
    verdict.sentence = "Taking " + what + " as the prediction gives " + in_words(baseline) +
                       "; the model is " + (over.value < 0 ? "worse" : "better") + " by " +
                       in_words(Estimate{std::abs(over.value), nan, nan}) + " (95 % " + in_words(over.low) +
                       " to " + in_words(over.high) + ").";
    verdict.test =
        test_of(request, result, "Pearson of the change, model less baseline", over, nan,
                "Paired over " + std::to_string(request.change.bootstrap) + " resamples of " + result.unit);
    verdicts.push_back(verdict);
}

void judge_size(const CompareRequest& request, const CompareResult& result, const PerturbationChange& change,
                std::size_t model, const VerdictRules& rules, std::vector<Verdict>& verdicts) {
    const double slope = change.overall[model].slope;
    const Assessment found = assess(change, model, rules);
    if (found.overall == Predicts::no || found.overall == Predicts::not_judged || !std::isfinite(slope) ||
        (slope >= rules.small && slope <= 1 / rules.small)) {
        return;
    }
    const std::string& name = result.models[model].name;
    Verdict verdict;
    verdict.kind = "size_of_change";
    verdict.severity = Severity::caution;
    verdict.model = name;
    verdict.title = name + " predicts changes of " + change.perturbation +
                    (slope < rules.small ? " that are too small" : " that are too large");
    verdict.sentence = "They are " + in_words(slope) +
                       " times the observed ones (slope through the origin, mean over cell types).";
    verdict.test = test_of(request, result, "Slope of predicted on observed change", {slope, nan, nan}, nan,
                           "Least squares over genes");
    verdicts.push_back(verdict);
}

/// Where there are many perturbations: how many of them a model predicts.
void judge_many(const CompareRequest& request, const CompareResult& result, std::size_t model,
                const VerdictRules& rules, std::vector<Verdict>& verdicts) {
    std::vector<std::string> failed;
    std::vector<double> values;
    std::size_t judged = 0, average = 0;
    for (const PerturbationChange& change : result.changes) {
        const Assessment found = assess(change, model, rules);
        if (found.overall == Predicts::not_judged) {
            continue;
        }
        ++judged;
        average += found.average_only ? 1 : 0;
        values.push_back(change.overall[model].pearson.value);
        if (found.overall == Predicts::no) {
            failed.push_back(change.perturbation);
        }
    }
    if (judged == 0) {
        return;
    }
    std::sort(values.begin(), values.end());
    const std::string& name = result.models[model].name;
    Verdict verdict;
    verdict.kind = "predicts_change";
    verdict.model = name;
    verdict.severity = failed.empty()               ? Severity::good
                       : 2 * failed.size() > judged ? Severity::bad
                                                    : Severity::caution;
    verdict.title = name + " predicts the change of " + std::to_string(judged - failed.size()) + " of " +
                    std::to_string(judged) + " perturbations";
    verdict.sentence = "Median Pearson of the change " + in_words(values[values.size() / 2]) + ".";
    if (!failed.empty()) {
        verdict.sentence += " Not predicted: " + list_in_words(failed, 8) + ".";
    }
    if (average > 0) {
        verdict.sentence += " For " + std::to_string(average) +
                            " it shows nothing beyond the mean change of other perturbations or cell types.";
    }
    verdict.test = test_of(request, result, "Median Pearson of the change",
                           {values[values.size() / 2], nan, nan}, nan, {});
    verdicts.push_back(verdict);
}

void judge_against_each_other(const CompareRequest& request, const CompareResult& result,
                              const PerturbationChange& change, std::vector<Verdict>& verdicts) {
    const std::size_t models = result.models.size();
    if (models < 2 || change.judged == 0) {
        return;
    }
    std::size_t best = 0;
    for (std::size_t model = 1; model < models; ++model) {
        if (change.overall[model].pearson.value > change.overall[best].pearson.value) {
            best = model;
        }
    }
    for (std::size_t other = 0; other < models; ++other) {
        const Estimate& by = change.differences[best * models + other];
        if (other == best || !std::isfinite(by.value)) {
            continue;
        }
        const bool sure = by.low > 0;
        Verdict verdict;
        verdict.kind = "best_model";
        verdict.severity = Severity::note;
        verdict.title = sure ? result.models[best].name + " predicts the change of " + change.perturbation +
                                   " better than " + result.models[other].name
                             : result.models[best].name + " and " + result.models[other].name +
                                   " predict the change of " + change.perturbation +
                                   " equally well, as far as can be told";
        verdict.sentence = "Difference in Pearson of the change " + in_words(by) + ".";
        verdict.test = test_of(request, result, "Difference in Pearson of the change", by, nan,
                               "Paired over " + std::to_string(request.change.bootstrap) + " resamples of " +
                                   result.unit);
        verdicts.push_back(verdict);
    }
}

} // namespace

std::vector<Verdict> verdicts_on(const CompareRequest& request, const CompareResult& result,
                                 const VerdictRules& rules) {
    std::vector<Verdict> verdicts;
    judge_data(request, result, verdicts);
    const bool spelled = result.changes.size() <= most_spelled;
    for (std::size_t model = 0; model < result.models.size(); ++model) {
        judge_unknown(result.models[model], verdicts);
        judge_difference(result.models[model], verdicts);
        if (!spelled) {
            judge_many(request, result, model, rules, verdicts);
            continue;
        }
        for (const PerturbationChange& change : result.changes) {
            judge_change(request, result, change, model, rules, verdicts);
            judge_average(request, result, change, model, rules, verdicts);
            judge_size(request, result, change, model, rules, verdicts);
        }
    }
    for (const PerturbationChange& change : result.changes) {
        if (spelled) {
            judge_against_each_other(request, result, change, verdicts);
        }
    }
    judge_pathways(request, result, verdicts);
    return verdicts;
}

} // namespace ember

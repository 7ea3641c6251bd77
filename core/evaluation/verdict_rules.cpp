#include "core/evaluation/verdict_rules.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ember {

namespace {

/// Whole interval above zero and more than chance.
bool is_more_than_chance(const ModelAgreement& agreement, const VerdictRules& rules) {
    return agreement.p <= rules.alpha && !(agreement.pearson.low <= 0);
}

Predicts overall_of(const PerturbationChange& change, std::size_t model, const VerdictRules& rules) {
    const ModelAgreement& overall = change.overall[model];
    if (change.judged == 0 || !std::isfinite(overall.pearson.value)) {
        return Predicts::not_judged;
    }
    if (overall.pearson.value < rules.predicts || !is_more_than_chance(overall, rules)) {
        return Predicts::no;
    }
    return overall.pearson.value < rules.well ? Predicts::partly : Predicts::yes;
}

/// The observed change there is real (the type is judged), the model does predict most other types, and here
/// it is worse than those by more than the margin, and no better than the baseline.
bool is_blind(const PerturbationChange& change, std::size_t model, std::size_t type,
              const VerdictRules& rules) {
    const ModelAgreement& here = change.types[type].models[model];
    const double others = median_of_others(change, model, type);
    if (!(others >= rules.sound)) {
        return false;
    }
    const double high = std::isfinite(here.pearson.high) ? here.pearson.high : here.pearson.value;
    const bool below = !(high >= others - rules.blind_margin);
    const bool better = here.over_baseline.low > 0;
    return below && !better;
}

} // namespace

double median_of_others(const PerturbationChange& change, std::size_t model, std::size_t left_out) {
    std::vector<double> values;
    for (std::size_t type = 0; type < change.types.size(); ++type) {
        const double r = change.types[type].models[model].pearson.value;
        if (type != left_out && change.types[type].judged && std::isfinite(r)) {
            values.push_back(r);
        }
    }
    if (values.empty()) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    std::sort(values.begin(), values.end());
    const std::size_t half = values.size() / 2;
    return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

Assessment assess(const PerturbationChange& change, std::size_t model, const VerdictRules& rules) {
    Assessment found;
    found.overall = overall_of(change, model, rules);
    found.median = median_of_others(change, model, change.types.size());
    for (std::size_t type = 0; type < change.types.size(); ++type) {
        if (!change.types[type].judged) {
            found.unjudged.push_back(type);
        } else if (is_blind(change, model, type, rules)) {
            found.blind.push_back(type);
        } else if (change.types[type].models[model].pearson.value >= rules.predicts) {
            found.sound.push_back(type);
        } else {
            found.weaker.push_back(type);
        }
    }
    const bool predicts = found.overall == Predicts::partly || found.overall == Predicts::yes;
    const Estimate& over = change.overall[model].over_baseline;
    found.beyond_average = predicts && over.low > 0;
    found.average_only = predicts && std::isfinite(over.value) && !(over.low > 0);
    return found;
}

} // namespace ember

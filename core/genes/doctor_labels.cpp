// Perturbations, cell types and batches of the data that a model knows or does not.

#include <algorithm>
#include <cctype>
#include <charconv>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "core/base/nearest_names.hpp"
#include "core/genes/counted_text.hpp"
#include "core/genes/doctor_parts.hpp"

namespace ember {

namespace {

/// More unknown perturbations than this are told together.
constexpr std::size_t most_named = 20;

bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::string quoted(const std::string& name) {
    return "'" + name + "'";
}

std::string cells_text(std::uint64_t cells) {
    return counted(cells, "cell", "cells");
}

/// The model's perturbations by what is left of their names without a dose.
using Doses = std::unordered_map<std::string, std::vector<std::string>>;

Doses doses_of(const std::vector<std::string>& known) {
    Doses doses;
    for (const std::string& name : known) {
        if (std::string drug = without_dose(name); !drug.empty()) {
            doses[std::move(drug)].push_back(name);
        }
    }
    return doses;
}

/// Why the model does not know a label; names alike are looked for while `search`.
void explain_unknown(PerturbationFit& fit, const ModelKnowledge& model, const Doses& doses, bool search) {
    constexpr std::size_t most = 5;
    const std::string drug = without_dose(fit.label);
    if (const auto found = doses.find(drug); !drug.empty() && found != doses.end()) {
        fit.acquaintance = Acquaintance::other_dose;
        fit.nearest.assign(found->second.begin(),
                           found->second.begin() +
                               static_cast<std::ptrdiff_t>(std::min(most, found->second.size())));
    } else if (const auto* meant = spelled_otherwise(fit.label, model.perturbations)) {
        fit.acquaintance = Acquaintance::other_spelling;
        fit.nearest = {*meant};
    } else if (search) {
        fit.nearest = nearest_names(fit.label, model.perturbations);
    }
}

std::vector<PerturbationFit> fits_of(const ModelKnowledge& model, const FitData& data) {
    const std::unordered_set<std::string_view> known(model.perturbations.begin(), model.perturbations.end());
    std::vector<PerturbationFit> fits;
    for (const FitLabel& label : data.perturbations) {
        fits.push_back({label.label,
                        label.cells,
                        label.label == data.control   ? Acquaintance::control
                        : known.contains(label.label) ? Acquaintance::known
                                                      : Acquaintance::unknown,
                        {}});
    }
    std::stable_sort(fits.begin(), fits.end(),
                     [](const PerturbationFit& a, const PerturbationFit& b) { return a.cells > b.cells; });
    const Doses doses = doses_of(model.perturbations);
    std::size_t searched = 0;
    for (PerturbationFit& fit : fits) {
        if (fit.acquaintance == Acquaintance::unknown) {
            explain_unknown(fit, model, doses, searched++ < most_named);
        }
    }
    return fits;
}

/// "It knows for example 'A', 'B', 'C'."
std::string known_examples(const ModelKnowledge& model) {
    std::vector<std::string> names;
    for (const std::string& name : model.perturbations) {
        if (name != model.control && names.size() < 3) {
            names.push_back(name);
        }
    }
    return names.empty() ? std::string() : " It knows for example " + quoted_list(names) + ".";
}

FitFinding finding_of(const PerturbationFit& fit, const ModelKnowledge& model, const FitData& data) {
    FitFinding made{FitSeverity::serious, "perturbations", {}, {}, {}, fit.cells, fit.nearest};
    const std::string column = "obs/" + data.pert_col;
    const std::string loss = "They would be predicted as control cells, so " + quoted(fit.label) +
                             " would seem to have no effect.";
    switch (fit.acquaintance) {
    case Acquaintance::other_spelling:
        made.title = quoted(fit.label) + " is spelled otherwise in the model: " + quoted(fit.nearest[0]);
        made.explanation = "Names must agree to the letter. " + loss;
        made.remedy = "If they mean the same, write " + quoted(fit.nearest[0]) + " in " + column;
        break;
    case Acquaintance::other_dose:
        made.title = quoted(fit.label) + " is known at other doses only";
        made.explanation = "The model was trained with " + quoted_list(fit.nearest) +
                           "; each dose is a perturbation of its own and nothing lies between them. " + loss;
        made.remedy = "Predict with a dose that the model knows, or fine-tune it with this one";
        break;
    default:
        made.title = quoted(fit.label) + " was never seen in training";
        made.explanation = "It is not among the model's " +
                           counted(model.perturbations.size(), "perturbation", "perturbations") +
                           ": its one-hot map has no column for it. " + loss +
                           (fit.nearest.empty() ? known_examples(model) : std::string());
        made.remedy = "Choose a model that was trained with it, or fine-tune this one";
    }
    return made;
}

void tell_unknown(const std::vector<PerturbationFit>& fits, const ModelKnowledge& model, const FitData& data,
                  std::vector<FitFinding>& findings) {
    std::size_t named = 0;
    std::uint64_t others = 0, cells = 0;
    for (const PerturbationFit& fit : fits) {
        if (fit.acquaintance == Acquaintance::control || fit.acquaintance == Acquaintance::known) {
            continue;
        }
        if (fit.label == "nan") {
            findings.push_back({FitSeverity::warning,
                                "perturbations",
                                "Some cells have no perturbation label",
                                "Predict takes the missing label as a perturbation of its own, which the "
                                "model does not know: they would be predicted as control cells.",
                                "Fill the labels in obs/" + data.pert_col + ", or leave these cells out",
                                fit.cells,
                                {}});
        } else if (named++ < most_named) {
            findings.push_back(finding_of(fit, model, data));
        } else {
            ++others;
            cells += fit.cells;
        }
    }
    if (others != 0) {
        findings.push_back({FitSeverity::serious,
                            "perturbations",
                            counted(others, "more perturbation is", "more perturbations are") + " unknown",
                            "They would be predicted as control cells.",
                            "The table of perturbations has them all (--json)",
                            cells,
                            {}});
    }
}

void tell_control(const ModelKnowledge& model, const FitData& data, std::vector<FitFinding>& findings) {
    if (data.control.empty()) {
        findings.push_back({FitSeverity::serious,
                            "perturbations",
                            "No control cells were found",
                            data.control_reason + ". Predictions start from control cells, and Predict "
                                                  "refuses data without them.",
                            "Name the control's label, or choose another perturbation column",
                            0,
                            {}});
        return;
    }
    if (contains(model.perturbations, data.control)) {
        return;
    }
    std::uint64_t cells = 0;
    for (const FitLabel& label : data.perturbations) {
        cells += label.label == data.control ? label.cells : 0;
    }
    FitFinding made{FitSeverity::serious, "perturbations", {}, {}, {}, cells, {}};
    if (const auto* meant = spelled_otherwise(data.control, model.perturbations)) {
        made.title =
            "The control " + quoted(data.control) + " is spelled otherwise in the model: " + quoted(*meant);
        made.explanation =
            "Predict refuses it, because a misspelled control would count as an unknown perturbation.";
        made.remedy = "Write " + quoted(*meant) + " in obs/" + data.pert_col;
        made.nearest = {*meant};
    } else if (contains(model.perturbations, model.control)) {
        made.severity = FitSeverity::warning;
        made.title = "The control " + quoted(data.control) + " is not the model's";
        made.explanation =
            "Cells with this label are the starting point of predictions and are encoded as the "
            "model's own control, " +
            quoted(model.control) + ", which may be another treatment.";
        made.remedy = "Make sure that both mean untreated cells";
        made.nearest = {model.control};
    } else {
        made.title = "The model does not know the control " + quoted(data.control);
        made.explanation = "It names no control of its own either, so Predict refuses this data.";
        made.remedy = "Choose one of the model's labels as the control";
        made.nearest = nearest_names(data.control, model.perturbations);
    }
    findings.push_back(std::move(made));
}

/// Cells of combinations that were kept out of training although both labels are known.
void tell_held_out(const ModelKnowledge& model, const FitData& data, std::vector<FitFinding>& findings) {
    for (const HeldOut& part : model.held_out) {
        for (const FitCrossing& cells : data.crossed) {
            const bool held =
                cells.cell_type == part.cell_type && cells.perturbation != data.control &&
                contains(model.perturbations, cells.perturbation) &&
                (part.perturbations.empty() || contains(part.perturbations, cells.perturbation));
            if (!held) {
                continue;
            }
            const std::string use = part.split == "val" ? "validation" : "testing";
            findings.push_back(
                {FitSeverity::warning,
                 "perturbations",
                 quoted(cells.perturbation) + " in " + quoted(cells.cell_type) + " was held out of training",
                 model.held_out_file + " keeps it for " + use +
                     ": the model knows both names, but has never seen them together" +
                     (part.dataset.empty() ? "" : " in the data set " + quoted(part.dataset)) + ".",
                 "Look at its metrics for this cell type (Compare, or emberview-cli evaluate) before you "
                 "believe it",
                 cells.cells,
                 {}});
        }
    }
}

/// Labels of the data that are not among `known`, largest groups first.
std::vector<FitLabel> strangers(const std::vector<FitLabel>& labels, const std::vector<std::string>& known) {
    std::vector<FitLabel> found;
    for (const FitLabel& label : labels) {
        if (!contains(known, label.label)) {
            found.push_back(label);
        }
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const FitLabel& a, const FitLabel& b) { return a.cells > b.cells; });
    return found;
}

std::string some_labels(const std::vector<FitLabel>& labels) {
    constexpr std::size_t most = 5;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < std::min(most, labels.size()); ++i) {
        names.push_back(labels[i].label);
    }
    return quoted_list(names) + (labels.size() > most ? " …" : "");
}

std::uint64_t total(const std::vector<FitLabel>& labels) {
    std::uint64_t cells = 0;
    for (const FitLabel& label : labels) {
        cells += label.cells;
    }
    return cells;
}

} // namespace

std::string without_dose(const std::string& label) {
    const auto is_letter = [](char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; };
    const auto is_digit = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; };
    std::string kept;
    bool number = false;
    const char* const end = label.data() + label.size();
    for (const char* at = label.data(); at != end;) {
        const bool alone = at == label.data() || (!is_letter(at[-1]) && !is_digit(at[-1]));
        double ignored = 0;
        if (alone && is_digit(*at)) {
            number = true;
            at = std::from_chars(at, end, ignored).ptr;
            continue;
        }
        if (is_letter(*at) || is_digit(*at)) {
            kept += static_cast<char>(std::tolower(static_cast<unsigned char>(*at)));
        }
        ++at;
    }
    return number ? kept : std::string();
}

std::vector<PerturbationFit> diagnose_perturbations(const ModelKnowledge& model, const FitData& data,
                                                    std::vector<FitFinding>& findings) {
    if (data.pert_col.empty()) {
        findings.push_back({FitSeverity::serious,
                            "perturbations",
                            "No perturbation column was found",
                            data.pert_reason + ".",
                            "Name the column of obs that says what was done to a cell",
                            data.cells,
                            {}});
        return {};
    }
    tell_control(model, data, findings);
    std::vector<PerturbationFit> fits = fits_of(model, data);
    tell_unknown(fits, model, data, findings);
    tell_held_out(model, data, findings);
    return fits;
}

void diagnose_cell_types(const ModelKnowledge& model, const FitData& data,
                         std::vector<FitFinding>& findings) {
    const std::vector<FitLabel> foreign = strangers(data.cell_types, model.cell_types);
    if (model.cell_types.empty() || foreign.empty()) {
        return;
    }
    const bool all = foreign.size() == data.cell_types.size();
    findings.push_back(
        {all ? FitSeverity::warning : FitSeverity::note,
         "cell types",
         all ? "None of the cell types was in training"
             : counted(foreign.size(), "cell type was", "cell types were") + " not in training",
         some_labels(foreign) + ": the model reads cells, not these names, so it predicts them, but from "
                                "what it learned in other cells.",
         all ? "Check that both name cell types alike; otherwise measure the predictions before you use them"
             : "Measure the predictions for these cell types before you use them",
         total(foreign),
         {}});
}

void diagnose_batches(const ModelKnowledge& model, const FitData& data, std::vector<FitFinding>& findings) {
    if (!model.uses_batches) {
        return;
    }
    if (data.batch_col.empty()) {
        findings.push_back({FitSeverity::warning,
                            "batches",
                            "No batch column was found",
                            "The model has a batch encoder; without a column its batch term is left out.",
                            "Name the column of obs that holds the batch",
                            data.cells,
                            {}});
        return;
    }
    const std::vector<FitLabel> foreign = strangers(data.batches, model.batches);
    if (!foreign.empty()) {
        findings.push_back(
            {FitSeverity::warning,
             "batches",
             counted(foreign.size(), "batch is", "batches are") + " unknown to the model",
             some_labels(foreign) + ": the model's first batch would be used for " +
                 cells_text(total(foreign)) + ".",
             "Differences between batches then stay in the predictions: compare within a batch",
             total(foreign),
             {}});
    }
}

} // namespace ember

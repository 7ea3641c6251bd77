#include "core/genes/doctor.hpp"

#include <algorithm>
#include <cctype>

#include "core/genes/counted_text.hpp"
#include "core/genes/doctor_parts.hpp"

namespace ember {

namespace {

bool is_unknown(const PerturbationFit& fit) {
    return fit.acquaintance != Acquaintance::control && fit.acquaintance != Acquaintance::known;
}

/// One sentence: what matters most.
std::string verdict_of(const FitReport& report) {
    std::uint64_t unknown = 0, perturbations = 0, cells = 0;
    for (const PerturbationFit& fit : report.perturbations) {
        perturbations += fit.acquaintance != Acquaintance::control;
        unknown += is_unknown(fit);
        cells += is_unknown(fit) ? fit.cells : 0;
    }
    const auto serious = [&](const char* topic) {
        return std::any_of(report.findings.begin(), report.findings.end(), [&](const FitFinding& finding) {
            return finding.severity == FitSeverity::serious && finding.topic == topic;
        });
    };
    std::string genes;
    if (report.genes.treatment == GeneTreatment::refused) {
        genes = "Predict refuses this data: its input does not have the model's genes";
    } else if (report.genes.treatment == GeneTreatment::by_position) {
        genes =
            "predictions would be wrong: " +
            share_text(static_cast<double>(report.genes.misread), static_cast<double>(report.genes.model)) +
            " of the input would be taken for other genes";
    }
    std::string perts;
    if (perturbations != 0 && unknown == perturbations) {
        perts = "the model knows none of the perturbations here, so it cannot predict them: " +
                counted(cells, "cell", "cells") + " would be predicted as control cells";
    } else if (unknown != 0) {
        perts = "the model does not know " + count_text(unknown) + " of " +
                counted(perturbations, "perturbation", "perturbations") + " (" +
                counted(cells, "cell", "cells") + ")";
    } else if (serious("perturbations")) {
        perts = "Predict refuses this data: its control cells are not clear";
    }
    std::string text = genes.empty() || perts.empty() ? genes + perts : genes + "; and " + perts;
    if (text.empty()) {
        const auto warnings = static_cast<std::uint64_t>(
            std::count_if(report.findings.begin(), report.findings.end(), [](const FitFinding& finding) {
                return finding.severity >= FitSeverity::warning;
            }));
        return warnings == 0
                   ? "The model fits this data."
                   : "The model fits this data, with " + counted(warnings, "thing", "things") + " to know.";
    }
    text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
    return text + ".";
}

nlohmann::json finite(double value) {
    return value == value ? nlohmann::json(value) : nlohmann::json(nullptr);
}

nlohmann::json genes_json(const GeneFit& fit) {
    return {{"treatment", to_string(fit.treatment)},
            {"model", fit.model},
            {"data", fit.data},
            {"found", fit.found},
            {"missing", fit.missing},
            {"extra", fit.extra},
            {"repeated", fit.repeated},
            {"misread", fit.misread},
            {"model_naming", describe(fit.model_naming)},
            {"data_naming", describe(fit.data_naming)},
            {"found_after_mapping", fit.found_after_mapping},
            {"missing_names", fit.missing_names},
            {"extra_names", fit.extra_names},
            {"expression_extra", finite(fit.expression_extra)},
            {"expression_misread", finite(fit.expression_misread)}};
}

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) {
        text += (text.empty() ? "" : ", ") + name;
    }
    return text;
}

} // namespace

const char* to_string(FitSeverity severity) noexcept {
    switch (severity) {
    case FitSeverity::fine:
        return "fine";
    case FitSeverity::note:
        return "note";
    case FitSeverity::warning:
        return "warning";
    case FitSeverity::serious:
        return "serious";
    }
    return "";
}

const char* to_string(Acquaintance acquaintance) noexcept {
    switch (acquaintance) {
    case Acquaintance::control:
        return "control";
    case Acquaintance::known:
        return "known";
    case Acquaintance::other_spelling:
        return "spelled otherwise";
    case Acquaintance::other_dose:
        return "known at other doses";
    case Acquaintance::unknown:
        return "unknown";
    }
    return "";
}

const char* to_string(GeneTreatment treatment) noexcept {
    switch (treatment) {
    case GeneTreatment::same:
        return "same order";
    case GeneTreatment::reordered:
        return "brought into order by name";
    case GeneTreatment::by_position:
        return "read by position";
    case GeneTreatment::refused:
        return "refused";
    case GeneTreatment::unnamed:
        return "names unknown";
    case GeneTreatment::not_genes:
        return "not genes";
    }
    return "";
}

std::string nearest_text(const FitFinding& finding) {
    const bool told =
        !finding.nearest.empty() &&
        (finding.title + finding.explanation).find("'" + finding.nearest[0] + "'") != std::string::npos;
    return finding.nearest.empty() || told || finding.topic != "perturbations"
               ? std::string()
               : "Nearest known: " + joined(finding.nearest);
}

FitReport diagnose_fit(const ModelKnowledge& model, const FitData& data) {
    FitReport report{model.name,   model.path,        data.name,  data.path, data.pert_col,
                     data.control, data.celltype_col, data.input, {},        {},
                     {},           FitSeverity::fine, {}};
    report.perturbations = diagnose_perturbations(model, data, report.findings);
    report.genes = diagnose_genes(model, data, report.findings);
    diagnose_cell_types(model, data, report.findings);
    diagnose_batches(model, data, report.findings);
    std::stable_sort(report.findings.begin(), report.findings.end(),
                     [](const FitFinding& a, const FitFinding& b) { return a.severity > b.severity; });
    if (!report.findings.empty()) {
        report.worst = report.findings.front().severity;
    }
    report.verdict = verdict_of(report);
    return report;
}

nlohmann::json fit_json(const FitReport& report) {
    nlohmann::json findings = nlohmann::json::array(), perturbations = nlohmann::json::array();
    for (const FitFinding& finding : report.findings) {
        findings.push_back({{"severity", to_string(finding.severity)},
                            {"topic", finding.topic},
                            {"title", finding.title},
                            {"explanation", finding.explanation},
                            {"remedy", finding.remedy},
                            {"cells", finding.cells},
                            {"nearest", finding.nearest}});
    }
    for (const PerturbationFit& fit : report.perturbations) {
        perturbations.push_back({{"label", fit.label},
                                 {"cells", fit.cells},
                                 {"acquaintance", to_string(fit.acquaintance)},
                                 {"nearest", fit.nearest}});
    }
    return {{"model", report.model_path},          {"data", report.data_path},
            {"pert_col", report.pert_col},         {"control_pert", report.control},
            {"celltype_col", report.celltype_col}, {"input", report.input},
            {"worst", to_string(report.worst)},    {"verdict", report.verdict},
            {"findings", std::move(findings)},     {"perturbations", std::move(perturbations)},
            {"genes", genes_json(report.genes)}};
}

std::string fit_text(const FitReport& report) {
    std::string text = "Does " + report.model + " fit " + report.data + "?\n" + report.verdict + "\n";
    for (const FitFinding& finding : report.findings) {
        text += std::string("\n") + to_string(finding.severity) + ": " + finding.title +
                (finding.cells == 0 ? "" : " (" + counted(finding.cells, "cell", "cells") + ")") + "\n  " +
                finding.explanation + "\n";
        if (const std::string nearest = nearest_text(finding); !nearest.empty()) {
            text += "  " + nearest + "\n";
        }
        text += "  → " + finding.remedy + "\n";
    }
    return text;
}

} // namespace ember

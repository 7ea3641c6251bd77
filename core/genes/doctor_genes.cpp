// How the data's columns meet the model's genes, and what is lost.

#include <algorithm>
#include <cmath>
#include <span>
#include <unordered_map>
#include <unordered_set>

#include "core/base/nearest_names.hpp"
#include "core/genes/counted_text.hpp"
#include "core/genes/doctor_parts.hpp"

namespace ember {

namespace {

using Names = std::vector<std::string>;

constexpr std::size_t most_examples = 10;

struct Places {
    std::unordered_map<std::string_view, std::size_t> first; ///< column of each name
    std::uint64_t repeated = 0;
};

Places places_of(const Names& names) {
    Places places;
    for (std::size_t i = 0; i < names.size(); ++i) {
        places.repeated += !places.first.try_emplace(names[i], i).second;
    }
    return places;
}

/// The list of names that knows most of the model's genes.
Names best_names(const std::vector<Names>& lists, const Names& genes) {
    Names best;
    std::size_t most = 0;
    for (const Names& names : lists) {
        const Places places = places_of(names);
        const auto found =
            static_cast<std::size_t>(std::count_if(genes.begin(), genes.end(), [&](const std::string& gene) {
                return places.first.contains(gene);
            }));
        if (best.empty() || found > most) {
            best = names;
            most = found;
        }
    }
    return best;
}

/// Shares of total expression in columns that fulfil a condition.
template<typename Condition>
double expression_share(const std::vector<double>& expression, Condition condition) {
    double part = 0, all = 0;
    for (std::size_t i = 0; i < expression.size(); ++i) {
        all += expression[i];
        part += condition(i) ? expression[i] : 0;
    }
    return expression.empty() || all <= 0 ? std::numeric_limits<double>::quiet_NaN() : part / all;
}

void count_genes(const Names& genes, const Names& columns, const std::vector<double>& expression,
                 GeneFit& fit) {
    const Places places = places_of(columns);
    fit.repeated = places.repeated;
    std::unordered_set<std::string_view> wanted(genes.begin(), genes.end());
    bool ascending = true;
    std::size_t last = 0;
    for (const std::string& gene : genes) {
        const auto found = places.first.find(gene);
        if (found == places.first.end()) {
            ++fit.missing;
            if (fit.missing_names.size() < most_examples) {
                fit.missing_names.push_back(gene);
            }
            continue;
        }
        ++fit.found;
        ascending = ascending && found->second >= last;
        last = found->second;
    }
    for (const std::string& name : columns) {
        if (!wanted.contains(name)) {
            ++fit.extra;
            if (fit.extra_names.size() < most_examples) {
                fit.extra_names.push_back(name);
            }
        }
    }
    fit.expression_extra =
        expression_share(expression, [&](std::size_t i) { return !wanted.contains(columns[i]); });
    const bool whole = fit.missing == 0 && wanted.size() == genes.size();
    if (whole) {
        fit.treatment =
            ascending && columns.size() == genes.size() ? GeneTreatment::same : GeneTreatment::reordered;
        return;
    }
    fit.treatment = columns.size() == genes.size() ? GeneTreatment::by_position : GeneTreatment::refused;
    if (fit.treatment == GeneTreatment::by_position) {
        const auto wrong = [&](std::size_t i) { return columns[i] != genes[i]; };
        for (std::size_t i = 0; i < genes.size(); ++i) {
            fit.misread += wrong(i);
        }
        fit.expression_misread = expression_share(expression, wrong);
    }
}

/// How many more of the model's genes would be there in its own naming.
void compare_naming(const Names& genes, const Names& columns, GeneFit& fit) {
    fit.model_naming = recognise_genes(genes);
    fit.data_naming = recognise_genes(columns);
    if (fit.missing == 0 || fit.model_naming.ids == GeneIds::unknown ||
        fit.data_naming.ids == GeneIds::unknown || fit.model_naming.same_as(fit.data_naming)) {
        return;
    }
    const MappedGenes mapped = map_genes(columns, fit.data_naming, fit.model_naming);
    const std::unordered_set<std::string_view> names(mapped.names.begin(), mapped.names.end()),
        there(columns.begin(), columns.end());
    for (const std::string& gene : genes) {
        fit.found_after_mapping += names.contains(gene) && !there.contains(gene);
    }
}

std::string share_of_expression(double share) {
    return std::isnan(share) ? std::string()
                             : " They hold " + share_text(share, 1) + " of this data's total expression.";
}

void add(std::vector<FitFinding>& findings, FitSeverity severity, std::string title, std::string explanation,
         std::string remedy, Names nearest = {}) {
    findings.push_back({severity, "genes", std::move(title), std::move(explanation), std::move(remedy), 0,
                        std::move(nearest)});
}

std::string examples(const Names& names, std::uint64_t all) {
    return quoted_list(std::span(names).first(std::min<std::size_t>(names.size(), 5))) +
           (all > 5 ? " …" : "");
}

void tell_missing(const GeneFit& fit, std::vector<FitFinding>& findings) {
    const std::string of_model =
        count_text(fit.missing) + " of the model's " + count_text(fit.model) +
        " genes are not in this data by name (" +
        share_text(static_cast<double>(fit.missing), static_cast<double>(fit.model)) + ")";
    const std::string list = "Missing: " + examples(fit.missing_names, fit.missing) + ". ";
    const bool same_kind = fit.found_after_mapping == 0;
    const std::string remedy =
        same_kind
            ? "Use data that has all genes of the model, for instance before genes were filtered"
            : "Rename the genes from " + describe(fit.data_naming) + " to " + describe(fit.model_naming) +
                  ": " + count_text(fit.found_after_mapping) + " more would be found";
    if (fit.treatment == GeneTreatment::refused) {
        add(findings, FitSeverity::serious, of_model,
            list + "The data has " + counted(fit.data, "column", "columns") + " and the model reads " +
                count_text(fit.model) +
                ", so Predict refuses: nothing is filled in with zeros. Taking the first columns by position "
                "(--truncate) would feed it other genes.",
            remedy, fit.missing_names);
        return;
    }
    add(findings, FitSeverity::serious, of_model,
        list + "Because the number of columns agrees, Predict reads them by position: " +
            count_text(fit.misread) + " of " + count_text(fit.model) + " (" +
            share_text(static_cast<double>(fit.misread), static_cast<double>(fit.model)) +
            ") would be taken for another gene, so the input would be wrong." +
            share_of_expression(fit.expression_misread),
        remedy, fit.missing_names);
}

void tell_naming(const GeneFit& fit, std::vector<FitFinding>& findings) {
    if (fit.found_after_mapping == 0) {
        return;
    }
    add(findings, FitSeverity::serious,
        "Genes are named otherwise: " + describe(fit.data_naming) + " here, " + describe(fit.model_naming) +
            " in the model",
        fit.data_naming.reason + "; of the model's genes " + fit.model_naming.reason + ".",
        "Rename the genes of the data (var) before predicting");
}

void tell_small_things(const GeneFit& fit, std::vector<FitFinding>& findings) {
    if (fit.treatment == GeneTreatment::reordered && fit.data == fit.model) {
        add(findings, FitSeverity::note, "Genes stand in another order than the model's",
            "All are there, and Predict brings them into the model's order by name: nothing is lost.",
            "Nothing to do");
    }
    if (fit.treatment == GeneTreatment::reordered && fit.extra != 0) {
        add(findings, FitSeverity::note,
            counted(fit.extra, "gene is", "genes are") + " not read by the model",
            "For example " + examples(fit.extra_names, fit.extra) + ". They change no prediction." +
                share_of_expression(fit.expression_extra),
            "Nothing to do");
    }
    if (fit.repeated != 0) {
        const bool by_name = fit.treatment == GeneTreatment::reordered;
        add(findings, by_name ? FitSeverity::warning : FitSeverity::note,
            counted(fit.repeated, "gene name occurs", "gene names occur") + " more than once in this data",
            by_name ? "The first column of each name is read, the others are passed over."
                    : "It is not clear which column is meant.",
            "Make the names unique, or add the columns of one gene up");
    }
}

} // namespace

GeneFit diagnose_genes(const ModelKnowledge& model, const FitData& data, std::vector<FitFinding>& findings) {
    GeneFit fit;
    fit.model = model.width;
    fit.data = data.width;
    if (data.input.empty()) {
        fit.treatment = GeneTreatment::refused;
        add(findings, FitSeverity::serious, "The data has nothing that the model could read",
            "The model was trained on " + model.input + " with " + counted(model.width, "column", "columns") +
                "; this file has neither that nor another matrix of this width.",
            "Add " + model.input + " to obsm, computed as for the training data");
        return fit;
    }
    if (data.input != model.input) {
        add(findings, FitSeverity::warning,
            "The model was trained on " + model.input + ", this file offers " + data.input,
            "They may hold different values: counts, logarithms or an embedding.",
            "Check that " + data.input + " was computed as the training data's " + model.input);
    }
    const bool reads_genes = model.reads_genes && (data.input == "X" || data.input == "X_hvg");
    const Names columns =
        reads_genes && !model.genes.empty() ? best_names(data.column_names, model.genes) : Names();
    if (columns.empty()) {
        const bool fits = data.width == model.width;
        fit.treatment = !fits         ? GeneTreatment::refused
                        : reads_genes ? GeneTreatment::unnamed
                                      : GeneTreatment::not_genes;
        if (!fits) {
            add(findings, FitSeverity::serious,
                "The model reads " + counted(model.width, "value", "values") + " per cell, " + data.input +
                    " has " + count_text(data.width),
                "Predict refuses an input of another width.",
                "Choose the matrix that the model was trained on");
        } else if (reads_genes) {
            add(findings, FitSeverity::note, "Gene names cannot be compared",
                std::string(model.genes.empty() ? "The model" : "The data") +
                    " does not name them; the width agrees, and columns are read as they stand.",
                "Make sure that the genes stand in the order of the training data");
        }
        return fit;
    }
    count_genes(model.genes, columns, data.expression, fit);
    compare_naming(model.genes, columns, fit);
    tell_naming(fit, findings);
    if (fit.missing != 0) {
        tell_missing(fit, findings);
    }
    tell_small_things(fit, findings);
    return fit;
}

} // namespace ember

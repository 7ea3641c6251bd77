// The metrics: names of columns, titles, formulas, what they tell and when they mislead.

#include <algorithm>

#include "core/base/error.hpp"
#include "core/base/nearest_names.hpp"
#include "core/evaluation/evaluate.hpp"

namespace ember {

namespace {

enum class Good { large, small, neither };

MetricInfo peer(std::string name, std::string title, std::string formula, std::string reason, Good good,
                bool interval = false) {
    MetricInfo info;
    info.name = std::move(name);
    info.title = std::move(title);
    info.formula = std::move(formula);
    info.reason = std::move(reason);
    info.larger_is_better = good == Good::large;
    info.ranked = good != Good::neither;
    info.of_cell_eval = true;
    info.has_interval = interval;
    return info;
}

MetricInfo ours(std::string name, std::string title, std::string formula, std::string reason, Good good,
                bool interval = false, std::optional<double> target = {}, std::optional<double> aim = {}) {
    MetricInfo info =
        peer(std::move(name), std::move(title), std::move(formula), std::move(reason), good, interval);
    info.of_cell_eval = false;
    info.target = target;
    info.aim = aim;
    return info;
}

void add_overlaps(std::vector<MetricInfo>& all) {
    for (const char* k : {"N", "50", "100", "200", "500"}) {
        const std::string size = k[0] == 'N' ? "all" : "the top " + std::string(k);
        all.push_back(peer(
            "overlap_at_" + std::string(k), "Overlap of significant genes, " + size,
            "k = " + (k[0] == 'N' ? std::string("n_real") : "min(" + std::string(k) + ", n_real)") +
                "; |top k real ∩ top k predicted| / k, genes with FDR < 0.05 ranked by |log2 fold change|",
            "Which of the genes that really change strongest are predicted to. 0 where no gene is "
            "significant; "
            "where few are, one gene moves it much. Predictions with too little noise call many genes "
            "significant.",
            Good::large));
    }
    for (const char* k : {"N", "50", "100", "200", "500"}) {
        const std::string size = k[0] == 'N' ? "all" : "the top " + std::string(k);
        all.push_back(peer(
            "precision_at_" + std::string(k), "Precision of significant genes, " + size,
            "As the overlap, with k = " +
                (k[0] == 'N' ? std::string("n_pred") : "min(" + std::string(k) + ", n_pred)"),
            "Which of the genes that are predicted to change strongest really do. High when few genes are "
            "predicted to change: read it beside the recall.",
            Good::large));
    }
}

void add_tests(std::vector<MetricInfo>& all) {
    all.push_back(peer("de_spearman_sig", "Spearman of numbers of significant genes",
                       "Spearman's correlation over perturbations of n_real and n_pred (FDR < 0.05)",
                       "Are strong perturbations predicted as strong ones? Needs several perturbations.",
                       Good::large));
    all.push_back(peer("de_direction_match", "Direction of significant genes",
                       "Share of really significant genes whose predicted log2 fold change has the same sign",
                       "0.5 is chance. Says nothing of the size of a change.", Good::large));
    all.push_back(peer("de_spearman_lfc_sig", "Spearman of fold changes",
                       "Spearman's correlation of log2 fold changes over really significant genes",
                       "Is the order of the changes right? Unstable below some ten significant genes.",
                       Good::large));
    all.push_back(peer("de_sig_genes_recall", "Recall of significant genes",
                       "|significant real ∩ significant predicted| / |significant real|, FDR < 0.05",
                       "A prediction that calls every gene significant has recall 1: read it beside the "
                       "precision.",
                       Good::large));
    all.push_back(peer("de_nsig_counts_real", "Significant genes, real",
                       "Genes with FDR < 0.05, Mann-Whitney U of the perturbed cells against control cells",
                       "Cells count as replicates here, so the number grows with the cells: it compares "
                       "prediction and truth, it is no finding about biology.",
                       Good::neither));
    all.push_back(peer("de_nsig_counts_pred", "Significant genes, predicted", "As the real one",
                       "Far above the real number: the prediction has too little noise.", Good::neither));
    all.push_back(peer("pr_auc", "Area under precision and recall",
                       "Average precision of −log10 predicted FDR (at most 10) for real FDR < 0.05",
                       "Chance is the share of significant genes. Ties of tiny FDRs hide the order.",
                       Good::large));
    all.push_back(peer("roc_auc", "Area under the ROC curve",
                       "Area under the ROC curve of −log10 predicted FDR for real FDR < 0.05",
                       "0.5 is chance. Flatters when few genes are significant.", Good::large));
}

void add_means(std::vector<MetricInfo>& all) {
    all.push_back(peer(
        "pearson_delta", "Pearson of the change",
        "Pearson's correlation over genes of mean(perturbed) − mean(control), predicted against real",
        "Is the right change predicted, whatever its size? Over all cells it also sees other shares of cell "
        "types in perturbed cells, which no model has to know: read it per cell type. Both changes share no "
        "cells, so noise alone gives about 0.",
        Good::large, true));
    all.push_back(peer("mse", "Squared error of the mean",
                       "Mean over genes of (mean predicted − mean real)² in the perturbed cells",
                       "Errors of strongly expressed genes weigh most; predicting no change is often hard to "
                       "beat.",
                       Good::small, true));
    all.push_back(peer("mae", "Absolute error of the mean",
                       "Mean over genes of |mean predicted − mean real| in the perturbed cells",
                       "As the squared error, less ruled by single genes.", Good::small, true));
    all.push_back(peer("mse_delta", "Squared error of the change",
                       "Mean over genes of (predicted change − real change)²",
                       "Errors that control and perturbed cells share cancel.", Good::small, true));
    all.push_back(peer("mae_delta", "Absolute error of the change",
                       "Mean over genes of |predicted change − real change|",
                       "Errors that control and perturbed cells share cancel.", Good::small, true));
    for (const char* distance : {"l1", "l2", "cosine"}) {
        all.push_back(peer(
            "discrimination_score_" + std::string(distance),
            "Perturbation told from the others (" + std::string(distance) + ")",
            "1 − r / n: r of the n real changes are nearer to the predicted change than its own; the gene "
            "called like the perturbation is left out",
            "Does the predicted change look like this perturbation rather than another? Says nothing with "
            "one "
            "perturbation (always 1).",
            Good::large));
    }
    all.push_back(
        peer("pearson_edistance", "Pearson of distances to the control",
             "Pearson's correlation over perturbations of the energy distance to the control cells, "
             "predicted and real",
             "Are strong perturbations predicted as strong ones? Not defined below 2 perturbations.",
             Good::large));
    all.push_back(peer(
        "clustering_agreement", "Agreement of clusters of perturbations",
        "Best adjusted mutual information of clusters of the predicted mean profiles (resolutions 0.2 … 2) "
        "with "
        "those of the real ones (resolution 1)",
        "Modularity clusters by Louvain's moves in a fixed order on UMAP's graph of 15 neighbours; "
        "cell-eval's "
        "Leiden draws at random and may differ. Below some ten perturbations there is one cluster on both "
        "sides, which counts as 1.",
        Good::large));
}

void add_distances(std::vector<MetricInfo>& all) {
    all.push_back(
        ours("perturbation_correlation", "Perturbation correlation",
             "Pearson of the change within each cell type (and time point), averaged with the real "
             "cells as weights",
             "As the Pearson of the change, but other shares of cell types or days cannot help: the "
             "fairest single number. Small groups make it noisy.",
             Good::large, true));
    all.push_back(
        ours("gene_correlation", "Gene correlation",
             "For each gene Pearson's correlation, predicted against real, of its means in the groups "
             "(condition × cell type × time point, at least 5 cells, at least 3 groups); mean over "
             "the genes that vary",
             "Does each gene go up and down where it really does? Over all cell types it is high as "
             "soon as cell types are kept apart, which control cells do already: compare it with the "
             "identity baseline. Genes that differ nowhere bring it down by noise.",
             Good::large, true, 0.70, 0.75));
    all.push_back(
        ours("energy_distance", "Energy distance",
             "2·mean d(predicted, real) − mean d(predicted, predicted) − mean d(real, real), "
             "Euclidean over genes, the diagonal included",
             "Differs in mean, spread and shape alike. Predictions without the noise of single cells "
             "are far even where their mean is right.",
             Good::small));
    all.push_back(ours("energy_geomloss", "Energy loss of geomloss",
                       "Half the energy distance, distances of at least 0.0001",
                       "What State Transition models are trained to make small.", Good::small));
    all.push_back(
        ours("mmd2", "MMD², bandwidths from the data",
             "Mean k(p, p′) + mean k(r, r′) − 2·mean k(p, r), k = exp(−γ d²), γ = 1/(2 (f·m)²), m the "
             "median distance of all pairs, mean over f = 0.25, 0.5, 1, 2, 4",
             "0 where the distributions are equal; biased upwards by small groups. At most 1,000 "
             "cells of a side are drawn.",
             Good::small));
    all.push_back(
        ours("mmd2_cellot", "MMD², CellOT's bandwidths", "The same with γ = 2, 1, 0.5, 0.1, 0.01, 0.005",
             "For comparison with published numbers. Over many genes most kernels are near 0, so it "
             "sees little.",
             Good::small));
}

void add_cells(std::vector<MetricInfo>& all) {
    all.push_back(
        ours("nn_distance", "NN distance",
             "Cosine distance from a predicted cell to its nearest real cell of the same perturbation "
             "and cell type, in 50 principal components of the real cells; mean over cells",
             "Does each predicted cell look like a real one? Predicting the same average cell always "
             "is rewarded: read it beside the energy distance, and beside the value of real cells.",
             Good::small, true, 0.20, 0.15));
    all.push_back(ours("nn_distance_real", "NN distance of real cells",
                       "The same from each real cell to its nearest other real cell",
                       "What is left between real cells: a prediction below it lacks their noise.",
                       Good::neither));
    all.push_back(
        ours("cell_type_accuracy", "Cell type accuracy",
             "Share of predicted cells whose 15 nearest real cells (Euclidean, 50 principal "
             "components) are mostly of their cell type",
             "Do predicted cells keep their identity? Easy where a model starts from control cells of "
             "the type. Rare types are outvoted.",
             Good::large, true));
    all.push_back(ours("cell_type_accuracy_real", "Cell type accuracy of real cells",
                       "The same for each real cell, itself left out",
                       "What a perfect prediction would reach.", Good::neither));
    all.push_back(
        ours("temporal_coherence", "Temporal coherence",
             "Cosine between predicted and real steps of the mean profile from one time point to the "
             "next, all steps of a cell type taken together; weighted by cells",
             "Does the prediction move through time as the tissue does? 1 the same way, 0 unrelated "
             "(or no movement), −1 backwards. Noise pulls it to 0 in small groups.",
             Good::large, true));
}

const std::vector<std::string> minimal = {"pearson_delta",
                                          "mse",
                                          "mae",
                                          "discrimination_score_l1",
                                          "overlap_at_N",
                                          "precision_at_N",
                                          "de_nsig_counts_real",
                                          "de_nsig_counts_pred"};
const std::vector<std::string> challenge = {"mae", "discrimination_score_l1", "overlap_at_N"};

bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool of_tests(const std::string& name) {
    return name.starts_with("overlap") || name.starts_with("precision") || name.starts_with("de_") ||
           name.ends_with("_auc");
}

bool in_profile(const MetricInfo& metric, const std::string& profile) {
    if (profile == "full") {
        return true;
    }
    if (profile == "cell-eval") {
        return metric.of_cell_eval;
    }
    if (profile == "minimal") {
        return contains(minimal, metric.name);
    }
    if (profile == "vcc") {
        return contains(challenge, metric.name);
    }
    if (profile == "pds") {
        return metric.name == "discrimination_score_l1";
    }
    return metric.of_cell_eval && of_tests(metric.name) == (profile == "de");
}

void check_names(const std::vector<std::string>& names) {
    std::vector<std::string> known = {"de_nsig_counts"};
    for (const MetricInfo& metric : metric_catalogue()) {
        known.push_back(metric.name);
    }
    for (const std::string& name : names) {
        if (!contains(known, name)) {
            throw UsageError("There is no metric '" + name + "'",
                             "Did you mean " + quoted_list(nearest_names(name, known)) + "?");
        }
    }
}

} // namespace

const std::vector<MetricInfo>& metric_catalogue() {
    static const std::vector<MetricInfo> catalogue = [] {
        std::vector<MetricInfo> all;
        add_overlaps(all);
        add_tests(all);
        add_means(all);
        add_distances(all);
        add_cells(all);
        return all;
    }();
    return catalogue;
}

const MetricInfo* find_metric(const std::string& name) {
    const auto& all = metric_catalogue();
    const auto at =
        std::find_if(all.begin(), all.end(), [&](const auto& known) { return known.name == name; });
    return at == all.end() ? nullptr : &*at;
}

std::vector<std::string> chosen_metrics(const EvaluationRequest& request) {
    const std::vector<std::string> profiles = {"full", "cell-eval", "minimal", "vcc", "de", "anndata", "pds"};
    if (!contains(profiles, request.profile)) {
        throw UsageError("There is no profile '" + request.profile + "'",
                         "Use one of " + quoted_list(profiles));
    }
    check_names(request.only_metrics);
    check_names(request.skip_metrics);
    const auto named = [](const std::vector<std::string>& names, const std::string& name) {
        return contains(names, name) ||
               (name.starts_with("de_nsig_counts") && contains(names, "de_nsig_counts"));
    };
    std::vector<std::string> chosen;
    for (const MetricInfo& metric : metric_catalogue()) {
        const bool wanted = request.only_metrics.empty() ? in_profile(metric, request.profile)
                                                         : named(request.only_metrics, metric.name);
        if (wanted && !named(request.skip_metrics, metric.name)) {
            chosen.push_back(metric.name);
        }
    }
    if (chosen.empty()) {
        throw UsageError("No metric is left to compute", "Leave out --skip-metrics");
    }
    return chosen;
}

} // namespace ember

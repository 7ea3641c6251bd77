#include <algorithm>

#include <tbb/parallel_for.h>

#include "core/evaluation/clustering_agreement.hpp"
#include "core/evaluation/mean_metrics.hpp"
#include "core/evaluation/score_candidate.hpp"

namespace ember {

namespace {

std::vector<double> change(const GroupSums& sums, std::int32_t pert, std::int32_t type) {
    std::vector<double> mean = sums.mean(pert, type);
    const std::vector<double> control = sums.mean(static_cast<std::int32_t>(sums.shape.perts) - 1, type);
    if (mean.empty() || control.empty()) {
        return {};
    }
    for (std::size_t g = 0; g < mean.size(); ++g) {
        mean[g] -= control[g];
    }
    return mean;
}

const std::pair<const char*, EffectDistance> discriminations[] = {
    {"discrimination_score_l1", EffectDistance::l1},
    {"discrimination_score_l2", EffectDistance::l2},
    {"discrimination_score_cosine", EffectDistance::cosine}};

/// `own_feature`: of each perturbation, the one called like it; empty: none is left out.
void score_discrimination(ScoreSheet& sheet, const GroupSums& pred, const GroupSums& real, std::int32_t type,
                          const std::vector<std::int64_t>& own_feature, bool with_l1) {
    const std::vector<std::int32_t> perts = sheet.perts_in(type);
    std::vector<std::vector<double>> pred_changes, real_changes;
    std::vector<std::int64_t> left_out;
    for (const std::int32_t p : perts) {
        pred_changes.push_back(change(pred, p, type));
        real_changes.push_back(change(real, p, type));
        left_out.push_back(own_feature.empty() ? -1 : own_feature[static_cast<std::size_t>(p)]);
    }
    for (const auto& [metric, distance] : discriminations) {
        if (sheet.wants(metric) && (with_l1 || distance != EffectDistance::l1)) {
            const auto scores = discrimination_scores(pred_changes, real_changes, left_out, distance);
            for (std::size_t i = 0; i < perts.size(); ++i) {
                sheet.set(metric, perts[i], type, scores[i]);
            }
        }
    }
}

std::vector<std::int64_t> own_genes(const ComparedCells& cells) {
    std::vector<std::int64_t> own;
    for (const std::string& pert : cells.perts) {
        const auto at = std::find(cells.genes.begin(), cells.genes.end(), pert);
        own.push_back(at == cells.genes.end() ? -1 : at - cells.genes.begin());
    }
    return own;
}

void score_clusters(ScoreSheet& sheet, const GroupSums& pred, const GroupSums& real, std::int32_t type,
                    JobContext& job) {
    std::vector<std::vector<double>> pred_profiles, real_profiles;
    for (const std::int32_t p : sheet.perts_in(type)) {
        std::vector<double> of_pred = pred.mean(p, type), of_real = real.mean(p, type);
        if (!of_pred.empty() && !of_real.empty()) {
            pred_profiles.push_back(std::move(of_pred));
            real_profiles.push_back(std::move(of_real));
        }
    }
    const double agreement = clustering_agreement(pred_profiles, real_profiles, job);
    for (const std::int32_t p : sheet.perts_in(type)) {
        sheet.set("clustering_agreement", p, type, agreement);
    }
}

} // namespace

void score_means(ScoreSheet& sheet, const ComparedCells& cells, const Candidate& candidate,
                 const GroupSums& pred, const GroupSums& real, JobContext& job) {
    std::vector<std::pair<std::int32_t, std::int32_t>> rows;
    const std::vector<std::int64_t> own = own_genes(cells);
    for (const std::int32_t type : sheet.slices()) {
        for (const std::int32_t pert : sheet.perts_in(type)) {
            rows.emplace_back(pert, type);
        }
        score_discrimination(sheet, pred, real, type, own, true);
        if (sheet.wants("clustering_agreement")) {
            score_clusters(sheet, pred, real, type, job);
        }
    }
    std::vector<MeanMetrics> found(rows.size());
    tbb::parallel_for(std::size_t{0}, rows.size(), [&](std::size_t i) {
        found[i] = mean_metrics(pred, real, rows[i].first, rows[i].second, {candidate.controls_predicted});
    });
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto [pert, type] = rows[i];
        const MeanMetrics& m = found[i];
        sheet.set("pearson_delta", pert, type, m.pearson_delta);
        sheet.set("mse", pert, type, m.mse);
        sheet.set("mae", pert, type, m.mae);
        sheet.set("mse_delta", pert, type, m.mse_delta);
        sheet.set("mae_delta", pert, type, m.mae_delta);
        sheet.set("perturbation_correlation", pert, type, m.perturbation_correlation);
        sheet.set("gene_correlation", pert, type, m.gene_correlation);
        sheet.set("temporal_coherence", pert, type, m.temporal_coherence);
    }
}

void score_embedded_discrimination(ScoreSheet& sheet, const GroupSums& pred, const GroupSums& real) {
    for (const std::int32_t type : sheet.slices()) {
        score_discrimination(sheet, pred, real, type, {}, false);
    }
}

} // namespace ember

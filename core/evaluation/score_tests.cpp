// cell-eval's metrics of differential expression. Its tables hold single precision, so comparisons here do,
// too.

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/analysis/correlation.hpp"
#include "core/evaluation/control_tests.hpp"

namespace ember {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr float significant_fdr = 0.05F;

bool significant(const ControlTest& test, std::size_t gene) {
    return static_cast<float>(test.fdr[gene]) < significant_fdr;
}

/// Significant genes, largest |log2 fold change| first, of equals the first.
std::vector<std::size_t> ranked(const ControlTest& test) {
    std::vector<std::size_t> genes;
    for (std::size_t g = 0; g < test.fdr.size(); ++g) {
        if (significant(test, g)) {
            genes.push_back(g);
        }
    }
    std::stable_sort(genes.begin(), genes.end(), [&](std::size_t a, std::size_t b) {
        return std::abs(static_cast<float>(test.log2_fold_change[a])) >
               std::abs(static_cast<float>(test.log2_fold_change[b]));
    });
    return genes;
}

/// Share of common genes among the first k of both.
double overlap(const std::vector<std::size_t>& real, const std::vector<std::size_t>& pred, std::size_t k) {
    if (k == 0) {
        return 0;
    }
    const auto first = [&](const std::vector<std::size_t>& genes) {
        std::vector<std::size_t> top(genes.begin(),
                                     genes.begin() + static_cast<std::ptrdiff_t>(std::min(k, genes.size())));
        std::sort(top.begin(), top.end());
        return top;
    };
    const auto a = first(real), b = first(pred);
    std::vector<std::size_t> both;
    std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
    return static_cast<double>(both.size()) / static_cast<double>(k);
}

struct Agreement {
    double direction = nan, spearman = nan, recall = nan;
};

int sign(double value) {
    return (value > 0) - (value < 0);
}

Agreement agreement(const ControlTest& pred, const ControlTest& real) {
    std::vector<double> pred_change, real_change;
    double same = 0, found = 0;
    for (std::size_t g = 0; g < real.fdr.size(); ++g) {
        if (significant(real, g)) {
            pred_change.push_back(static_cast<double>(static_cast<float>(pred.log2_fold_change[g])));
            real_change.push_back(static_cast<double>(static_cast<float>(real.log2_fold_change[g])));
            same += sign(pred_change.back()) == sign(real_change.back());
            found += significant(pred, g);
        }
    }
    const auto n = static_cast<double>(real_change.size());
    return n > 0 ? Agreement{same / n, spearman(pred_change, real_change), found / n} : Agreement{};
}

struct Areas {
    double precision_recall = nan, roc = nan;
};

/// Scores −log10 of the predicted FDR; equal scores are one threshold.
Areas areas(const ControlTest& pred, const ControlTest& real) {
    constexpr float least_fdr = 1e-10F;
    std::vector<float> score(pred.fdr.size());
    for (std::size_t g = 0; g < score.size(); ++g) {
        const float fdr = std::isnan(pred.fdr[g]) ? 1.0F : static_cast<float>(pred.fdr[g]);
        score[g] = -std::log10(std::clamp(fdr, least_fdr, 1.0F));
    }
    std::vector<std::size_t> order(score.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return score[a] > score[b]; });
    double positives = 0;
    for (std::size_t g = 0; g < score.size(); ++g) {
        positives += significant(real, g);
    }
    const double negatives = static_cast<double>(score.size()) - positives;
    if (positives == 0 || negatives == 0) {
        return {};
    }
    Areas found{0, 0};
    double hits = 0, misses = 0;
    for (std::size_t i = 0; i < order.size();) {
        const double hits_before = hits, misses_before = misses;
        const float threshold = score[order[i]];
        for (; i < order.size() && score[order[i]] == threshold; ++i) {
            (significant(real, order[i]) ? hits : misses) += 1;
        }
        found.precision_recall += (hits - hits_before) / positives * (hits / (hits + misses));
        found.roc += (misses - misses_before) / negatives * (hits + hits_before) / (2 * positives);
    }
    return found;
}

const ControlTest* find(const std::vector<ControlTest>& tests, const std::string& pert) {
    const auto at = std::find_if(tests.begin(), tests.end(),
                                 [&](const ControlTest& test) { return test.perturbation == pert; });
    return at == tests.end() ? nullptr : &*at;
}

void score_one(ScoreSheet& sheet, std::int32_t p, std::int32_t type, const ControlTest& pred,
               const ControlTest& real) {
    const auto real_genes = ranked(real), pred_genes = ranked(pred);
    const std::pair<const char*, std::size_t> sizes[] = {
        {"N", std::numeric_limits<std::size_t>::max()}, {"50", 50}, {"100", 100}, {"200", 200}, {"500", 500}};
    for (const auto& [name, k] : sizes) {
        sheet.set("overlap_at_" + std::string(name), p, type,
                  overlap(real_genes, pred_genes, std::min(k, real_genes.size())));
        sheet.set("precision_at_" + std::string(name), p, type,
                  overlap(real_genes, pred_genes, std::min(k, pred_genes.size())));
    }
    const Agreement agreed = agreement(pred, real);
    sheet.set("de_direction_match", p, type, agreed.direction);
    sheet.set("de_spearman_lfc_sig", p, type, agreed.spearman);
    sheet.set("de_sig_genes_recall", p, type, agreed.recall);
    sheet.set("de_nsig_counts_real", p, type, static_cast<double>(real_genes.size()));
    sheet.set("de_nsig_counts_pred", p, type, static_cast<double>(pred_genes.size()));
    const Areas under = areas(pred, real);
    sheet.set("pr_auc", p, type, under.precision_recall);
    sheet.set("roc_auc", p, type, under.roc);
}

} // namespace

void score_tests(ScoreSheet& sheet, const ComparedCells& cells, std::int32_t type,
                 const std::vector<ControlTest>& pred, const std::vector<ControlTest>& real) {
    std::vector<double> real_counts, pred_counts;
    const std::vector<std::int32_t> perts = sheet.perts_in(type);
    bool any = false;
    for (const std::int32_t p : perts) {
        const std::string& name = cells.perts[static_cast<std::size_t>(p)];
        const ControlTest *const of_pred = find(pred, name), *const of_real = find(real, name);
        if (of_pred == nullptr || of_real == nullptr) {
            continue;
        }
        any = true;
        score_one(sheet, p, type, *of_pred, *of_real);
        const auto n = static_cast<double>(ranked(*of_real).size());
        if (n > 0) {
            real_counts.push_back(n);
            pred_counts.push_back(static_cast<double>(ranked(*of_pred).size()));
        }
    }
    const double correlation = real_counts.empty() ? 1 : spearman(real_counts, pred_counts);
    for (const std::int32_t p : perts) {
        sheet.set("de_spearman_sig", p, type, any ? correlation : nan);
    }
}

} // namespace ember

// Enrichment as CSV, JSON and a headline.

#include <cmath>

#include "core/analysis/csv_text.hpp"
#include "core/genes/counted_text.hpp"
#include "core/genes/enrichment.hpp"

namespace ember {

namespace {

bool is_ranked(const EnrichmentResult& result) {
    return result.method == "ranked";
}

std::string joined(const std::vector<std::string>& genes) {
    std::string text;
    for (const std::string& gene : genes) {
        text += (text.empty() ? "" : ";") + gene;
    }
    return text;
}

nlohmann::json number(double value) {
    return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json(nullptr);
}

nlohmann::json set_json(const EnrichedSet& set, bool ranked) {
    nlohmann::json json = {{"set", set.name},          {"description", set.description},
                           {"size", set.size},         {"overlap", set.overlap},
                           {"pval", number(set.pval)}, {"padj", number(set.padj)},
                           {"genes", set.genes}};
    if (ranked) {
        json["es"] = number(set.es);
        json["nes"] = number(set.nes);
    } else {
        json["fold"] = number(set.fold);
        json["odds_ratio"] = number(set.odds_ratio);
    }
    return json;
}

nlohmann::json definitions(bool ranked) {
    if (ranked) {
        return {{"es", "largest deviation of the running sum over the ranking"},
                {"nes", "es divided by the mean of the null's scores of the same sign"},
                {"pval",
                 "(random sets of the same size that are as extreme on the same side + 1) / (those on "
                 "that side + 1)"},
                {"padj", "Benjamini-Hochberg over the sets tested"},
                {"overlap", "genes of the leading edge"}};
    }
    return {{"pval", "P(overlap or more), drawing the query from the background without replacement"},
            {"fold", "(overlap / query) / (size / background)"},
            {"padj", "Benjamini-Hochberg over the sets tested"}};
}

} // namespace

std::string enrichment_csv(const EnrichmentResult& result) {
    const bool ranked = is_ranked(result);
    std::string csv =
        std::string("set,description,size,overlap,") + (ranked ? "es,nes" : "fold") + ",pval,padj,genes\n";
    for (const EnrichedSet& set : result.sets) {
        csv += csv_text(set.name) + ',' + csv_text(set.description) + ',' + std::to_string(set.size) + ',' +
               std::to_string(set.overlap);
        if (ranked) {
            csv += ',' + csv_number(set.es) + ',' + csv_number(set.nes);
        } else {
            csv += ',' + csv_number(set.fold);
        }
        csv += ',' + csv_number(set.pval) + ',' + csv_number(set.padj) + ',' + csv_text(joined(set.genes)) +
               '\n';
    }
    return csv;
}

nlohmann::json enrichment_json(const EnrichmentResult& result) {
    const bool ranked = is_ranked(result);
    nlohmann::json sets = nlohmann::json::array();
    for (const EnrichedSet& set : result.sets) {
        sets.push_back(set_json(set, ranked));
    }
    return {{"method", result.method},
            {"query", result.query},
            {"background", result.background},
            {"sets_tested", result.sets_tested},
            {"sets_left_out", result.sets_left_out},
            {"mapping", result.mapping},
            {"warnings", result.warnings},
            {"definitions", definitions(ranked)},
            {"sets", std::move(sets)}};
}

std::string enrichment_header(const EnrichmentResult& result) {
    const std::string tested =
        counted(result.sets_tested, "set", "sets") + " tested" +
        (result.sets_left_out == 0 ? "" : ", " + count_text(result.sets_left_out) + " left out by size");
    if (is_ranked(result)) {
        return "Gene set enrichment over a ranking of " + counted(result.background, "gene", "genes") + "; " +
               tested;
    }
    return "Over-representation (hypergeometric): " + counted(result.query, "chosen gene", "chosen genes") +
           " against a background of " + count_text(result.background) + "; " + tested;
}

} // namespace ember

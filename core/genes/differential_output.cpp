// Differential expression as CSV and JSON, and the files with their provenance.

#include <cmath>

#include "core/analysis/csv_text.hpp"
#include "core/base/atomic_file.hpp"
#include "core/base/fingerprint.hpp"
#include "core/genes/differential_expression.hpp"

namespace ember {

namespace {

constexpr double called = 0.05; ///< padj below which a gene is counted in the summary

nlohmann::json table_json(const DifferentialTable& table) {
    std::uint64_t higher = 0, lower = 0;
    for (std::size_t gene = 0; gene < table.padj.size(); ++gene) {
        higher += table.padj[gene] < called && table.score[gene] > 0;
        lower += table.padj[gene] < called && table.score[gene] < 0;
    }
    return {{"group", table.group},
            {"reference", table.reference},
            {"within", table.within},
            {"n_group", table.n_group},
            {"n_reference", table.n_reference},
            {"replicates_group", table.replicates_group},
            {"replicates_reference", table.replicates_reference},
            {"unit", to_string(table.unit)},
            {"test", to_string(table.test)},
            {"paired", table.paired},
            {"tested", table.tested},
            {"note", table.note},
            {"higher", higher},
            {"lower", lower}};
}

nlohmann::json definitions_json(const DifferentialResult& result) {
    const bool replicates = !result.tables.empty() && result.tables.front().unit == TestUnit::replicates;
    return {{"score", "wilcoxon: z of the rank sum without continuity correction; t-test: t"},
            {"log_fold_change",
             replicates ? "log2: difference of the mean profiles of replicates; a profile is log(1 + mean of "
                          "expm1 of the replicate's cells)"
                        : "log2((expm1(mean of the group) + 1e-9) / (expm1(mean of the reference) + 1e-9))"},
            {"low, high", "95 % interval of log_fold_change"},
            {"pval", "two-sided"},
            {"padj", "Benjamini-Hochberg over the genes of a comparison"},
            {"fraction", "share of cells with a value that is not zero"},
            {"mean, sd", "over cells, zeros included; sd divided by n - 1"},
            {"higher, lower", "genes with padj below 0.05"}};
}

} // namespace

std::string differential_csv(const DifferentialRequest& request, const DifferentialResult& result) {
    std::string csv;
    for (const std::string& column : request.within) {
        csv += csv_text(column) + ',';
    }
    csv += "group,gene,score,log_fold_change,pval,padj,fraction_group,fraction_reference,mean_group,"
           "mean_reference,sd_group,sd_reference,n_group,n_reference\n";
    std::vector<std::string> genes;
    for (const std::string& gene : result.genes) {
        genes.push_back(csv_text(gene));
    }
    for (const DifferentialTable& table : result.tables) {
        std::string start;
        for (const std::string& label : table.within) {
            start += csv_text(label) + ',';
        }
        start += csv_text(table.group) + ',';
        const std::string end =
            ',' + std::to_string(table.n_group) + ',' + std::to_string(table.n_reference) + '\n';
        for (const std::size_t gene : by_score(table)) {
            csv += start + genes[gene];
            for (const std::vector<double>* column :
                 {&table.score, &table.log_fold_change, &table.pval, &table.padj, &table.fraction_group,
                  &table.fraction_reference, &table.mean_group, &table.mean_reference, &table.sd_group,
                  &table.sd_reference}) {
                csv += ',' + csv_number((*column)[gene]);
            }
            csv += end;
        }
    }
    return csv;
}

nlohmann::json differential_json(const DifferentialRequest& request, const DifferentialResult& result) {
    nlohmann::json tables = nlohmann::json::array();
    for (const DifferentialTable& table : result.tables) {
        tables.push_back(table_json(table));
    }
    return {{"genes", result.genes.size()},
            {"comparisons", tables},
            {"warnings", result.warnings},
            {"parameters",
             {{"groupby", request.groupby},
              {"groups", request.groups},
              {"reference", request.reference},
              {"method", to_string(request.test)},
              {"tie_correct", request.tie_correct},
              {"replicate", request.replicate_col},
              {"unit", to_string(request.unit)},
              {"within", request.within},
              {"least_cells", request.least_cells}}},
            {"definitions", definitions_json(result)}};
}

void write_differential(const DifferentialRequest& request, const DifferentialResult& result,
                        const std::filesystem::path& csv, JobContext& job) {
    nlohmann::json beside = {{"program", "emberview"},
                             {"version", EMBER_VERSION},
                             {"input",
                              {{"file", std::filesystem::absolute(request.adata).string()},
                               {"sha256", sha256_of_file(request.adata, job)},
                               {"matrix", to_string(request.source)}}}};
    beside.update(differential_json(request, result));
    write_file_atomically(csv, differential_csv(request, result));
    write_file_atomically(std::filesystem::path(csv).replace_extension(".json"),
                          beside.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

} // namespace ember

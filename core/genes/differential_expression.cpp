#include "core/genes/differential_expression.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <tbb/enumerable_thread_specific.h>

#include "core/analysis/multiple_testing.hpp"
#include "core/base/error.hpp"
#include "core/genes/comparison.hpp"
#include "core/genes/counted_text.hpp"
#include "core/genes/differential_plan.hpp"
#include "core/genes/gene_scan.hpp"
#include "core/genes/matrix_genes.hpp"

namespace ember {

namespace {

/// ln of the base that uns/log1p/base names; 1 for natural logarithms.
double log_base_of(const AnnData& data) {
    const auto& keys = data.uns_keys();
    if (std::find(keys.begin(), keys.end(), "log1p") == keys.end()) {
        return 1;
    }
    nlohmann::json log1p;
    try {
        log1p = data.uns("log1p");
    } catch (const Error&) {
        return 1; // scanpy leaves an odd entry for "no base"
    }
    if (!log1p.is_object() || !log1p.contains("base") || !log1p["base"].is_number()) {
        return 1;
    }
    const double base = log1p["base"];
    return base > 0 && base != 1 ? std::log(base) : 1;
}

void reserve_vectors(DifferentialTable& table, std::size_t genes) {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    for (std::vector<double>* column :
         {&table.score, &table.log_fold_change, &table.pval, &table.padj, &table.fraction_group,
          &table.fraction_reference, &table.mean_group, &table.mean_reference, &table.sd_group,
          &table.sd_reference, &table.low, &table.high}) {
        column->assign(genes, nan);
    }
}

void check_memory(std::size_t tables, std::size_t genes) {
    constexpr double most = 16e9, bytes_per_gene = 12 * sizeof(double);
    if (static_cast<double>(tables) * static_cast<double>(genes) * bytes_per_gene > most) {
        throw ResourceError("NoMemory",
                            "The result would hold " + std::to_string(tables) + " comparisons of " +
                                std::to_string(genes) + " genes",
                            {}, "Choose fewer groups, or fewer columns to compare within");
    }
}

/// Genes with one value in all cells of every comparison.
void warn_of_constant_genes(const DifferentialResult& result, std::vector<std::string>& warnings) {
    std::uint64_t genes = 0;
    for (std::size_t gene = 0; gene < result.genes.size(); ++gene) {
        genes += std::all_of(result.tables.begin(), result.tables.end(), [&](const DifferentialTable& table) {
            return table.sd_group[gene] == 0 && table.sd_reference[gene] == 0;
        });
    }
    if (genes > 0) {
        warnings.push_back(counted(genes, "gene does", "genes do") +
                           " not vary among the cells compared and cannot differ: score 0 and p 1");
    }
}

void warn_of_values(const ValueTraits& traits, const DifferentialResult& result,
                    std::vector<std::string>& warnings) {
    if (traits.negative) {
        warnings.emplace_back("Some values are below zero, so they are not log-normalised expression: fold "
                              "changes mean little");
    } else if (!traits.fractional && traits.largest > 1) {
        warnings.emplace_back("The values look like counts (whole numbers up to " +
                              std::to_string(static_cast<long long>(traits.largest)) +
                              "): fold changes assume log(1 + x) of normalised values");
    } else if (traits.largest > 30) {
        warnings.emplace_back("Values up to " + std::to_string(static_cast<long long>(traits.largest)) +
                              " are too large for log-normalised expression: fold changes mean little");
    }
    if (!traits.nonfinite) {
        return;
    }
    std::size_t genes = 0;
    for (std::size_t gene = 0; gene < result.genes.size(); ++gene) {
        genes += std::any_of(result.tables.begin(), result.tables.end(), [&](const DifferentialTable& table) {
            return std::isnan(table.mean_group[gene]);
        });
    }
    warnings.push_back(counted(genes, "gene has", "genes have") +
                       " values that are NaN or infinite: no result for " + (genes == 1 ? "it" : "them"));
}

} // namespace

DifferentialRequest differential_request(const AnnData& data, const MatrixSource& source,
                                         const Schema& schema) {
    DifferentialRequest request;
    request.adata = data.path();
    request.source = source;
    request.groupby = schema.pert_col.value;
    request.reference = schema.control_pert.value.empty() ? "rest" : schema.control_pert.value;
    if (schema.replicate_col.value != request.groupby) {
        request.replicate_col = schema.replicate_col.value;
    }
    return request;
}

DifferentialResult compare_groups(const AnnData& data, const DifferentialRequest& request, JobContext& job) {
    const DifferentialPlan plan = plan_differential(data, request);
    const MatrixPtr matrix = data.matrix(request.source);
    DifferentialResult result;
    result.genes = matrix_genes(data, request.source).names;
    result.tables = plan.tables;
    result.warnings = plan.warnings;
    check_memory(result.tables.size(), result.genes.size());
    for (DifferentialTable& table : result.tables) {
        reserve_vectors(table, result.genes.size());
    }
    ValueTraits traits;
    const double log_base = log_base_of(data);
    tbb::enumerable_thread_specific<GeneComparer> comparers([&] {
        return GeneComparer(plan.design, plan.comparisons, result.tables, traits, request.tie_correct,
                            log_base);
    });
    for_each_gene(
        *matrix, plan.design.leaf,
        [&](std::uint64_t gene, std::span<std::uint64_t> words) { comparers.local().compare(gene, words); },
        job);
    for (DifferentialTable& table : result.tables) {
        table.padj = benjamini_hochberg(table.pval);
    }
    warn_of_values(traits, result, result.warnings);
    warn_of_constant_genes(result, result.warnings);
    return result;
}

DifferentialResult differential_expression(const AnnData& data, const DifferentialRequest& request,
                                           JobContext& job) {
    DifferentialResult result = compare_groups(data, request, job);
    for (const std::string& warning : result.warnings) {
        job.warn(warning);
    }
    return result;
}

std::vector<std::size_t> by_score(const DifferentialTable& table) {
    const std::vector<double>& values = table.tested ? table.score : table.log_fold_change;
    std::vector<std::size_t> order(values.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        order[i] = i;
    }
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return std::isnan(values[b]) ? !std::isnan(values[a]) : values[a] > values[b];
    });
    return order;
}

} // namespace ember

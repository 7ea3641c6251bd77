#include "core/evaluation/control_tests.hpp"

#include <algorithm>
#include <cmath>

#include <tbb/parallel_for.h>

#include "core/analysis/distributions.hpp"
#include "core/analysis/multiple_testing.hpp"

namespace ember {

namespace {

constexpr std::size_t slab_genes = 64;

/// Values of some genes in each group of cells that are not zero, sorted.
struct Slab {
    std::size_t first = 0, count = 0;
    std::vector<std::vector<std::vector<float>>> values; ///< [groups][genes of the slab]
    std::vector<std::vector<double>> sums;               ///< [groups][genes of the slab]
};

template<typename Visit>
void for_values(const CellRow& row, std::size_t first, std::size_t count, const Visit& visit) {
    if (!row.sparse) {
        for (std::size_t g = 0; g < count; ++g) {
            if (row.values[first + g] != 0) {
                visit(g, row.values[first + g]);
            }
        }
        return;
    }
    const auto begin = std::lower_bound(row.genes.begin(), row.genes.end(), first);
    for (auto at = begin; at != row.genes.end() && *at < first + count; ++at) {
        visit(*at - first, row.values[static_cast<std::size_t>(at - row.genes.begin())]);
    }
}

Slab read_slab(const CellPool& pool, const std::vector<std::vector<std::uint32_t>>& groups, std::size_t first,
               bool discrete, JobContext& job) {
    Slab slab;
    slab.first = first;
    slab.count = std::min<std::size_t>(slab_genes, pool.genes() - first);
    slab.values.resize(groups.size());
    slab.sums.assign(groups.size(), std::vector<double>(slab.count, 0));
    for (std::size_t group = 0; group < groups.size(); ++group) {
        job.check_cancelled();
        slab.values[group].resize(slab.count);
        for (const std::uint32_t row : groups[group]) {
            for_values(pool.row(row), first, slab.count, [&](std::size_t g, float value) {
                slab.values[group][g].push_back(value);
                const double v = static_cast<double>(value);
                slab.sums[group][g] += discrete ? std::log1p(v) : v;
            });
        }
        for (auto& values : slab.values[group]) {
            std::sort(values.begin(), values.end());
        }
    }
    return slab;
}

struct RankSum {
    double first = 0, ties = 0;
};

/// Of two sorted samples and their zeros.
RankSum rank_sum(const std::vector<float>& x, double zeros_x, const std::vector<float>& y, double zeros_y) {
    RankSum sum;
    double below = 0;
    bool zeros_done = zeros_x + zeros_y == 0;
    std::size_t i = 0, j = 0;
    const auto run = [&](double in_x, double in_y) {
        const double t = in_x + in_y;
        sum.first += in_x * (below + (t + 1) / 2);
        sum.ties += t > 1 ? t * t * t - t : 0;
        below += t;
    };
    while (i < x.size() || j < y.size() || !zeros_done) {
        const bool left = i < x.size() || j < y.size();
        const float value = !left ? 0 : i == x.size() ? y[j] : j == y.size() ? x[i] : std::min(x[i], y[j]);
        if (!zeros_done && (!left || value > 0)) {
            run(zeros_x, zeros_y);
            zeros_done = true;
            continue;
        }
        const std::size_t first_i = i, first_j = j;
        while (i < x.size() && x[i] == value) {
            ++i;
        }
        while (j < y.size() && y[j] == value) {
            ++j;
        }
        run(static_cast<double>(i - first_i), static_cast<double>(j - first_j));
    }
    return sum;
}

/// As scipy.stats.mannwhitneyu(method="asymptotic").
double p_value(double u, double ties, double n1, double n2) {
    const double n = n1 + n2;
    const double deviation = std::sqrt(n1 * n2 / 12 * (n + 1 - (n > 1 ? ties / (n * (n - 1)) : 0)));
    if (!(deviation > 0)) {
        return 1;
    }
    const double z = (std::max(u, n1 * n2 - u) - n1 * n2 / 2 - 0.5) / deviation;
    return std::clamp(2 * normal_above(z), 0.0, 1.0);
}

/// log2(0 / 0) is no change.
double or_zero(double value) {
    return std::isnan(value) ? 0 : value;
}

void test_gene(ControlTest& test, std::size_t gene, const Slab& slab, std::size_t group, std::size_t control,
               const ControlTestOptions& options) {
    const std::size_t g = gene - slab.first;
    const auto &x = slab.values[group][g], &y = slab.values[control][g];
    const auto n1 = static_cast<double>(test.cells), n2 = static_cast<double>(test.control_cells);
    const RankSum ranks =
        rank_sum(x, n1 - static_cast<double>(x.size()), y, n2 - static_cast<double>(y.size()));
    const double u = ranks.first - n1 * (n1 + 1) / 2;
    const double mean = std::expm1(slab.sums[group][g] / n1),
                 reference = std::expm1(slab.sums[control][g] / n2);
    test.mean[gene] = mean;
    test.control_mean[gene] = reference;
    test.log2_fold_change[gene] =
        or_zero(std::log2((mean + options.epsilon) / (reference + options.epsilon)));
    test.percent_change[gene] = or_zero((mean - reference) / (reference + options.epsilon));
    test.statistic[gene] = u;
    test.pval[gene] = p_value(u, ranks.ties, n1, n2);
}

} // namespace

std::vector<ControlTest> control_tests(const ComparedCells& cells,
                                       const std::vector<std::vector<std::uint32_t>>& rows,
                                       const std::vector<std::int32_t>& perts, const std::string& cell_type,
                                       const ControlTestOptions& options, JobContext& job) {
    const std::size_t genes = cells.genes.size();
    std::vector<ControlTest> tests;
    std::vector<std::vector<std::uint32_t>> groups; ///< of the tests, the control last
    for (const std::int32_t pert : perts) {
        const auto& own = rows[static_cast<std::size_t>(pert)];
        if (own.empty() || rows.back().empty()) {
            continue;
        }
        ControlTest test;
        test.perturbation = cells.perts[static_cast<std::size_t>(pert)];
        test.cell_type = cell_type;
        test.cells = own.size();
        test.control_cells = rows.back().size();
        for (auto* column : {&test.mean, &test.control_mean, &test.log2_fold_change, &test.percent_change,
                             &test.pval, &test.statistic}) {
            column->resize(genes);
        }
        groups.push_back(own);
        tests.push_back(std::move(test));
    }
    groups.push_back(rows.back());
    const std::size_t slabs = (genes + slab_genes - 1) / slab_genes;
    tbb::parallel_for(std::size_t{0}, tests.empty() ? 0 : slabs, [&](std::size_t s) {
        const Slab slab = read_slab(cells.pool, groups, s * slab_genes, options.discrete, job);
        for (std::size_t t = 0; t < tests.size(); ++t) {
            job.check_cancelled();
            for (std::size_t g = 0; g < slab.count; ++g) {
                test_gene(tests[t], slab.first + g, slab, t, tests.size(), options);
            }
        }
    });
    for (ControlTest& test : tests) {
        test.fdr = benjamini_hochberg(test.pval);
    }
    return tests;
}

} // namespace ember

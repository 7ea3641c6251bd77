// Against scipy's and scanpy's numbers.

#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/analysis/correlation.hpp"
#include "core/analysis/distributions.hpp"
#include "core/analysis/mean_tests.hpp"
#include "core/analysis/rank_tests.hpp"
#include "core/data/npy.hpp"

namespace ember {
namespace {

using nlohmann::json;

const json& fixture(const std::string& name) {
    static std::map<std::string, json> read;
    const auto [at, isNew] = read.try_emplace(name);
    if (isNew) {
        at->second = json::parse(std::ifstream(std::filesystem::path(EMBER_TEST_DATA) / "analysis" / name));
    }
    return at->second;
}

double number(const json& value) {
    return value.is_string() ? NAN : value.get<double>();
}
std::vector<double> numbers(const json& value) {
    return value.get<std::vector<double>>();
}

void expect_close(double found, const json& expected, double relative, const std::string& what) {
    const double wanted = number(expected);
    if (std::isnan(wanted)) {
        EXPECT_TRUE(std::isnan(found)) << what << " is " << found;
    } else {
        EXPECT_NEAR(found, wanted, relative * std::abs(wanted)) << what;
    }
}

struct Side {
    const char* name;
    Alternative alternative;
};
constexpr Side sides[] = {
    {"two-sided", Alternative::two_sided}, {"greater", Alternative::greater}, {"less", Alternative::less}};

TEST(RankTests, MannWhitneyAsScipy) {
    for (const json& one : fixture("ranktests.json").at("two_sample")) {
        const std::vector<double> x = numbers(one["x"]), y = numbers(one["y"]);
        for (const auto& [name, alternative] : sides) {
            const auto check = [&](const std::string& key, RankMethod method, bool continuity) {
                if (one.contains(key)) {
                    const MannWhitney found = mann_whitney(x, y, alternative, method, continuity);
                    EXPECT_EQ(found.u, one[key]["U"].get<double>());
                    expect_close(found.p, one[key]["p"], 1e-10, one["name"].get<std::string>() + " " + key);
                    EXPECT_EQ(found.rank_biserial, 2 * found.auc - 1);
                    EXPECT_NEAR(found.auc, one["auc"].get<double>(), 1e-15);
                }
            };
            check(std::string("mwu_exact_") + name, RankMethod::exact, true);
            check(std::string("mwu_asymptotic_cc_") + name, RankMethod::asymptotic, true);
            check(std::string("mwu_asymptotic_") + name, RankMethod::asymptotic, false);
            const RankSumTest sums = rank_sum_test(x, y, alternative);
            const json& expected = one[std::string("ranksums_") + name];
            EXPECT_NEAR(sums.z, expected["z"].get<double>(), 1e-13);
            expect_close(sums.p, expected["p"], 1e-10, "ranksums");
        }
    }
}

TEST(RankTests, ScoresAsScanpy) {
    for (const json& one : fixture("ranktests.json").at("two_sample")) {
        const RankSums sums = rank_sums(numbers(one["x"]), numbers(one["y"]));
        EXPECT_NEAR(sums.tie_coefficient(), one["tie_coefficient"].get<double>(), 1e-14);
        EXPECT_NEAR(rank_sum_z(sums, false), one["scanpy_no_tie"]["z"].get<double>(), 1e-12);
        EXPECT_NEAR(rank_sum_z(sums, true), one["scanpy_tie"]["z"].get<double>(), 1e-12);
        expect_close(normal_two_sided(rank_sum_z(sums, true)), one["scanpy_tie"]["p"], 1e-10, "scanpy");
    }
}

TEST(RankTests, SignedRankAsScipy) {
    for (const json& one : fixture("ranktests.json").at("signed_rank")) {
        const std::vector<double> d = numbers(one["d"]);
        for (const auto& [name, alternative] : sides) {
            const auto check = [&](const std::string& key, RankMethod method, ZeroDifferences zeros,
                                   bool continuity) {
                if (one.contains(key)) {
                    const SignedRank found = signed_rank(d, alternative, method, zeros, continuity);
                    EXPECT_EQ(found.w, one[key]["W"].get<double>()) << key;
                    expect_close(found.p, one[key]["p"], 1e-10, one["name"].get<std::string>() + " " + key);
                }
            };
            const std::string side = std::string("_") + name;
            using enum RankMethod;
            check("asymptotic_wilcox" + side, asymptotic, ZeroDifferences::drop, false);
            check("asymptotic_pratt" + side, asymptotic, ZeroDifferences::rank, false);
            check("asymptotic_wilcox_cc" + side, asymptotic, ZeroDifferences::drop, true);
            check("asymptotic_pratt_cc" + side, asymptotic, ZeroDifferences::rank, true);
            check("exact" + side, exact, ZeroDifferences::drop, false);
            check("exact" + side, automatic, ZeroDifferences::drop, false);
        }
    }
}

TEST(RankTests, ExactCountsAllArrangements) {
    // 3 against 2 values: 10 arrangements, U = 0 … 6 in 1, 1, 2, 2, 2, 1, 1 of them.
    const std::vector<double> x{3, 4, 5}, y{1, 2};
    EXPECT_DOUBLE_EQ(mann_whitney(x, y, Alternative::greater).p, 0.1);
    EXPECT_DOUBLE_EQ(mann_whitney(y, x, Alternative::less).p, 0.1);
    EXPECT_DOUBLE_EQ(mann_whitney(x, y).p, 0.2);
    EXPECT_TRUE(mann_whitney(x, y).exact);
    EXPECT_TRUE(std::isnan(mann_whitney(x, {}).p));
    const std::vector<double> with_nan{1, NAN};
    EXPECT_TRUE(std::isnan(mann_whitney(with_nan, y).p));
    std::vector<double> many(70), others(70); // too many arrangements to count
    for (int i = 0; i < 70; ++i) {
        many[static_cast<std::size_t>(i)] = 2 * i;
        others[static_cast<std::size_t>(i)] = 2 * i + 1;
    }
    EXPECT_FALSE(mann_whitney(many, others, Alternative::two_sided, RankMethod::exact).exact);
}

TEST(RankTests, SwappingTheSamplesTurnsTheSign) {
    for (const json& one : fixture("ranktests.json").at("two_sample")) {
        const std::vector<double> x = numbers(one["x"]), y = numbers(one["y"]);
        const double z = rank_sum_z(rank_sums(x, y), true);
        EXPECT_NEAR(rank_sum_z(rank_sums(y, x), true), -z, 1e-12);
        EXPECT_NEAR(mann_whitney(x, y).p, mann_whitney(y, x).p, 1e-14);
        EXPECT_NEAR(mann_whitney(x, y).auc + mann_whitney(y, x).auc, 1, 1e-14);
    }
}

TEST(RankTests, MonotoneTransformsLeaveRanksAlone) {
    for (const json& one : fixture("ranktests.json").at("two_sample")) {
        std::vector<double> x = numbers(one["x"]), y = numbers(one["y"]);
        const RankSums before = rank_sums(x, y);
        for (std::vector<double>* values : {&x, &y}) {
            for (double& value : *values) {
                value = std::exp(value / 4) + 3;
            }
        }
        const RankSums after = rank_sums(x, y);
        EXPECT_EQ(before.first, after.first);
        EXPECT_EQ(before.ties, after.ties);
    }
}

TEST(Correlation, CasesAsScipy) {
    const json all = fixture("corr.json");
    for (const json& one : all["cases"]) {
        std::vector<double> x, y;
        if (one.contains("file")) {
            const NpyArray both = read_npy(std::filesystem::path(EMBER_TEST_DATA) / "analysis" /
                                           one["file"].get<std::string>());
            const auto half = static_cast<std::ptrdiff_t>(both.values.size() / 2);
            ASSERT_EQ(both.shape.front(), 2U);
            x.assign(both.values.begin(), both.values.begin() + half);
            y.assign(both.values.begin() + half, both.values.end());
        } else {
            x = numbers(one["x"]);
            y = numbers(one["y"]);
            EXPECT_EQ(average_ranks(x), numbers(one["rank_x"]));
            EXPECT_EQ(average_ranks(y), numbers(one["rank_y"]));
        }
        const std::string name = one["name"];
        const double tolerance = name == "large_offset" ? 1e-6 : 1e-12;
        const Correlation r = pearson_test(x, y), rho = spearman_test(x, y);
        if (std::isnan(number(one["pearson_r"]))) {
            EXPECT_TRUE(std::isnan(r.r) && std::isnan(rho.r) && std::isnan(r.p.p)) << name;
            continue;
        }
        EXPECT_NEAR(r.r, number(one["pearson_r"]), tolerance) << name;
        EXPECT_NEAR(rho.r, number(one["spearman_r"]), tolerance) << name;
        const bool perfect = name.find("perfect") != std::string::npos; // p hangs on the last digit of r
        if (x.size() > 2 && !perfect) {
            const auto n = static_cast<double>(x.size());
            expect_close(correlation_two_sided(number(one["pearson_r"]), n).p, one["pearson_p"], 1e-9, name);
            expect_close(correlation_two_sided(number(one["spearman_r"]), n).p, one["spearman_p"], 1e-9,
                         name);
        } else if (perfect) {
            EXPECT_LT(rho.p.p, 1e-50);
        } else {
            EXPECT_EQ(r.p.p, 1);
            EXPECT_TRUE(std::isnan(rho.p.p));
        }
        if (name != "large_offset" && !perfect && x.size() > 2) {
            expect_close(r.p.p, one["pearson_p"], 1e-9, name);
            expect_close(rho.p.p, one["spearman_p"], 1e-9, name);
        }
    }
}

TEST(Correlation, RowwiseAsScipy) {
    const json rows = fixture("corr.json")["rowwise"];
    for (std::size_t i = 0; i < rows["A"].size(); ++i) {
        const std::vector<double> a = numbers(rows["A"][i]), b = numbers(rows["B"][i]);
        EXPECT_NEAR(pearson(a, b), rows["pearson"][i].get<double>(), 1e-12);
        EXPECT_NEAR(spearman(a, b), rows["spearman"][i].get<double>(), 1e-12);
    }
}

TEST(Correlation, ProbabilitiesFarBelowTheSmallestDouble) {
    for (const json& one : fixture("corr.json").at("p_from_r")) {
        const double r = one["r"], n = one["n"];
        const SmallProbability p = correlation_two_sided(r, n);
        if (number(one["p_two_sided"]) > 1e-300) {
            expect_close(p.p, one["p_two_sided"], 1e-9, one.dump());
            expect_close(student_two_sided(one["t"], n - 2).p, one["p_two_sided"], 1e-9, one.dump());
        }
        expect_close(p.log10_p, one["log10_p"], 1e-8, one.dump());
        expect_close(student_two_sided(one["t"], n - 2).log10_p, one["log10_p"], 1e-8, one.dump());
    }
}

TEST(MeanTests, WelchAndPaired) {
    // scipy.stats.ttest_ind(equal_var=False) and ttest_1samp.
    const std::vector<double> a{1, 2, 4, 7}, b{2, 2.5, 3};
    const MeanTest test = welch(moments_of(a), moments_of(b));
    EXPECT_NEAR(test.t, 0.7385489458759964, 1e-13);
    EXPECT_NEAR(test.p, 0.5094755559962412, 1e-12);
    EXPECT_NEAR(test.df, 3.281355932203389, 1e-13);
    const std::vector<double> d{1, 2, 3};
    EXPECT_NEAR(paired_t(d).t, 3.4641016151377544, 1e-13);
    EXPECT_NEAR(paired_t(d).p, 0.07417990022744853, 1e-12);
    EXPECT_TRUE(std::isnan(welch(moments_of(std::vector<double>{1}), moments_of(b)).p));
    const std::vector<double> flat{2, 2, 2};
    EXPECT_TRUE(std::isnan(welch(moments_of(flat), moments_of(flat)).p));
}

TEST(MeanTests, QuantilesInvertTails) {
    for (const double df : {1.0, 2.0, 3.5, 16.0, 400.0}) {
        for (const double p : {0.5, 0.05, 1e-6}) {
            const double t = student_quantile_two_sided(p, df);
            EXPECT_NEAR(student_two_sided(t, df).p, p, 1e-11 * p);
        }
    }
    EXPECT_NEAR(student_quantile_two_sided(0.05, 16), 2.1199052992210112, 1e-11);
}

} // namespace
} // namespace ember

#include "core/genes/differential_expression.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include <gmock/gmock.h>

#include "../analysis/memory_anndata.hpp"
#include "core/analysis/mean_tests.hpp"
#include "core/analysis/multiple_testing.hpp"
#include "core/analysis/rank_tests.hpp"
#include "core/data/h5ad_writer.hpp"
#include "core/genes/gene_scan.hpp"
#include "core/genes/gene_words.hpp"

namespace ember {
namespace {

using test::MemoryAnnData;
using test::MemoryMatrix;
using ::testing::Contains;
using ::testing::HasSubstr;

/// Sparse, tied, with some negative values, which a robust program must rank all the same.
struct Made {
    std::uint64_t cells = 240, genes = 30;
    std::vector<double> values;
    std::vector<std::string> group, mouse, day;
};

Made make(unsigned seed = 1, bool negative = false) {
    Made made;
    std::mt19937 random(seed);
    made.values.resize(made.cells * made.genes);
    for (std::uint64_t cell = 0; cell < made.cells; ++cell) {
        const unsigned group = random() % 3, mouse = random() % 4;
        made.group.push_back(std::string(1, static_cast<char>('A' + group)));
        made.mouse.push_back(made.group.back() + std::to_string(mouse));
        made.day.push_back(random() % 2 != 0 ? "day10" : "day14");
        for (std::uint64_t gene = 0; gene < made.genes; ++gene) {
            const bool there = random() % 10 < 2 + gene % 7;
            const double value = static_cast<double>(random() % 40 + group * (gene % 5)) / 16;
            made.values[cell * made.genes + gene] = there ? value - (negative ? 1 : 0) : 0;
        }
    }
    return made;
}

MemoryAnnData anndata(const Made& made, bool sparse = true, std::uint64_t block_rows = 7) {
    MemoryAnnData data(made.cells, made.genes);
    data.set_x({made.cells, made.genes, made.values, sparse, false, block_rows});
    data.add_text("group", made.group).add_text("mouse", made.mouse).add_text("day", made.day);
    return data;
}

DifferentialRequest request_for(const std::string& reference = "rest") {
    DifferentialRequest request;
    request.groupby = "group";
    request.reference = reference;
    return request;
}

DifferentialResult compare(const AnnData& data, const DifferentialRequest& request) {
    JobContext job;
    return differential_expression(data, request, job);
}

/// Values of one gene in cells that `chosen` holds.
template<typename Chosen>
std::vector<double> values_of(const Made& made, std::uint64_t gene, Chosen chosen) {
    std::vector<double> values;
    for (std::uint64_t cell = 0; cell < made.cells; ++cell) {
        if (chosen(cell)) {
            values.push_back(static_cast<float>(made.values[cell * made.genes + gene]));
        }
    }
    return values;
}

TEST(Differential, AgreesWithTheDirectComputation) {
    for (const bool negative : {false, true}) {
        const Made made = make(3, negative);
        for (const std::string reference : {"rest", "B"}) {
            for (const DifferentialTable& table : compare(anndata(made), request_for(reference)).tables) {
                for (std::uint64_t gene = 0; gene < made.genes; ++gene) {
                    const auto own =
                        values_of(made, gene, [&](auto c) { return made.group[c] == table.group; });
                    const auto other = values_of(made, gene, [&](auto c) {
                        return reference == "rest" ? made.group[c] != table.group
                                                   : made.group[c] == reference;
                    });
                    const double z = rank_sum_z(rank_sums(own, other), true);
                    EXPECT_NEAR(table.score[gene], z, 1e-11);
                    const SampleMoments a = moments_of(own), b = moments_of(other);
                    EXPECT_NEAR(table.mean_group[gene], a.mean, 1e-12);
                    EXPECT_NEAR(table.mean_reference[gene], b.mean, 1e-12);
                    EXPECT_NEAR(table.sd_group[gene], std::sqrt(a.variance), 1e-11);
                    EXPECT_NEAR(table.sd_reference[gene], std::sqrt(b.variance), 1e-11);
                }
                EXPECT_EQ(table.padj, benjamini_hochberg(table.pval));
            }
        }
    }
}

TEST(Differential, TheBaseOfTheLogarithmCounts) {
    const Made made = make(25);
    const auto written = [&](double base) {
        NewAnnData data;
        for (const double value : made.values) {
            data.x.push_back(static_cast<float>(value / std::log(base)));
        }
        for (std::uint64_t cell = 0; cell < made.cells; ++cell) {
            data.obs_names.push_back(std::to_string(cell));
        }
        for (std::uint64_t gene = 0; gene < made.genes; ++gene) {
            data.var_names.push_back("G" + std::to_string(gene));
        }
        data.obs.push_back({"group", "object", TextColumn{made.group, {}}});
        data.obs.push_back({"mouse", "object", TextColumn{made.mouse, {}}});
        data.uns["log1p"] = nlohmann::json::object();
        if (base == 2) {
            data.uns["log1p"]["base"] = 2.0;
        }
        const std::string file = testing::TempDir() + "log_base.h5ad";
        write_h5ad(data, file);
        return AnnData::open(file);
    };
    for (const std::string replicate : {"", "mouse"}) {
        DifferentialRequest request = request_for("B");
        request.replicate_col = replicate;
        const DifferentialTable natural = compare(*written(std::exp(1.0)), request).tables[0];
        const DifferentialTable binary = compare(*written(2), request).tables[0];
        for (std::size_t gene = 0; gene < made.genes; ++gene) {
            EXPECT_NEAR(natural.log_fold_change[gene], binary.log_fold_change[gene], 1e-6);
            EXPECT_NEAR(natural.low[gene], binary.low[gene], 1e-5);
        }
    }
}

TEST(Differential, StrataAreComparedOnTheirOwn) {
    const Made made = make(4);
    DifferentialRequest request = request_for("A");
    request.within = {"day"};
    const DifferentialResult result = compare(anndata(made), request);
    ASSERT_EQ(result.tables.size(), 4U);
    EXPECT_THAT(result.tables[1].within, testing::ElementsAre("day10"));
    EXPECT_THAT(result.tables[2].within, testing::ElementsAre("day14"));
    for (const DifferentialTable& table : result.tables) {
        for (std::uint64_t gene = 0; gene < made.genes; ++gene) {
            const auto in = [&](const std::string& label) {
                return values_of(made, gene, [&](auto c) {
                    return made.group[c] == label && made.day[c] == table.within[0];
                });
            };
            EXPECT_NEAR(table.score[gene], rank_sum_z(rank_sums(in(table.group), in("A")), true), 1e-11);
        }
    }
}

TEST(Differential, SparseAndDenseAndBlocksGiveTheSameBytes) {
    const Made made = make(5);
    DifferentialRequest request = request_for();
    request.within = {"day"};
    const std::string csv = differential_csv(request, compare(anndata(made, true, 7), request));
    EXPECT_EQ(csv, differential_csv(request, compare(anndata(made, false, 1000), request)));
    EXPECT_EQ(csv, differential_csv(request, compare(anndata(made, true, 1), request)));
}

TEST(Differential, TheOrderOfCellsChangesNothing) {
    const Made made = make(6);
    Made shuffled = made;
    std::vector<std::size_t> order(made.cells);
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::shuffle(order.begin(), order.end(), std::mt19937(7));
    for (std::size_t i = 0; i < order.size(); ++i) {
        shuffled.group[i] = made.group[order[i]];
        shuffled.mouse[i] = made.mouse[order[i]];
        shuffled.day[i] = made.day[order[i]];
        std::copy_n(made.values.begin() + static_cast<std::ptrdiff_t>(order[i] * made.genes), made.genes,
                    shuffled.values.begin() + static_cast<std::ptrdiff_t>(i * made.genes));
    }
    for (const std::string replicate : {"", "mouse"}) {
        DifferentialRequest request = request_for("A");
        request.replicate_col = replicate;
        EXPECT_EQ(differential_csv(request, compare(anndata(made), request)),
                  differential_csv(request, compare(anndata(shuffled), request)));
    }
}

TEST(Differential, SwappingTheGroupsTurnsTheSigns) {
    const Made made = make(8);
    for (const std::string replicate : {"", "mouse"}) {
        DifferentialRequest forth = request_for("B"), back = request_for("A");
        forth.replicate_col = back.replicate_col = replicate;
        forth.groups = {"A"};
        back.groups = {"B"};
        const DifferentialTable a = compare(anndata(made), forth).tables[0],
                                b = compare(anndata(made), back).tables[0];
        for (std::size_t gene = 0; gene < made.genes; ++gene) {
            EXPECT_NEAR(a.score[gene], -b.score[gene], 1e-11);
            EXPECT_NEAR(a.pval[gene], b.pval[gene], 1e-11);
            EXPECT_NEAR(a.log_fold_change[gene], -b.log_fold_change[gene], 1e-11);
            EXPECT_NEAR(a.low[gene], -b.high[gene], 1e-9);
        }
    }
}

TEST(Differential, MonotoneTransformsKeepTheScores) {
    const Made made = make(9);
    Made bent = made;
    for (double& value : bent.values) {
        value = value * value * 2;
    }
    const DifferentialResult a = compare(anndata(made), request_for()),
                             b = compare(anndata(bent), request_for());
    for (std::size_t t = 0; t < a.tables.size(); ++t) {
        EXPECT_EQ(a.tables[t].score, b.tables[t].score);
        EXPECT_EQ(a.tables[t].pval, b.tables[t].pval);
    }
}

TEST(Differential, AdjustedPValuesRiseWithP) {
    const DifferentialTable table = compare(anndata(make(10)), request_for()).tables[1];
    std::vector<std::size_t> order(table.pval.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::sort(order.begin(), order.end(), [&](auto a, auto b) { return table.pval[a] < table.pval[b]; });
    for (std::size_t i = 1; i < order.size(); ++i) {
        EXPECT_LE(table.padj[order[i - 1]], table.padj[order[i]]);
        EXPECT_GE(table.padj[order[i]], table.pval[order[i]]);
    }
}

TEST(Differential, ReplicatesAreProfilesOfTheirCells) {
    const Made made = make(11);
    DifferentialRequest request = request_for("B");
    request.replicate_col = "mouse";
    const DifferentialTable table = compare(anndata(made), request).tables[0];
    EXPECT_EQ(table.unit, TestUnit::replicates);
    EXPECT_EQ(table.test, GeneTest::welch);
    EXPECT_FALSE(table.paired);
    EXPECT_EQ(table.replicates_group, 4U);
    for (std::uint64_t gene = 0; gene < made.genes; ++gene) {
        const auto profiles = [&](const std::string& group) {
            std::vector<double> found;
            for (const char* number : {"0", "1", "2", "3"}) {
                double sum = 0;
                const auto cells =
                    values_of(made, gene, [&](auto c) { return made.mouse[c] == group + number; });
                for (const double value : cells) {
                    sum += std::expm1(value);
                }
                found.push_back(std::log1p(sum / static_cast<double>(cells.size())));
            }
            return found;
        };
        const MeanTest wanted = welch(moments_of(profiles("A")), moments_of(profiles("B")));
        EXPECT_NEAR(table.score[gene], wanted.t, 1e-9);
        EXPECT_NEAR(table.pval[gene], wanted.p, 1e-9);
        EXPECT_NEAR(table.log_fold_change[gene], wanted.difference / std::log(2.0), 1e-12);
        EXPECT_LT(table.low[gene], table.log_fold_change[gene]);
        EXPECT_GT(table.high[gene], table.log_fold_change[gene]);
        EXPECT_EQ(table.low[gene] > 0 || table.high[gene] < 0, table.pval[gene] < 0.05);
    }
}

TEST(Differential, ReplicatesOnBothSidesArePaired) {
    Made made = make(12);
    for (std::string& mouse : made.mouse) {
        mouse = mouse.substr(1); // every mouse has cells of every group
    }
    for (const std::string reference : {"B", "rest"}) {
        DifferentialRequest request = request_for(reference);
        request.replicate_col = "mouse";
        const DifferentialTable table = compare(anndata(made), request).tables[0];
        EXPECT_TRUE(table.paired);
        std::vector<double> differences;
        for (const char* mouse : {"0", "1", "2", "3"}) {
            const auto profile = [&](bool own) {
                double sum = 0, n = 0;
                for (std::uint64_t c = 0; c < made.cells; ++c) {
                    const bool side = own                   ? made.group[c] == "A"
                                      : reference == "rest" ? made.group[c] != "A"
                                                            : made.group[c] == "B";
                    if (made.mouse[c] == mouse && side) {
                        sum += std::expm1(
                            static_cast<double>(static_cast<float>(made.values[c * made.genes + 4])));
                        ++n;
                    }
                }
                return std::log1p(sum / n);
            };
            differences.push_back(profile(true) - profile(false));
        }
        EXPECT_NEAR(table.score[4], paired_t(differences).t, 1e-9);
        request.test = GeneTest::wilcoxon;
        EXPECT_NEAR(compare(anndata(made), request).tables[0].pval[4], signed_rank(differences).p, 1e-12);
    }
}

TEST(Differential, OneReplicateOnASideHasNoP) {
    Made made = make(13);
    for (std::uint64_t cell = 0; cell < made.cells; ++cell) {
        made.mouse[cell] = made.group[cell] == "A" ? "only" : made.mouse[cell];
    }
    DifferentialRequest request = request_for("B");
    request.replicate_col = "mouse";
    const DifferentialResult result = compare(anndata(made), request);
    EXPECT_FALSE(result.tables[0].tested);
    EXPECT_EQ(result.tables[0].note, "1 mouse in A: no p-value");
    EXPECT_THAT(result.warnings, Contains(HasSubstr("1 mouse in A")));
    EXPECT_TRUE(std::isnan(result.tables[0].pval[2]) && std::isnan(result.tables[0].low[2]));
    EXPECT_TRUE(std::isfinite(result.tables[0].log_fold_change[2]));
    EXPECT_TRUE(std::isfinite(result.tables[0].mean_group[2]));
    EXPECT_TRUE(result.tables[1].tested);
}

TEST(Differential, ReplicatesWithFewCellsAreLeftOut) {
    Made made = make(14);
    const auto first = std::find(made.group.begin(), made.group.end(), "A");
    made.mouse[static_cast<std::size_t>(first - made.group.begin())] = "small";
    DifferentialRequest request = request_for("B");
    request.replicate_col = "mouse";
    const DifferentialTable table = compare(anndata(made), request).tables[0];
    EXPECT_EQ(table.replicates_group, 4U);
    EXPECT_EQ(table.note, "1 × mouse with fewer than 3 cells left out");
}

TEST(Differential, CellsAsReplicatesOnlyWithAWarning) {
    DifferentialRequest request = request_for();
    EXPECT_THAT(compare(anndata(make()), request).warnings, Contains(HasSubstr("Each cell counts")));
    request.replicate_col = "mouse";
    EXPECT_THAT(compare(anndata(make()), request).warnings, testing::IsEmpty());
    request.unit = TestUnit::cells;
    const DifferentialResult result = compare(anndata(make()), request);
    EXPECT_THAT(result.warnings, Contains(HasSubstr("far too small")));
    EXPECT_EQ(result.tables[0].test, GeneTest::wilcoxon);
    EXPECT_EQ(result.tables[0].replicates_group, 4U);
}

TEST(Differential, AGroupOfOneCellIsComparedWithoutP) {
    Made made = make(15);
    made.group[0] = "lone";
    const DifferentialResult result = compare(anndata(made), request_for());
    const DifferentialTable& lone = result.tables.back();
    EXPECT_EQ(lone.group, "lone");
    EXPECT_FALSE(lone.tested);
    EXPECT_EQ(lone.note, "one cell in lone: no p-value");
    EXPECT_TRUE(std::isfinite(lone.log_fold_change[0]));
    EXPECT_TRUE(std::isnan(lone.sd_group[0]) && std::isnan(lone.padj[0]));
    EXPECT_TRUE(result.tables[0].tested);
}

TEST(Differential, GenesThatDoNotVary) {
    Made made = make(16);
    for (std::uint64_t cell = 0; cell < made.cells; ++cell) {
        made.values[cell * made.genes + 1] = 2;
        made.values[cell * made.genes + 2] = 0;
    }
    for (const GeneTest test : {GeneTest::wilcoxon, GeneTest::welch}) {
        for (const std::string replicate : {"", "mouse"}) {
            DifferentialRequest request = request_for("B");
            request.test = test;
            request.replicate_col = replicate;
            const DifferentialResult result = compare(anndata(made), request);
            EXPECT_THAT(result.warnings, Contains(HasSubstr("2 genes do not vary")));
            const DifferentialTable& table = result.tables[0];
            for (const std::size_t gene : {1U, 2U}) {
                EXPECT_EQ(table.score[gene], 0);
                EXPECT_EQ(table.pval[gene], 1);
                EXPECT_EQ(table.log_fold_change[gene], 0);
            }
        }
    }
}

TEST(Differential, AShiftWithoutSpreadHasNoT) {
    Made made = make(26);
    for (std::uint64_t cell = 0; cell < made.cells; ++cell) {
        made.values[cell * made.genes] = made.group[cell] == "A" ? 2 : 1;
    }
    DifferentialRequest request = request_for("B");
    request.test = GeneTest::welch;
    for (const std::string replicate : {"", "mouse"}) {
        request.replicate_col = replicate;
        const DifferentialTable table = compare(anndata(made), request).tables[0];
        EXPECT_EQ(std::isnan(table.pval[0]), std::isnan(table.score[0]));
        EXPECT_NE(table.pval[0], 1);
        EXPECT_GT(table.log_fold_change[0], 0.9);
    }
}

TEST(Differential, ValuesThatAreNotFinite) {
    Made made = make(17);
    made.values[5 * made.genes + 3] = NAN;
    made.values[6 * made.genes + 4] = -INFINITY;
    const DifferentialResult result = compare(anndata(made), request_for());
    EXPECT_THAT(result.warnings,
                Contains("2 genes have values that are NaN or infinite: no result for them"));
    for (const std::size_t gene : {3U, 4U}) {
        EXPECT_TRUE(std::isnan(result.tables[0].pval[gene]) && std::isnan(result.tables[0].padj[gene]));
    }
    EXPECT_TRUE(std::isfinite(result.tables[0].padj[0]));
    EXPECT_TRUE(std::isnan(result.tables[0].score[by_score(result.tables[0]).back()]));
}

TEST(Differential, CountsAndNegativeValuesAreNamed) {
    Made made = make(18);
    for (double& value : made.values) {
        value = std::floor(value * 16);
    }
    EXPECT_THAT(compare(anndata(made), request_for()).warnings, Contains(HasSubstr("look like counts")));
    EXPECT_THAT(compare(anndata(make(1, true)), request_for()).warnings, Contains(HasSubstr("below zero")));
}

TEST(Differential, MissingLabelsAreLeftOut) {
    const Made made = make(19);
    MemoryAnnData data = anndata(made);
    CategoricalColumn column{{"A", "B"}, {}, false};
    for (std::uint64_t cell = 0; cell < made.cells; ++cell) {
        column.codes.push_back(cell < 10 ? -1 : static_cast<std::int32_t>(cell % 2));
    }
    data.add_categories("half", column);
    DifferentialRequest request;
    request.groupby = "half";
    const DifferentialResult result = compare(data, request);
    EXPECT_EQ(result.tables[0].n_group + result.tables[0].n_reference, made.cells - 10);
    EXPECT_THAT(result.warnings, Contains(HasSubstr("10 cells have no label")));
}

TEST(Differential, AStratumWithoutAGroupIsNamed) {
    Made made = make(20);
    for (std::uint64_t cell = 0; cell < made.cells; ++cell) {
        if (made.day[cell] == "day14" && made.group[cell] == "B") {
            made.day[cell] = "day10";
        }
    }
    DifferentialRequest request = request_for("B");
    request.within = {"day"};
    request.groups = {"A"};
    const DifferentialResult result = compare(anndata(made), request);
    ASSERT_EQ(result.tables.size(), 1U);
    EXPECT_THAT(result.warnings, Contains("day14: no cells in B, so nothing was compared"));
}

TEST(Differential, RefusesWhatCannotBeCompared) {
    const MemoryAnnData data = anndata(make());
    const auto message = [&](const DifferentialRequest& request) -> std::string {
        try {
            compare(data, request);
        } catch (const Error& error) {
            return error.what();
        }
        return "none";
    };
    DifferentialRequest request = request_for("b");
    EXPECT_THAT(message(request), HasSubstr("'b' is no label of 'group'. Did you mean 'B'"));
    request = request_for("B");
    request.groups = {"B"};
    EXPECT_THAT(message(request), HasSubstr("no group to compare"));
    request = request_for();
    request.groupby = "grup";
    EXPECT_THAT(message(request), HasSubstr("no obs column 'grup'"));
    request = request_for();
    request.within = {"group"};
    EXPECT_THAT(message(request), HasSubstr("named twice"));
    request = request_for();
    request.unit = TestUnit::replicates;
    EXPECT_THAT(message(request), HasSubstr("Replicates"));
}

/// Stops the work when `phase` begins.
class Stopper : public JobListener {
public:
    explicit Stopper(std::string phase) : phase_(std::move(phase)) {}
    void on_progress(const Progress& progress) override {
        if (progress.phase == phase_) {
            source.request_stop();
        }
    }
    std::stop_source source;

private:
    std::string phase_;
};

TEST(Differential, CanBeCancelledInEveryPhase) {
    const MemoryAnnData data = anndata(make());
    for (const char* phase : {"Reading cells", "Comparing groups"}) {
        Stopper stopper(phase);
        JobContext job(&stopper, stopper.source.get_token());
        EXPECT_THROW(differential_expression(data, request_for(), job), Cancelled) << phase;
    }
}

TEST(Differential, CsvHasTheColumnsAndTheStrata) {
    DifferentialRequest request = request_for("B");
    request.groups = {"A"};
    request.within = {"day"};
    const DifferentialResult result = compare(anndata(make(21)), request);
    const std::string csv = differential_csv(request, result);
    EXPECT_EQ(csv.substr(0, csv.find('\n')),
              "day,group,gene,score,log_fold_change,pval,padj,fraction_group,fraction_reference,mean_group,"
              "mean_reference,sd_group,sd_reference,n_group,n_reference");
    EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 1 + 2 * 30);
    const std::string best = result.genes[by_score(result.tables[0]).front()];
    EXPECT_THAT(csv, HasSubstr("\nday10,A," + best + ","));
}

TEST(GeneScan, SmallBudgetsGiveTheSameLists) {
    const Made made = make(22);
    const MemoryAnnData data = anndata(made);
    std::vector<std::int32_t> leaf(made.cells);
    for (std::size_t cell = 0; cell < leaf.size(); ++cell) {
        leaf[cell] = static_cast<std::int32_t>(cell % 5) - 1;
    }
    for (const std::uint64_t budget : {std::uint64_t(1), std::uint64_t(4000), gene_scan_budget}) {
        std::vector<std::vector<std::uint64_t>> lists(made.genes);
        JobContext job;
        for_each_gene(
            *data.matrix({}), leaf,
            [&](std::uint64_t gene, std::span<std::uint64_t> words) {
                lists[gene].assign(words.begin(), words.end());
            },
            job, budget);
        for (std::uint64_t gene = 0; gene < made.genes; ++gene) {
            std::vector<std::uint64_t> wanted;
            for (std::uint64_t cell = 0; cell < made.cells; ++cell) {
                const auto value = static_cast<float>(made.values[cell * made.genes + gene]);
                if (leaf[cell] >= 0 && value != 0) {
                    wanted.push_back(pack_word(value, static_cast<std::uint32_t>(leaf[cell])));
                }
            }
            EXPECT_EQ(lists[gene], wanted);
        }
    }
}

TEST(GeneScan, RepeatedColumnsAddUp) {
    const auto data =
        AnnData::open(std::filesystem::path(EMBER_TEST_DATA) / "h5ad/valid/csr_duplicates.h5ad");
    const MatrixPtr matrix = data->matrix({});
    std::vector<float> dense(matrix->rows() * matrix->cols());
    matrix->read_rows(0, matrix->rows(), dense);
    std::vector<float> found(dense.size(), 0);
    std::vector<std::int32_t> leaf(matrix->rows());
    std::iota(leaf.begin(), leaf.end(), 0);
    JobContext job;
    for_each_gene(
        *matrix, leaf,
        [&](std::uint64_t gene, std::span<std::uint64_t> words) {
            for (const std::uint64_t word : words) {
                found[word_leaf(word) * matrix->cols() + gene] = word_value(word);
            }
        },
        job);
    EXPECT_EQ(found, dense);
}

TEST(GeneWords, SortByValue) {
    std::mt19937 random(1);
    std::vector<std::uint64_t> words, scratch;
    std::normal_distribution<float> normal;
    for (std::uint32_t i = 0; i < 5000; ++i) {
        words.push_back(pack_word(normal(random), i));
    }
    words.push_back(pack_word(-INFINITY, 0));
    words.push_back(pack_word(INFINITY, 0));
    sort_words(words, scratch);
    EXPECT_TRUE(std::is_sorted(words.begin(), words.end(),
                               [](auto a, auto b) { return word_value(a) < word_value(b); }));
    EXPECT_EQ(word_value(words.front()), -INFINITY);
    EXPECT_EQ(word_value(words.back()), INFINITY);
}

} // namespace
} // namespace ember

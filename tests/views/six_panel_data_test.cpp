// What the six-panel figure shows, against the statistics of the reference implementation.

#include "views/prediction/six_panel_data.hpp"

#include <cmath>
#include <fstream>
#include <numeric>

#include <QTemporaryDir>

#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "core/data/h5ad_writer.hpp"
#include "core/data/npy.hpp"
#include "views/embedding/prediction_banner.hpp"
#include "views/prediction/six_panel_figure.hpp"

namespace ember {
namespace {

using nlohmann::json;

class SixPanelDataTest : public testing::Test {
protected:
    void SetUp() override {
        std::ifstream file(EMBER_TEST_DATA "/analysis/predstats.json");
        fixture = json::parse(file);
        const NpyArray x = read_npy(EMBER_TEST_DATA "/analysis/predstats_X.npy");
        cells.values.assign(x.values.begin(), x.values.end());
        for (std::size_t i = 0; i < x.shape[0]; ++i) {
            cells.names.push_back("cell" + std::to_string(i));
        }
        for (const char* column : {"condition", "timepoint", "cell_type"}) {
            cells.labels[column] = fixture[column].get<std::vector<std::string>>();
        }
        for (std::size_t i = 0; i < cells.names.size(); ++i) {
            cells.labels["mouse"].push_back("m" + std::to_string(i % 5));
        }
        request.source = {MatrixSource::Kind::obsm, "pred"};
        request.condition = "condition";
        request.timepoint = "timepoint";
        request.celltype = "cell_type";
        request.threshold = 0.01;
        request.permutations = 19;
    }

    SixPanelData gather() {
        request.adata = folder.filePath("cells.h5ad").toStdString();
        NewAnnData data;
        data.obs_names = cells.names;
        data.var_names = {"only"};
        for (const auto& [name, labels] : cells.labels) {
            data.obs.push_back({name, "object", TextColumn{labels, {}}});
        }
        data.obsm.emplace_back("pred", cells.values);
        if (!cells.umap.empty()) {
            data.obsm.emplace_back("X_pred_umap", cells.umap);
        }
        if (!cells.line.empty()) {
            data.obsm.emplace_back("cell_line", cells.line);
        }
        write_h5ad(data, request.adata);
        JobContext job;
        return gatherSixPanels(*AnnData::open(request.adata), request, job);
    }

    struct {
        std::vector<std::string> names;
        std::vector<float> values, umap, line;
        std::map<std::string, std::vector<std::string>> labels;
    } cells;
    json fixture;
    SixPanelRequest request;
    QTemporaryDir folder;
};

TEST_F(SixPanelDataTest, BarsEqualTheReference) {
    const SixPanelData data = gather();
    const json expected = fixture["by_threshold"]["0.01"];
    ASSERT_EQ(data.sparsity.groups.size(), static_cast<qsizetype>(expected["cell_type"].size()));
    for (int i = 0; i < data.sparsity.groups.size(); ++i) {
        EXPECT_NEAR(data.sparsity.series[0].values[static_cast<std::size_t>(i)],
                    expected["cell_type"][data.sparsity.groups[i].toStdString()]["sparsity_abs_le_thr"],
                    1e-12);
    }
    int found = 0;
    for (const auto& [name, figures] : expected["condition_x_timepoint"].items()) {
        for (const BarSeries& series : data.means.series) {
            for (int i = 0; i < data.means.groups.size(); ++i) {
                const QString pair = QString::fromStdString(name);
                if (pair.contains(series.name) && pair.contains(data.means.groups[i])) {
                    EXPECT_NEAR(series.values[static_cast<std::size_t>(i)], figures["mean"].get<double>(),
                                1e-12);
                    ++found;
                }
            }
        }
    }
    EXPECT_EQ(found, 6);
    EXPECT_TRUE(data.means.errorLabel.isEmpty());
}

TEST_F(SixPanelDataTest, HistogramsCountEveryCellOnce) {
    const SixPanelData data = gather();
    for (const HistogramSeries& series : data.magnitudes.series) {
        EXPECT_EQ(std::accumulate(series.counts.begin(), series.counts.end(), std::uint64_t{0}),
                  fixture["by_threshold"]["0.01"]["condition"][series.name.toStdString()]["n"]
                      .get<std::uint64_t>());
        EXPECT_EQ(series.color, data.byCondition.colorOf(data.byCondition.names.indexOf(series.name)));
    }
    EXPECT_EQ(data.magnitudes.series.size(), 2u);
    EXPECT_EQ(data.others.size(), 2u);
    EXPECT_TRUE(data.notes.join(' ').contains("By timepoint: "));
}

TEST_F(SixPanelDataTest, TheVerdictIsTheBannersOwn) {
    request.permutations = 999;
    const SixPanelData data = gather();
    Schema schema;
    schema.pert_col.value = "condition";
    schema.celltype_col.value = "cell_type";
    schema.timepoint_col.value = "timepoint";
    const AnnDataPtr file = AnnData::open(request.adata);
    const ConditionDifferenceRequest window = difference_request(*file, request.source, schema);
    JobContext job;
    EXPECT_EQ(data.verdict, conditionDifferenceBanner(window, compare_conditions(*file, window, job)));
}

TEST_F(SixPanelDataTest, ErrorBarsAreStandardErrorsOverReplicates) {
    request.replicate = "mouse";
    const SixPanelData data = gather();
    ASSERT_FALSE(data.means.errorLabel.isEmpty());
    const std::string condition = data.means.series[0].name.toStdString(),
                      time = data.means.groups[0].toStdString();
    const std::size_t genes = cells.values.size() / cells.names.size();
    std::map<std::string, std::pair<double, double>> sums; // of one mouse: sum, cells
    for (std::size_t i = 0; i < cells.names.size(); ++i) {
        if (cells.labels["condition"][i] == condition && cells.labels["timepoint"][i] == time) {
            auto& [sum, count] = sums[cells.labels["mouse"][i]];
            sum += std::accumulate(&cells.values[i * genes], &cells.values[(i + 1) * genes], 0.0) /
                   static_cast<double>(genes);
            ++count;
        }
    }
    double mean = 0, squares = 0;
    const auto n = static_cast<double>(sums.size());
    for (const auto& [mouse, of] : sums) {
        mean += of.first / of.second / n;
    }
    for (const auto& [mouse, of] : sums) {
        squares += std::pow(of.first / of.second - mean, 2);
    }
    EXPECT_NEAR(data.means.series[0].errors[0], std::sqrt(squares / (n - 1) / n), 1e-9);
}

TEST_F(SixPanelDataTest, AnEmbeddingOfTheFileIsTakenAsItIs) {
    for (std::size_t i = 0; i < cells.names.size(); ++i) {
        cells.umap.insert(cells.umap.end(), {static_cast<float>(i), i == 3 ? NAN : -1.0F});
    }
    const SixPanelData data = gather();
    EXPECT_EQ(*data.points->begin(), 0);
    EXPECT_EQ((*data.points)[10], 5);
    EXPECT_EQ(data.embeddingName, "UMAP");
    EXPECT_TRUE(data.notes[0].contains("obsm/X_pred_umap"));
    const auto tables = sixPanelTables(data);
    ASSERT_EQ(tables.size(), 7u);
    EXPECT_EQ(tables[0].second.count('\n'),
              static_cast<qsizetype>(cells.names.size())); // header, all but cell 3
    EXPECT_EQ(json::parse(data.provenance.toStdString())["embedding"]["obsm"], "X_pred_umap");
    request.embedding = "nowhere";
    EXPECT_THROW(gather(), Error);
}

TEST_F(SixPanelDataTest, OneDimensionIsDrawnAgainstItsRanks) {
    request.embedding = "cell_line";
    for (std::size_t i = 0; i < cells.names.size(); ++i) {
        cells.line.push_back(static_cast<float>(i));
    }
    const SixPanelData data = gather();
    EXPECT_TRUE(data.ranked);
    EXPECT_EQ(data.points->at(10), 5);
    EXPECT_GT(data.points->at(11), data.points->at(9));
}

TEST_F(SixPanelDataTest, TheSameSeedGivesTheSameFigure) {
    const SixPanelData one = gather(), two = gather();
    EXPECT_EQ(*one.points, *two.points);
    EXPECT_EQ(sixPanelTables(one), sixPanelTables(two));
    EXPECT_EQ(one.difference.p, two.difference.p);
}

TEST_F(SixPanelDataTest, OddDataAreSaidNotFatal) {
    cells.values[7] = NAN;
    const SixPanelData gap = gather();
    EXPECT_TRUE(gap.notes.join(' ').contains("not finite")) << gap.notes.join(' ').toStdString();
    std::fill(cells.values.begin(), cells.values.end(), 1.0F);
    EXPECT_EQ(gather().difference.verdict, DifferenceVerdict::does_not_differ);
    std::fill(cells.values.begin(), cells.values.end(), NAN);
    EXPECT_EQ(gather().difference.verdict, DifferenceVerdict::too_few_cells);
    request.condition = request.timepoint = request.celltype = "";
    const SixPanelData bare = gather();
    EXPECT_EQ(bare.difference.verdict, DifferenceVerdict::not_tested);
    EXPECT_FALSE(bare.byCondition.codes);
    EXPECT_EQ(sixPanelTables(bare).size(), 3u);
}

TEST_F(SixPanelDataTest, ThousandsOfLabelsAreCutAndSaid) {
    for (std::size_t i = 0; i < cells.names.size(); ++i) {
        cells.labels["cell_type"][i] = "type" + std::to_string(i < 45 ? i / 2 : i);
        cells.labels["condition"][i] = "drug" + std::to_string(i % 30);
    }
    const SixPanelData data = gather();
    EXPECT_EQ(data.sparsity.groups.size(), 40);
    EXPECT_EQ(data.means.series.size(), 8u);
    EXPECT_TRUE(data.notes.join(' ').contains("largest of 68"));
}

} // namespace
} // namespace ember

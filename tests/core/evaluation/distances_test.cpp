// Energy distances and maximum mean discrepancies of groups of cells.

#include <cmath>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/analysis/energy_distance.hpp"
#include "core/evaluation/compared_cells.hpp"
#include "core/evaluation/kernel_discrepancy.hpp"
#include "core/evaluation/pair_distances.hpp"
#include "core/evaluation/pair_products.hpp"
#include "core/evaluation/score_sheet.hpp"

namespace {

using namespace ember;
using nlohmann::json;

json read_json(const std::string& file) {
    std::ifstream stream(std::string(EMBER_TEST_DATA) + file);
    return json::parse(stream);
}

/// Two groups of points in a pool.
struct Groups {
    CellPool pool{0};
    CellRows x, y;
    std::vector<double> values_x, values_y;

    explicit Groups(const json& x_rows, const json& y_rows) : pool(x_rows.front().size()) {
        for (const auto& row : x_rows) {
            x.push_back(pool.add_row(row.get<std::vector<double>>()));
            values_x.insert(values_x.end(), row.begin(), row.end());
        }
        for (const auto& row : y_rows) {
            y.push_back(pool.add_row(row.get<std::vector<double>>()));
            values_y.insert(values_y.end(), row.begin(), row.end());
        }
    }
};

TEST(PairDistances, AgreeWithTheReference) {
    JobContext job;
    const json distances = read_json("/analysis/distances.json");
    for (const json& one : distances.at("cases")) {
        const Groups groups(one["x"], one["y"]);
        const MeanDistance xx = mean_distance(groups.pool, groups.x, job),
                           yy = mean_distance(groups.pool, groups.y, job),
                           xy = mean_distance(groups.pool, groups.x, groups.y, job);
        EXPECT_NEAR(energy(xy, xx, yy), one["edistance_V_cell_eval"].get<double>(), 1e-5) << one["name"];
        EXPECT_NEAR(energy_of_geomloss(xy, xx, yy), one["geomloss_energy"].get<double>(), 1e-5)
            << one["name"];
        const auto dxx = squared_distances(groups.pool, groups.x, groups.x, job),
                   dyy = squared_distances(groups.pool, groups.y, groups.y, job),
                   dxy = squared_distances(groups.pool, groups.x, groups.y, job);
        const PairDistances squared{dxx, dyy, dxy};
        EXPECT_NEAR(median_distance(squared), one["median_pairwise_distance"].get<double>(), 1e-5);
        EXPECT_NEAR(mmd2_median(squared), one["mmd2_rbf_median_x_[.25,.5,1,2,4]_mean"].get<double>(), 1e-5);
        EXPECT_NEAR(mmd2_cellot(squared), one["mmd2_rbf_mean_over_gammas"].get<double>(), 1e-5);
        for (const auto& [gamma, value] : one["mmd2_rbf_biased_per_gamma"].items()) {
            EXPECT_NEAR(mmd2(squared, std::stod(gamma)), value.get<double>(), 1e-5)
                << one["name"] << ' ' << gamma;
        }
    }
}

TEST(PairDistances, OfAPredictionAgreeWithTheReference) {
    JobContext job;
    EvaluationRequest request;
    request.pert_col = "gene";
    request.control_pert = "control";
    request.pred_source = request.real_source = {MatrixSource::Kind::obsm, "X_hvg"};
    const std::string folder = EMBER_TEST_DATA "/state/";
    const ComparedCells cells = compare_cells(*AnnData::open(folder + "infer_tiny.h5ad"),
                                              *AnnData::open(folder + "tiny.h5ad"), request, job);
    const json reference = read_json("/state/cell_eval.json")["extra_not_cell_eval"];
    const auto pred = rows_by_pert(cells, cells.pred, every), real = rows_by_pert(cells, cells.real, every);
    for (std::size_t p = 0; p < pred.size(); ++p) {
        const json& expected = reference[p < cells.perts.size() ? cells.perts[p] : "control"];
        const MeanDistance xx = mean_distance(cells.pool, pred[p], job),
                           yy = mean_distance(cells.pool, real[p], job),
                           xy = mean_distance(cells.pool, pred[p], real[p], job);
        EXPECT_NEAR(energy_of_geomloss(xy, xx, yy), expected["energy_geomloss"].get<double>(), 1e-4);
        const auto dxx = squared_distances(cells.pool, pred[p], pred[p], job),
                   dyy = squared_distances(cells.pool, real[p], real[p], job),
                   dxy = squared_distances(cells.pool, pred[p], real[p], job);
        for (const char* gamma : {"0.01", "0.05", "0.5"}) {
            EXPECT_NEAR(mmd2({dxx, dyy, dxy}, std::stod(gamma)),
                        expected["mmd2_rbf_biased_gamma" + std::string(gamma)].get<double>(), 1e-4)
                << gamma;
        }
    }
}

/// Cells that are nearly alike far from the origin: products in single precision would lose every digit.
TEST(PairDistances, CloseCellsKeepTheirDigits) {
    std::vector<std::vector<double>> x, y;
    for (int i = 0; i < 130; ++i) { // more than two blocks
        x.emplace_back();
        y.emplace_back();
        for (int g = 0; g < 40; ++g) {
            x.back().push_back(5 + 1e-3 * ((i * 7 + g * 13) % 11));
            y.back().push_back(5 + 1e-3 * ((i * 5 + g * 3) % 17));
        }
    }
    const Groups groups(x, y);
    JobContext job;
    std::vector<float> float_x(groups.values_x.begin(), groups.values_x.end()),
        float_y(groups.values_y.begin(), groups.values_y.end());
    const EnergyDistance exact =
        energy_distance(std::span<const float>(float_x), std::span<const float>(float_y), 40, job);
    EXPECT_NEAR(mean_distance(groups.pool, groups.x, groups.y, job).mean, exact.between, 1e-6);
    EXPECT_NEAR(mean_distance(groups.pool, groups.x, job).mean, exact.within_x, 1e-6);
}

/// Sparse and dense rows in one group, several blocks of genes and of cells.
TEST(PairDistances, OfSparseCellsAreExact) {
    constexpr int genes = 250;
    std::vector<std::vector<double>> x, y;
    for (int i = 0; i < 150; ++i) {
        x.emplace_back();
        y.emplace_back();
        for (int g = 0; g < genes; ++g) {
            const bool full = i % 5 == 0;
            x.back().push_back(full || (i * 31 + g * 17) % 9 == 0 ? 0.1 * ((i + g) % 13) + 0.2 : 0);
            y.back().push_back((i * 13 + g * 29) % 7 == 0 ? 0.3 * ((i + 2 * g) % 5) : 0);
        }
    }
    const Groups groups(x, y);
    JobContext job;
    std::vector<float> float_x(groups.values_x.begin(), groups.values_x.end()),
        float_y(groups.values_y.begin(), groups.values_y.end());
    const EnergyDistance exact =
        energy_distance(std::span<const float>(float_x), std::span<const float>(float_y), genes, job);
    EXPECT_NEAR(mean_distance(groups.pool, groups.x, groups.y, job).mean, exact.between, 1e-5);
    EXPECT_NEAR(mean_distance(groups.pool, groups.x, job).mean, exact.within_x, 1e-5);
    EXPECT_NEAR(mean_distance(groups.pool, groups.y, job).mean, exact.within_y, 1e-5);
}

/// Both instruction sets, sparse and dense rows, against plain sums.
TEST(PairProducts, OfEveryKernelAgree) {
    constexpr std::size_t genes = 37;
    std::vector<float> panel(genes * panel_cells), rows(dense_rows * genes);
    for (std::size_t i = 0; i < panel.size(); ++i) {
        panel[i] = static_cast<float>(i % 23) - 7;
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i] = static_cast<float>(i % 11) - 3;
    }
    std::vector<const float*> starts;
    for (std::size_t r = 0; r < dense_rows; ++r) {
        starts.push_back(&rows[r * genes]);
    }
    const std::vector<std::uint32_t> some = {0, 5, 6, 36};
    for (const PairProductKernel& kernel : {pair_product_kernel_portable(), pair_product_kernel()}) {
        std::vector<float> dense(dense_rows * panel_cells), sparse(panel_cells);
        kernel.dense(starts.data(), genes, panel.data(), dense.data());
        const SparsePart part{rows.data(), some.data(), some.size(), sparse.data()};
        kernel.sparse(&part, 1, panel.data());
        for (std::size_t c = 0; c < panel_cells; ++c) {
            for (std::size_t r = 0; r < dense_rows; ++r) {
                float sum = 0;
                for (std::size_t g = 0; g < genes; ++g) {
                    sum += rows[r * genes + g] * panel[g * panel_cells + c];
                }
                EXPECT_EQ(dense[r * panel_cells + c], sum);
            }
            float sum = 0;
            for (std::size_t i = 0; i < some.size(); ++i) {
                sum += rows[i] * panel[some[i] * panel_cells + c];
            }
            EXPECT_EQ(sparse[c], sum);
        }
    }
}

} // namespace

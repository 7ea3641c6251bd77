// Whole predictions against arc-state's.

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "core/data/anndata.hpp"
#include "core/data/npy.hpp"
#include "infer_case.hpp"

using namespace ember;
using namespace ember::test;

namespace {

/// One of the demo's three runs, as its README states them.
InferRequest demo_request(const std::string& data, const std::string& model, const std::string& pert_col,
                          const std::string& celltype_col, const std::string& control) {
    InferRequest request;
    request.adata = demo / data;
    request.model_dir = demo / model;
    request.embed_key = "X_hvg";
    request.pert_col = pert_col;
    request.celltype_col = celltype_col;
    request.batch_col = "batch";
    request.control_pert = control;
    return request;
}

void expect_demo(const InferRequest& request, const std::string& name, InferResult& result) {
    result = infer(request);
    const NpyArray expected = read_npy(demo / ("expected_" + name + "_first200.npy"));
    EXPECT_EQ(result.width, expected.shape.at(1));
    EXPECT_LE(worst_difference(result.prediction, expected.values), 1e-4);
    std::ifstream in(demo / "expected.json");
    const auto overall = nlohmann::json::parse(in).at(name).at("overall");
    EXPECT_EQ(result.cells, overall.at("cells").get<std::uint64_t>());
    double sum = 0;
    for (const float value : result.prediction) {
        sum += value;
    }
    EXPECT_NEAR(sum / static_cast<double>(result.prediction.size()), overall.at("mean").get<double>(), 1e-5);
}

} // namespace

TEST(InferFixtures, Tiny) {
    const InferResult result = infer(tiny_request());
    EXPECT_LE(worst_difference(result.prediction, read_npy(state / "infer_tiny.npy").values), 1e-4);
    EXPECT_EQ(result.cells, 600u);
    EXPECT_EQ(result.width, 80u);
    EXPECT_THAT(result.unknown, testing::IsEmpty());
    EXPECT_THAT(result.warnings, testing::IsEmpty());
    EXPECT_EQ(result.control_pert, "control");
}

TEST(InferFixtures, TinyWithEverythingFromTheRunDirectory) {
    InferRequest request;
    request.adata = state / "tiny.h5ad";
    request.model_dir = state / "run_tiny";
    const InferResult result = infer(request);
    EXPECT_LE(worst_difference(result.prediction, read_npy(state / "infer_tiny.npy").values), 1e-4);
    EXPECT_EQ(result.pert_col, "gene");
    EXPECT_EQ(result.celltype_col, "cell_type");
    EXPECT_EQ(result.embed_key, "X_hvg");
}

TEST(InferFixtures, UnknownPerturbationIsPredictedAsControlWithOneWarning) {
    const Scratch scratch;
    write_relabelled(scratch / "unknown.h5ad", "pert_E", "Burn");
    InferRequest request = tiny_request();
    request.adata = scratch / "unknown.h5ad";
    Listener listener;
    JobContext job(&listener);
    const InferResult result = engine().infer(request, job);
    EXPECT_LE(worst_difference(result.prediction, read_npy(state / "infer_unknown_pert.npy").values), 1e-4);
    ASSERT_EQ(result.unknown.size(), 1u);
    EXPECT_EQ(result.unknown[0].label, "Burn");
    EXPECT_GT(result.unknown[0].cells, 0u);
    EXPECT_THAT(listener.warnings, testing::ElementsAre(testing::HasSubstr("'Burn'")));
    EXPECT_EQ(result.warnings, listener.warnings);
}

TEST(InferFixtures, AdaptersAreMerged) {
    InferRequest request = tiny_request();
    request.model_dir = state / "run_tiny_lora";
    const InferResult result = infer(request);
    EXPECT_EQ(result.prediction.size(), 600u * 80u);
    EXPECT_GT(worst_difference(result.prediction, read_npy(state / "infer_tiny.npy").values), 1e-2);
}

TEST(InferFixtures, DemoWound) {
    InferResult result;
    expect_demo(demo_request("wound_demo.h5ad", "st_wound", "condition", "cell_type", "Sham"), "wound",
                result);
    EXPECT_THAT(result.unknown, testing::IsEmpty());
}

TEST(InferFixtures, DemoPbmc) {
    InferResult result;
    expect_demo(demo_request("pbmc_phase.h5ad", "st_pbmc", "phase", "bulk_labels", "G1"), "pbmc", result);
    EXPECT_THAT(result.unknown, testing::IsEmpty());
}

TEST(InferFixtures, DemoDrugDoesNotKnowBurnAndSham) {
    InferResult result;
    expect_demo(demo_request("wound_demo.h5ad", "st_drug", "condition", "cell_type", "Sham"), "drug", result);
    ASSERT_EQ(result.unknown.size(), 2u);
    EXPECT_EQ(result.unknown[0].label, "Burn");
    EXPECT_EQ(result.unknown[1].label, "Sham");
    EXPECT_EQ(result.unknown[0].cells + result.unknown[1].cells, 4000u);
}

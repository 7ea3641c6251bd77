#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "core/run/checkpoint.hpp"
#include "core/run/run_directory.hpp"
#include "core/run/st_config.hpp"

namespace {

using namespace ember;
namespace fs = std::filesystem;

const fs::path state = fs::path(EMBER_TEST_DATA) / "state";
const fs::path demo = EMBER_DEMO;

TEST(RunDirectory, ReadsTheTinyRun) {
    const RunDirectory run = open_run_directory(state / "run_tiny");
    EXPECT_EQ(run.config_text("data.kwargs.pert_col"), "gene");
    EXPECT_EQ(run.config_at("model.kwargs.cell_set_len"), 16);
    EXPECT_THAT(run.perturbations.labels,
                ::testing::ElementsAre("control", "pert_A", "pert_B", "pert_C", "pert_D", "pert_E"));
    EXPECT_EQ(run.perturbations.dim, 6);
    EXPECT_EQ(run.perturbations.argmax[3], 3);
    EXPECT_EQ(run.perturbations.vectors[0], 1.0F);
    EXPECT_EQ(run.perturbations.vectors[1], 0.0F);
    EXPECT_THAT(run.batches.labels, ::testing::ElementsAre("b1", "b2"));
    EXPECT_THAT(run.cell_types.labels, ::testing::ElementsAre("CT0", "CT1", "CT2"));
    EXPECT_EQ(run.var_dims.input_dim, 80);
    EXPECT_EQ(run.var_dims.gene_names.size(), 80U);
    ASSERT_EQ(run.checkpoints.size(), 3U);
    EXPECT_EQ(run.checkpoints[0].filename(), "final.ckpt");
    EXPECT_EQ(run.checkpoints[1].filename(), "last.ckpt");
    EXPECT_EQ(run.checkpoints[2].filename(), "best.ckpt");
    EXPECT_EQ(run.default_checkpoint().filename(), "final.ckpt");
}

TEST(RunDirectory, ReadsTheDemoRuns) {
    for (const char* name : {"st_drug", "st_pbmc", "st_wound"}) {
        const RunDirectory run = open_run_directory(demo / name);
        const CheckpointPtr checkpoint = Checkpoint::open(run.default_checkpoint());
        const StConfig config = read_st_config(*checkpoint, &run);
        EXPECT_EQ(config.pert_dim, run.perturbations.dim) << name;
        EXPECT_TRUE(run.perturbations.find(config.control_pert)) << name;
        EXPECT_EQ(checkpoint->format(), "Lightning checkpoint");
    }
}

} // namespace

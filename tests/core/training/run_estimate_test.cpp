// What a run will cost, against networks that exist.

#include <gtest/gtest.h>

#include "core/experiment/run_estimate.hpp"
#include "core/run/run_directory.hpp"
#include "core/run/st_config.hpp"
#include "tests/core/training/train_case.hpp"

using namespace ember;
using namespace ember::test;
namespace fs = std::filesystem;

namespace {

RunExtent tiny_extent() {
    RunExtent extent;
    extent.input_dim = extent.output_dim = extent.gene_dim = 80;
    extent.pert_dim = 6;
    extent.batch_dim = 2;
    extent.batches_per_epoch = 10;
    return extent;
}

std::int64_t counted(const char* run) {
    const RunDirectory directory = open_run_directory(fs::path(EMBER_TEST_DATA) / "state" / run);
    return read_st_config(*Checkpoint::open(directory.default_checkpoint()), &directory).parameters;
}

} // namespace

TEST(RunEstimate, CountsTheParametersOfArcStatesNetworks) {
    const nlohmann::json kwargs = tiny_config()["model"]["kwargs"];
    NetworkSettings settings;
    const NetworkSize plain = network_size(kwargs, settings, "gene", tiny_extent());
    EXPECT_EQ(plain.parameters, counted("run_tiny"));
    EXPECT_EQ(plain.trainable, plain.parameters);
    EXPECT_EQ(plain.zeros, 128 * 48);
    settings.lora.enable = true;
    settings.lora.r = 4;
    const NetworkSize adapted = network_size(kwargs, settings, "gene", tiny_extent());
    EXPECT_EQ(adapted.parameters, counted("run_tiny_lora"));
    EXPECT_LT(adapted.trainable, plain.trainable);
}

TEST(RunEstimate, NamesTheOptionWhenMemoryOrDiskIsShort) {
    nlohmann::json config = tiny_config();
    config["model"]["kwargs"]["hidden_dim"] = 200000;
    JobContext job;
    const RunEstimate huge = estimate_run(config, train_settings(config), tiny_extent(), "/nowhere/run", job);
    const auto findings = resource_findings(huge, "/nowhere/run");
    ASSERT_FALSE(findings.empty());
    EXPECT_EQ(findings.front().class_name, "NoMemory");
    EXPECT_EQ(findings.front().key, "training.batch_size");
    EXPECT_TRUE(findings.front().fault);
    const nlohmann::json tiny = tiny_config();
    const RunEstimate small = estimate_run(tiny, train_settings(tiny), tiny_extent(), "/nowhere/run", job);
    EXPECT_TRUE(resource_findings(small, "/nowhere/run").empty());
    EXPECT_EQ(small.steps, 400);
    EXPECT_GT(small.step_seconds, 0);
    EXPECT_GT(small.free_disk_bytes.value_or(0), 0U);
}

TEST(RunEstimate, AFullDiskIsNoUnknownDisk) {
    RunEstimate estimate;
    estimate.memory_bytes = estimate.disk_bytes = 1;
    EXPECT_TRUE(resource_findings(estimate, "run").empty());
    estimate.available_bytes = estimate.free_disk_bytes = 0;
    const auto findings = resource_findings(estimate, "run");
    ASSERT_EQ(findings.size(), 2U);
    EXPECT_EQ(findings[0].class_name, "NoMemory");
    EXPECT_EQ(findings[1].class_name, "NoSpace");
}

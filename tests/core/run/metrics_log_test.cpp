#include "core/run/metrics_log.hpp"

#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/run/python_text.hpp"
#include "scratch_folder.hpp"

namespace ember {
namespace {

using test::ScratchFolder;
using test::text_of;
using testing::HasSubstr;

MetricsRow row(std::int64_t step, std::int64_t epoch, std::map<std::string, double> values) {
    MetricsRow result;
    result.step = step;
    result.epoch = epoch;
    result.values = std::move(values);
    return result;
}

TEST(MetricsLog, WritesAsLightningDoes) {
    const ScratchFolder folder;
    const auto peer = std::filesystem::path(EMBER_TEST_DATA) / "state/run_tiny/version_0/metrics.csv";
    MetricsTail tail;
    MetricsLog log(folder / "metrics.csv", -1);
    for (const MetricsRow& entry : read_metrics(peer, tail)) {
        log.add(entry);
        log.flush();
    }
    EXPECT_EQ(text_of(folder / "metrics.csv"), text_of(peer));
}

TEST(MetricsLog, ANewColumnRewritesTheFile) {
    const ScratchFolder folder;
    MetricsLog log(folder / "metrics.csv", -1);
    log.add(row(9, 0, {{"train_loss", 2.5}}));
    log.flush();
    EXPECT_EQ(text_of(folder / "metrics.csv"), "epoch,step,train_loss\r\n0,9,2.5\r\n");
    log.add(row(19, 1, {{"train_loss", 1e-5}}));
    log.add(row(19, 1, {{"a,b", 3}, {"val_loss", std::nan("")}}));
    log.flush();
    EXPECT_EQ(text_of(folder / "metrics.csv"), "\"a,b\",epoch,step,train_loss,val_loss\r\n"
                                               ",0,9,2.5,\r\n,1,19,1e-05,\r\n3.0,1,19,,nan\r\n");
    EXPECT_EQ(test::files_in(folder.path()), 1U);
}

TEST(MetricsLog, AResumedRunWritesLaterStepsAgain) {
    const ScratchFolder folder;
    const auto file = folder / "metrics.csv";
    test::write_text(file, "epoch,step,train_loss\r\n0,9,1.0\r\n0,19,2.0\r\n0,29,3.0\r\n1,39,4.0\r\n1,4");
    MetricsLog log(file, 19);
    EXPECT_EQ(text_of(file), "epoch,step,train_loss\r\n0,9,1.0\r\n0,19,2.0\r\n");
    log.add(row(29, 0, {{"train_loss", 5}}));
    log.flush();
    EXPECT_EQ(text_of(file), "epoch,step,train_loss\r\n0,9,1.0\r\n0,19,2.0\r\n0,29,5.0\r\n");
}

TEST(MetricsLog, AnUntouchedFileIsGoneOnWith) {
    const ScratchFolder folder;
    const auto file = folder / "metrics.csv";
    test::write_text(file, "epoch,step,train_loss\r\n0,9,1.0\r\n");
    MetricsLog(file, 9).flush();
    EXPECT_EQ(text_of(file), "epoch,step,train_loss\r\n0,9,1.0\r\n");
    MetricsLog(file, -1).flush();
    EXPECT_EQ(text_of(file), "epoch,step,train_loss\r\n");
}

TEST(MetricsLog, AForeignTableIsKeptBeside) {
    const ScratchFolder folder;
    test::write_text(folder / "metrics.csv", "a,b\n1,2\n");
    MetricsLog log(folder / "metrics.csv", 100);
    log.add(row(0, 0, {{"train_loss", 1}}));
    log.flush();
    EXPECT_EQ(text_of(folder / "metrics.csv"), "epoch,step,train_loss\r\n0,0,1.0\r\n");
    EXPECT_EQ(text_of(folder / "metrics.old.csv"), "a,b\n1,2\n");
}

TEST(MetricsTail, ReadsOnlyWhatIsNewAndWhole) {
    const ScratchFolder folder;
    const auto file = folder / "metrics.csv";
    MetricsTail tail;
    EXPECT_TRUE(read_metrics(file, tail).empty());
    test::write_text(file, "epoch,step,tr");
    EXPECT_TRUE(read_metrics(file, tail).empty());
    test::write_text(file, "epoch,step,train_loss\r\n0,9,1.5\r\n0,1");
    auto rows = read_metrics(file, tail);
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].step, 9);
    EXPECT_EQ(rows[0].values.at("train_loss"), 1.5);
    EXPECT_TRUE(read_metrics(file, tail).empty());
    test::write_text(file, "epoch,step,train_loss\r\n0,9,1.5\r\n0,19,\r\n");
    rows = read_metrics(file, tail);
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].step, 19);
    EXPECT_TRUE(rows[0].values.empty());
    EXPECT_FALSE(tail.restarted);
}

TEST(MetricsTail, StartsAgainWhenTheFileIsAnother) {
    const ScratchFolder folder;
    const auto file = folder / "metrics.csv";
    MetricsTail tail;
    MetricsLog log(file, -1);
    log.add(row(9, 0, {{"train_loss", 1}}));
    log.add(row(19, 0, {{"train_loss", 2}}));
    log.flush();
    EXPECT_EQ(read_metrics(file, tail).size(), 2U);
    log.add(row(19, 0, {{"val_loss", 3}}));
    log.flush();
    EXPECT_EQ(read_metrics(file, tail).size(), 3U);
    EXPECT_TRUE(tail.restarted);

    // Cut back and grown beyond the old end before the watcher looks again.
    MetricsLog resumed(file, 9);
    for (int step = 19; step < 70; step += 10) {
        resumed.add(row(step, 0, {{"train_loss", step}}));
    }
    resumed.flush();
    EXPECT_EQ(read_metrics(file, tail).size(), 7U);
    EXPECT_TRUE(tail.restarted);

    std::filesystem::remove(file);
    EXPECT_TRUE(read_metrics(file, tail).empty());
    EXPECT_TRUE(tail.restarted);
    EXPECT_TRUE(read_metrics(file, tail).empty());
    EXPECT_FALSE(tail.restarted);
}

TEST(MetricsTail, StrangeContentHasNoRows) {
    const ScratchFolder folder;
    const auto file = folder / "metrics.csv";
    for (const char* text : {"\n\n\n", "a\n1\n2\n", "epoch,step\n,\nx,y\n", "step,\"q\n1,2\n\n,,,,\nfoo\n"}) {
        test::write_text(file, text);
        MetricsTail tail;
        for (const MetricsRow& entry : read_metrics(file, tail)) {
            EXPECT_EQ(entry.step, 1) << text;
        }
    }
}

TEST(PythonFloat, PrintsAsPythonDoes) {
    EXPECT_EQ(python_float(0), "0.0");
    EXPECT_EQ(python_float(-0.0), "-0.0");
    EXPECT_EQ(python_float(1e-4), "0.0001");
    EXPECT_EQ(python_float(1e-5), "1e-05");
    EXPECT_EQ(python_float(1.5e-7), "1.5e-07");
    EXPECT_EQ(python_float(1e15), "1000000000000000.0");
    EXPECT_EQ(python_float(1e16), "1e+16");
    EXPECT_EQ(python_float(277401600), "277401600.0");
    EXPECT_EQ(python_float(6.613157272338867), "6.613157272338867");
    EXPECT_EQ(python_float(std::numeric_limits<double>::infinity()), "inf");
    EXPECT_EQ(yaml_float(1e-5), "1.0e-05");
    EXPECT_EQ(yaml_float(0.001), "0.001");
    EXPECT_EQ(yaml_float(-std::numeric_limits<double>::infinity()), "-.inf");
}

} // namespace
} // namespace ember

// What is read from the files of runs that grow, and what is said of it.

#include <filesystem>
#include <fstream>

#include <QTemporaryDir>
#include <QTest>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "training_runs.hpp"
#include "views/training/curve_panels.hpp"
#include "views/training/live_map_data.hpp"
#include "views/training/run_snapshot.hpp"
#include "views/training/run_words.hpp"

namespace ember {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class RunWatch : public testing::Test {
protected:
    QTemporaryDir folder;
    test::MadeUpRun run{folder.path().toStdString(), "burn_1"};
    std::string words(const RunSnapshot& snapshot, RunCommand asked = RunCommand::none) {
        return stateWords(snapshot, asked).text.toStdString();
    }
};

TEST_F(RunWatch, OnlyWhatIsNewIsRead) {
    run.become(RunState::running);
    run.train(100);
    RunReader reader(run.path);
    const RunSnapshotPtr first = reader.look();
    ASSERT_NE(first, nullptr);
    EXPECT_EQ(first->name, "burn_1");
    EXPECT_EQ(first->step(), 100);
    EXPECT_EQ(first->max_steps(), 400);
    ASSERT_NE(first->curve("train_loss"), nullptr);
    EXPECT_EQ(first->curve("train_loss")->step->size(), 100u);
    EXPECT_THAT(*first->curve("val_loss")->step, ElementsAre(49, 99));
    EXPECT_EQ(reader.look(), nullptr); // nothing has changed

    run.train(120);
    const RunSnapshotPtr second = reader.look();
    ASSERT_NE(second, nullptr);
    EXPECT_EQ(second->curve("train_loss")->step->size(), 120u);
    EXPECT_EQ(second->curve("train_loss")->step->back(), 119);
    EXPECT_EQ(first->curve("train_loss")->step->size(), 100u); // a snapshot stays what it was
    EXPECT_EQ(second->curve("val_loss")->step, first->curve("val_loss")->step); // shared: nothing new
}

TEST_F(RunWatch, AHalfWrittenLineWaits) {
    run.become(RunState::running);
    run.train(10);
    RunReader reader(run.path);
    ASSERT_NE(reader.look(), nullptr);
    std::ofstream(run.path / "version_0" / "metrics.csv", std::ios::app) << "0,10,1.5";
    const RunSnapshotPtr now = reader.look();
    const RunSnapshotPtr shown = now == nullptr ? reader.latest() : now;
    EXPECT_EQ(shown->curve("train_loss")->step->size(), 10u);
}

TEST_F(RunWatch, AResumedRunDrawsItsStepsAgain) {
    run.become(RunState::running);
    run.train(60);
    RunReader reader(run.path);
    ASSERT_NE(reader.look(), nullptr);
    run.log = std::make_unique<MetricsLog>(run.path / "version_0" / "metrics.csv", 39);
    run.status.step = 40;
    run.train(70);
    const RunSnapshotPtr now = reader.look();
    ASSERT_NE(now, nullptr);
    const std::vector<double>& steps = *now->curve("train_loss")->step;
    EXPECT_EQ(steps.size(), 70u);
    EXPECT_TRUE(std::is_sorted(steps.begin(), steps.end()));
}

TEST_F(RunWatch, ARollbackIsMarked) {
    run.become(RunState::running);
    run.train(60);
    RunReader reader(run.path);
    ASSERT_NE(reader.look(), nullptr);
    run.log = std::make_unique<MetricsLog>(run.path / "version_0" / "metrics.csv", 49);
    run.log->add({50, 0, {{"train/rollbacks", 1}}});
    run.status.rollbacks = 1;
    run.status.step = 50;
    run.train(55);
    const RunSnapshotPtr now = reader.look();
    ASSERT_NE(now, nullptr);
    EXPECT_THAT(now->rollbacks, ElementsAre(50));
    EXPECT_THAT(RunReader(run.path).look()->rollbacks, ElementsAre(50)); // also by who looks later
    for (const CurvePanel& panel : curvePanels({{now, "burn_1", Qt::red}}, {})) {
        EXPECT_NE(panel.key, "other-rollbacks"); // a mark, no curve
    }
    const std::vector<RunDiagnosis> found = diagnose(*now);
    ASSERT_FALSE(found.empty());
    EXPECT_THAT(found.front().symptom.toStdString(), HasSubstr("checkpoint 1"));
}

TEST_F(RunWatch, CheckpointsAndMonitorAppear) {
    run.become(RunState::running);
    RunReader reader(run.path);
    EXPECT_EQ(reader.look()->checkpoint_bytes(), 0u);
    run.checkpoint("best.ckpt", 1000);
    run.checkpoint("step=200.ckpt", 500);
    run.monitor(4, 3);
    const RunSnapshotPtr now = reader.look();
    ASSERT_NE(now, nullptr);
    EXPECT_EQ(now->checkpoints.size(), 2u);
    EXPECT_EQ(now->checkpoint_bytes(), 1500u);
    EXPECT_NE(now->monitor_time, 0);
}

TEST_F(RunWatch, EveryStateHasItsWords) {
    const std::pair<RunState, const char*> cases[] = {
        {RunState::queued, "Queued"},   {RunState::preparing, "Preparing"}, {RunState::running, "Running"},
        {RunState::paused, "Paused"},   {RunState::stopping, "Stopping…"},  {RunState::finished, "Finished"},
        {RunState::stopped, "Stopped"}, {RunState::failed, "Failed"}};
    RunReader reader(run.path);
    for (const auto& [state, text] : cases) {
        run.status.message = text;
        run.become(state);
        const RunSnapshotPtr now = reader.look();
        ASSERT_NE(now, nullptr) << text;
        EXPECT_EQ(words(*now), text);
        EXPECT_FALSE(stateWords(*now, RunCommand::none).icon.isEmpty());
    }
    run.become(RunState::running);
    EXPECT_EQ(words(*reader.look(), RunCommand::stop), "Stopping…");
    run.lock.reset(); // its process is gone
    run.write();
    const RunSnapshotPtr gone = reader.look();
    EXPECT_TRUE(gone->interrupted());
    EXPECT_EQ(words(*gone), "Interrupted");
}

TEST_F(RunWatch, ARunWithoutStatusIsShown) {
    run.train(50);
    std::filesystem::remove(run.path / "status.json");
    const RunSnapshotPtr now = RunReader(run.path).look();
    EXPECT_EQ(words(*now), "Trained elsewhere");
    EXPECT_EQ(now->step(), 50);
    EXPECT_FALSE(now->active());
    EXPECT_NEAR(now->best_loss().value(), 3.1 + 5 * std::exp(-49 / 80.0), 1e-9);
}

TEST_F(RunWatch, ADirectoryThatIsNotThereIsNoRun) {
    EXPECT_EQ(RunReader(run.path / "not_yet").look(), nullptr);
    RunReader reader(run.path);
    ASSERT_NE(reader.look(), nullptr);
    std::filesystem::remove_all(run.path);
    EXPECT_EQ(reader.look(), nullptr);
    EXPECT_FALSE(reader.exists());
}

TEST_F(RunWatch, AFailureSaysCauseAndRemedy) {
    run.train(80);
    run.status.error_class = "NotFinite";
    run.status.message = "The loss became infinite three times in a row";
    run.status.error_remedy = "Lower training.lr";
    run.status.checkpoint_step = 50;
    run.become(RunState::failed);
    const RunSnapshotPtr now = RunReader(run.path).look();
    const RunDiagnosis found = diagnose(*now).front();
    EXPECT_EQ(found.kind, BarKind::error);
    EXPECT_THAT(found.symptom.toStdString(), HasSubstr("infinite"));
    EXPECT_THAT(found.cause.toStdString(), HasSubstr("learning rate"));
    EXPECT_EQ(found.remedy, "Lower training.lr");
    EXPECT_TRUE(found.resume);
    EXPECT_TRUE(found.lower_rate);
}

TEST_F(RunWatch, PanelsHoldOneOrSeveralRuns) {
    run.train(100);
    test::MadeUpRun other(folder.path().toStdString(), "burn_2");
    other.log->add({0, 0, {{"train_loss", 4}, {"decoder_loss", 2}, {"train/odd_thing", 7}}});
    other.log->flush();
    const ShownRun first{RunReader(run.path).look(), "burn_1", Qt::red};
    const ShownRun second{RunReader(other.path).look(), "burn_2", Qt::blue};
    const std::vector<CurvePanel> one = curvePanels({first}, {});
    ASSERT_EQ(one.size(), 2u); // loss, gradient norm
    EXPECT_EQ(one[0].data.series.size(), 2u);
    EXPECT_EQ(one[0].data.series[0].name, "training");
    EXPECT_NE(one[0].data.series[0].color, one[0].data.series[1].color);
    const std::vector<CurvePanel> two = curvePanels({first, second}, {true, 0.5});
    QStringList keys;
    for (const CurvePanel& panel : two) {
        keys << panel.key;
    }
    EXPECT_EQ(keys, (QStringList{"loss", "gradient_norm", "decoder", "other-odd_thing"}));
    EXPECT_EQ(two[0].data.series.size(), 3u);
    EXPECT_EQ(two[0].data.series[0].color, Qt::red);
    EXPECT_TRUE(two[0].data.series[1].dashed);
    EXPECT_EQ(two[0].data.series[2].color, Qt::blue);
    EXPECT_TRUE(two[0].data.logarithmic);
    const auto best = std::find_if(two[0].data.marks.begin(), two[0].data.marks.end(),
                                   [](const TimeMark& mark) { return mark.kind == TimeMarkKind::best; });
    ASSERT_NE(best, two[0].data.marks.end());
    EXPECT_EQ(best->x, 99);
}

TEST_F(RunWatch, TheMapHoldsObservedAndPredictedCells) {
    run.monitor(40, 5);
    JobContext job;
    const LiveMapData map = make_live_map(run.path, nullptr, job);
    EXPECT_EQ(map.cells, 40u);
    EXPECT_EQ(map.xy.size(), 160u);
    EXPECT_EQ(map.cell_type.size(), 40u);
    EXPECT_EQ(map.perturbation.at(1), "Burn");
}

TEST(LiveMap, ATurnedMapIsTurnedBack) {
    const std::vector<float> before{0, 0, 4, 0, 4, 1, 0, 7};
    std::vector<float> turned; // by 90 degrees, mirrored, moved
    for (std::size_t i = 0; i < before.size(); i += 2) {
        turned.push_back(before[i + 1] + 10);
        turned.push_back(before[i] - 3);
    }
    align_plane(turned, before);
    for (std::size_t i = 0; i < before.size(); ++i) {
        EXPECT_NEAR(turned[i], before[i], 1e-4) << i;
    }
}

} // namespace
} // namespace ember

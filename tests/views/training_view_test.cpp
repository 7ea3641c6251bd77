// The Training view on made-up runs: list, overlay, controls, checkpoints, settings.

#include <csignal>
#include <fstream>

#include <QFile>
#include <QJsonArray>
#include <QLabel>
#include <QListView>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTreeWidget>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../widgets/fake_workspace.hpp"
#include "../widgets/named_widgets.hpp"
#include "core/base/demo_workspace.hpp"
#include "training_runs.hpp"
#include "views/training/launch_form.hpp"
#include "views/training/live_map.hpp"
#include "views/training/prune_dialog.hpp"
#include "views/training/run_list.hpp"
#include "views/training/run_pane.hpp"
#include "views/training/training_view.hpp"
#include "widgets/message_bar.hpp"
#include "widgets/point_cloud_plot.hpp"
#include "widgets/time_curve_plot.hpp"

namespace ember {
namespace {

using testing::HasSubstr;

class TrainingViewTest : public testing::Test {
protected:
    TrainingViewTest() : workspace((bundled_demo() / "wound_demo.h5ad").string()) {}
    void SetUp() override {
        store = new RunStore(workspace, false);
        view = std::make_unique<TrainingView>(workspace);
        view->resize(1200, 760);
        view->show();
    }
    void TearDown() override {
        view.reset();
        EXPECT_TRUE(workspace.waitForJobs());
    }
    bool waitFor(const std::function<bool()>& done) { return QTest::qWaitFor(done, 10000); }
    bool waitForRuns(int count) {
        return waitFor([&] { return view->runs()->rowCount() == count; });
    }
    template<typename Widget>
    Widget& find(const char* name) {
        auto* widget = view->findChild<Widget*>(name);
        if (widget == nullptr) {
            throw std::runtime_error(std::string("no widget ") + name);
        }
        return *widget;
    }
    static void connectEdits(View& edited, QJsonObject& before, QJsonObject& after) {
        QObject::connect(&edited, &View::settingsEdited, &edited,
                         [&](const QString&, const QJsonObject& was) {
                             before = was;
                             after = edited.settings();
                         });
    }
    static QString pathOf(const test::MadeUpRun& run) { return QString::fromStdString(run.path.string()); }

    QTemporaryDir folder;
    FakeWorkspace workspace;
    RunStore* store = nullptr;
    std::unique_ptr<TrainingView> view;
};

TEST_F(TrainingViewTest, AnEmptyViewOffersANewRun) {
    EXPECT_TRUE(find<QPushButton>("trainingFirst").isVisible());
    EXPECT_TRUE(find<QPushButton>("trainingNew").isVisible());
}

TEST_F(TrainingViewTest, RunsBelowAFolderAppearAndGrow) {
    test::MadeUpRun run(folder.path().toStdString(), "burn_1");
    run.become(RunState::running);
    run.train(50);
    store->watchFolder(folder.path());
    ASSERT_TRUE(waitForRuns(1));
    EXPECT_EQ(store->activeCount(), 1);
    const auto points = [&] { return view->pane()->plots().at(0)->data().series.at(0).x->size(); };
    EXPECT_EQ(points(), 50u);
    run.train(200);
    EXPECT_TRUE(waitFor([&] { return points() == 200; }));
    EXPECT_THAT(find<QTreeWidget>("runFacts").topLevelItem(0)->text(1).toStdString(),
                HasSubstr("Step 200 of 400"));
    QSignalSpy ended(store, &RunStore::ended);
    run.become(RunState::finished);
    EXPECT_TRUE(waitFor([&] { return ended.count() == 1; }));
}

TEST_F(TrainingViewTest, UpdatesComeAtMostFourTimesASecond) {
    test::MadeUpRun run(folder.path().toStdString(), "burn_1");
    run.become(RunState::running);
    store->watch(pathOf(run));
    ASSERT_TRUE(waitForRuns(1));
    QSignalSpy changes(store, &RunStore::changed);
    QElapsedTimer clock;
    clock.start();
    while (clock.elapsed() < 1500) {
        run.train(run.status.step + 1);
        store->lookNow();
        QTest::qWait(10);
    }
    EXPECT_GE(changes.count(), 1);
    EXPECT_LE(changes.count(), 8);
}

TEST_F(TrainingViewTest, AWishIsAnsweredAtOnce) {
    test::MadeUpRun run(folder.path().toStdString(), "burn_1");
    run.become(RunState::running);
    run.train(20);
    store->watch(pathOf(run));
    ASSERT_TRUE(waitForRuns(1));
    RunControl control(run.path);
    find<QPushButton>("runPause").click();
    EXPECT_EQ(view->runs()->index(0).data(RunListModel::stateRole).toString(), "Pausing…");
    EXPECT_TRUE(waitFor([&] { return control.read() == RunCommand::pause; }));
    run.become(RunState::paused);
    const auto shown = [&] { return view->runs()->index(0).data(RunListModel::stateRole).toString(); };
    EXPECT_TRUE(waitFor([&] { return shown() == "Paused"; }));
    EXPECT_TRUE(find<QPushButton>("runContinue").isVisible());
    find<QPushButton>("runContinue").click();
    EXPECT_TRUE(waitFor([&] { return control.read() == RunCommand::proceed; }));
    run.become(RunState::running);
    EXPECT_TRUE(waitFor([&] { return find<QPushButton>("runPause").isVisible(); }));
    find<QPushButton>("runStop").click();
    EXPECT_EQ(view->runs()->index(0).data(RunListModel::stateRole).toString(), "Stopping…");
    EXPECT_FALSE(find<QPushButton>("runStop").isEnabled());
    EXPECT_TRUE(waitFor([&] { return control.read() == RunCommand::stop; }));
    run.status.checkpoint_step = 20;
    run.become(RunState::stopped);
    EXPECT_TRUE(waitFor([&] { return find<QPushButton>("runResume").isVisible(); }));
    find<QPushButton>("runRemove").click();
    EXPECT_EQ(view->runs()->rowCount(), 0);
    EXPECT_TRUE(std::filesystem::exists(run.path / "status.json")); // its files stay
}

TEST_F(TrainingViewTest, TickedRunsAreOverlaidAndRemembered) {
    test::MadeUpRun first(folder.path().toStdString(), "burn_1"),
        second(folder.path().toStdString(), "burn_2");
    first.train(100);
    first.become(RunState::finished);
    second.train(60);
    second.become(RunState::stopped);
    store->watchFolder(folder.path());
    ASSERT_TRUE(waitForRuns(2));
    QSignalSpy edits(view.get(), &View::settingsEdited);
    auto& list = find<QListView>("runList");
    for (int row : {0, 1}) {
        view->runs()->setData(view->runs()->index(row), Qt::Checked, Qt::CheckStateRole);
    }
    EXPECT_EQ(edits.count(), 2);
    const TimeCurveData& loss = view->pane()->plots().at(0)->data();
    ASSERT_EQ(loss.series.size(), 4u);
    EXPECT_NE(loss.series[0].color, loss.series[2].color);
    list.setCurrentIndex(view->runs()->index(1));
    const QJsonObject kept = view->settings();
    EXPECT_EQ(kept["ticked"].toArray().size(), 2);
    TrainingView again(workspace);
    again.restore(kept);
    EXPECT_EQ(again.settings(), kept);
    EXPECT_EQ(again.runs()->ticked().size(), 2);
}

TEST_F(TrainingViewTest, ARemovedRunComesBackWhenItsFolderIsOpened) {
    test::MadeUpRun run(folder.path().toStdString(), "burn_1");
    run.become(RunState::finished);
    store->watchFolder(folder.path());
    ASSERT_TRUE(waitForRuns(1));
    find<QPushButton>("runRemove").click();
    EXPECT_EQ(view->runs()->rowCount(), 0);
    store->watchFolder(folder.path()); // as a new run there does
    QTest::qWait(600);
    EXPECT_EQ(view->runs()->rowCount(), 0);
    view->openFolder(folder.path());
    EXPECT_TRUE(waitForRuns(1));
    ASSERT_TRUE(workspace.waitForJobs());
    EXPECT_TRUE(workspace.messages.empty());
    std::filesystem::remove_all(run.path);
    EXPECT_TRUE(waitForRuns(0));
    QTemporaryDir empty;
    view->openFolder(empty.path());
    ASSERT_TRUE(waitFor([&] { return !workspace.messages.empty(); }));
    EXPECT_EQ(workspace.messages.front().title, "No training runs in this folder");
}

TEST_F(TrainingViewTest, ARunIsResumedOnce) {
    test::MadeUpRun run(folder.path().toStdString(), "burn_1");
    run.train(80);
    run.status.checkpoint_step = 50;
    run.become(RunState::stopped);
    store->watch(pathOf(run));
    ASSERT_TRUE(waitForRuns(1));
    const QString program = folder.filePath("program"), calls = folder.filePath("calls");
    std::ofstream(program.toStdString())
        << "#!/bin/sh\necho $$ >> " << calls.toStdString() << "\nexec sleep 30\n";
    QFile::setPermissions(program, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    qputenv("EMBER_CLI", program.toUtf8());
    auto& resume = find<QPushButton>("runResume");
    resume.click();
    EXPECT_FALSE(resume.isEnabled());
    view->resume(pathOf(run), false);
    ASSERT_TRUE(workspace.waitForJobs());
    qunsetenv("EMBER_CLI");
    qint64 pid = 0;
    ASSERT_TRUE(waitFor([&] {
        pid = lastLines(calls, 1).toLongLong();
        return pid > 0;
    }));
    EXPECT_EQ(lastLines(calls, 9).count('\n'), 0) << "started twice";
    run.status.pid = pid; // the process says that it is there
    run.write();
    EXPECT_TRUE(waitFor([&] { return resume.isEnabled(); }));
    ::kill(static_cast<pid_t>(pid), SIGKILL);
}

TEST_F(TrainingViewTest, TheFormOfASessionIsKeptAndUndoLeavesIt) {
    view->newRun(workspace.ref(), {});
    view->form()->set("training.lr", 0.003);
    const QJsonObject kept = view->settings();
    ASSERT_TRUE(kept.contains("form"));
    TrainingView again(workspace);
    again.restore(kept);
    EXPECT_EQ(again.settings(), kept); // before there is a form
    again.newRun({}, {});
    EXPECT_EQ(again.form()->config().value("training.lr"), 0.003);
    QJsonObject before, after;
    connectEdits(again, before, after);
    again.form()->set("training.lr", 0.007);
    again.pane()->choiceEdited();
    again.pane()->setTab(1);
    again.pane()->choiceEdited();
    ASSERT_FALSE(after.isEmpty());
    EXPECT_FALSE(before.contains("form"));
    EXPECT_FALSE(after.contains("form"));
    again.restore(before);
    EXPECT_EQ(again.form()->config().value("training.lr"), 0.007);
    ASSERT_TRUE(workspace.waitForJobs());
}

TEST_F(TrainingViewTest, AFailedRunSaysWhy) {
    test::MadeUpRun run(folder.path().toStdString(), "burn_1");
    run.train(80);
    run.status.error_class = "NoSpace";
    run.status.message = "The disk is full";
    run.status.error_remedy = "Free 200 MB";
    run.status.checkpoint_step = 50;
    run.become(RunState::failed);
    store->watch(pathOf(run));
    ASSERT_TRUE(waitForRuns(1));
    const auto* bar = view->findChild<MessageBar*>();
    ASSERT_NE(bar, nullptr);
    EXPECT_THAT(bar->plainText().toStdString(), HasSubstr("Free 200 MB"));
    EXPECT_TRUE(find<QPushButton>("runResume").isVisible());
}

TEST_F(TrainingViewTest, CheckpointsAreListedAndPruned) {
    test::MadeUpRun run(folder.path().toStdString(), "burn_1");
    run.checkpoint("best.ckpt", 3000);
    run.checkpoint("last.ckpt", 2000);
    run.checkpoint("step=100.ckpt", 1000);
    run.become(RunState::finished);
    store->watch(pathOf(run));
    ASSERT_TRUE(waitForRuns(1));
    EXPECT_EQ(find<QTreeWidget>("checkpointTable").topLevelItemCount(), 3);
    EXPECT_THAT(find<QLabel>("checkpointTotal").text().toStdString(), HasSubstr("6\u00a0kB"));
    PruneDialog dialog(workspace, run.path);
    dialog.show();
    ASSERT_TRUE(workspace.waitForJobs());
    ASSERT_EQ(dialog.doomed().size(), 1u);
    EXPECT_EQ(dialog.doomed().front().file.filename(), "step=100.ckpt");
    dialog.findChild<QPushButton*>("pruneDelete")->click();
    ASSERT_TRUE(workspace.waitForJobs());
    EXPECT_FALSE(std::filesystem::exists(run.path / "checkpoints" / "step=100.ckpt"));
    EXPECT_TRUE(std::filesystem::exists(run.path / "checkpoints" / "best.ckpt"));
    EXPECT_TRUE(waitFor([&] { return find<QTreeWidget>("checkpointTable").topLevelItemCount() == 2; }));
}

TEST_F(TrainingViewTest, TheMapIsDrawnWhenItIsInSight) {
    test::MadeUpRun run(folder.path().toStdString(), "burn_1");
    run.monitor(40, 5);
    run.become(RunState::finished);
    store->watch(pathOf(run));
    ASSERT_TRUE(waitForRuns(1));
    EXPECT_TRUE(workspace.jobs.empty()); // not before it is looked at
    find<QTabWidget>("runTabs").setCurrentIndex(2);
    PointCloudPlot* plot = view->pane()->map()->plot();
    ASSERT_TRUE(waitFor([&] { return plot->figure().xy != nullptr && plot->figure().xy->size() == 160; }));
    EXPECT_EQ(plot->colors().names,
              (QStringList{"Burn, predicted", "Burn, observed", "Sham, predicted", "Sham, observed"}));
}

TEST_F(TrainingViewTest, PlotsZoomTogether) {
    test::MadeUpRun run(folder.path().toStdString(), "burn_1");
    run.train(100);
    run.become(RunState::finished);
    store->watch(pathOf(run));
    ASSERT_TRUE(waitForRuns(1));
    const std::vector<TimeCurvePlot*> plots = view->pane()->plots();
    ASSERT_GE(plots.size(), 2u);
    QTest::keyClick(plots[0], Qt::Key_Plus);
    ASSERT_TRUE(plots[0]->data().left.has_value());
    EXPECT_EQ(plots[1]->data().left, plots[0]->data().left);
    QTest::keyClick(plots[1], Qt::Key_Home);
    EXPECT_FALSE(plots[0]->data().left.has_value());
}

TEST_F(TrainingViewTest, EveryControlHasAName) {
    test::MadeUpRun run(folder.path().toStdString(), "burn_1");
    run.become(RunState::finished);
    store->watch(pathOf(run));
    ASSERT_TRUE(waitForRuns(1));
    view->newRun({}, {});
    EXPECT_EQ(unnamedControls(*view), QStringList());
}

TEST(TimeCurves, CsvHoldsEveryPointAndSmoothingIsUnbiased) {
    const auto x = std::make_shared<const std::vector<double>>(std::vector<double>{0, 10, 20});
    const auto y = std::make_shared<const std::vector<double>>(std::vector<double>{2, 2, 5});
    EXPECT_THAT(smoothedValues(*y, 0.5), testing::ElementsAre(2, 2, testing::DoubleNear(3.714285714, 1e-8)));
    TimeCurveData data;
    data.xLabel = "Step";
    data.series.push_back({"loss", x, y, {}, false, false, false});
    EXPECT_EQ(timeCurveCsv(data), "series,Step,y\nloss,0,2\nloss,10,2\nloss,20,5\n");
}

} // namespace
} // namespace ember

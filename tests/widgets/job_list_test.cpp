#include <QLabel>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QSignalSpy>
#include <QToolButton>

#include <gtest/gtest.h>

#include "named_widgets.hpp"
#include "widgets/elided_label.hpp"
#include "widgets/job_list.hpp"

using namespace ember;

namespace {

JobRow running(int id) {
    JobRow row;
    row.id = id;
    row.name = "Predict";
    row.state = JobRowState::running;
    row.fraction = 0.62;
    row.phase = "Predicting: 620 of 1,000 cells";
    row.secondsLeft = 100;
    row.log = {"started", "half way"};
    return row;
}

template<typename Widget>
Widget* part(const JobList& list, int id, const char* name) {
    return list.findChild<QWidget*>(QStringLiteral("job-%1").arg(id))
        ->findChild<Widget*>(QLatin1String(name));
}

TEST(JobList, ShowsProgressAndTimeLeft) {
    JobList list;
    list.setJob(running(3));
    EXPECT_EQ(part<QProgressBar>(list, 3, "jobProgress")->value(), 620);
    EXPECT_EQ(part<ElidedLabel>(list, 3, "jobPhase")->text(), "Predicting: 620 of 1,000 cells");
    EXPECT_TRUE(part<QLabel>(list, 3, "jobTime")->text().endsWith("left"));
    EXPECT_TRUE(part<QToolButton>(list, 3, "jobRemoveButton")->isHidden());
    EXPECT_EQ(unnamedControls(list).join('\n').toStdString(), "");
}

TEST(JobList, CancelIsPassedOnAndThenDisabled) {
    JobList list;
    QSignalSpy cancelled(&list, &JobList::cancelRequested);
    JobRow row = running(3);
    list.setJob(row);
    part<QToolButton>(list, 3, "jobCancelButton")->click();
    ASSERT_EQ(cancelled.count(), 1);
    EXPECT_EQ(cancelled[0][0].toInt(), 3);
    row.state = JobRowState::cancelling;
    list.setJob(row);
    EXPECT_FALSE(part<QToolButton>(list, 3, "jobCancelButton")->isEnabled());
}

TEST(JobList, AFailedJobSaysWhyAndCanBeRemoved) {
    JobList list;
    JobRow row = running(3);
    row.state = JobRowState::failed;
    row.error = "The control label is not in the model.";
    list.setJob(row);
    EXPECT_EQ(part<ElidedLabel>(list, 3, "jobPhase")->text(), row.error);
    EXPECT_TRUE(part<QProgressBar>(list, 3, "jobProgress")->isHidden());
    QSignalSpy removed(&list, &JobList::removed);
    part<QToolButton>(list, 3, "jobRemoveButton")->click();
    EXPECT_EQ(removed.count(), 1);
    EXPECT_EQ(list.count(), 0);
}

TEST(JobList, LogOpensAndGrows) {
    JobList list;
    JobRow row = running(3);
    list.setJob(row);
    part<QToolButton>(list, 3, "jobLogButton")->click();
    EXPECT_EQ(part<QPlainTextEdit>(list, 3, "jobLog")->toPlainText(), "started\nhalf way");
    row.log << "done";
    list.setJob(row);
    EXPECT_TRUE(part<QPlainTextEdit>(list, 3, "jobLog")->toPlainText().endsWith("done"));
}

TEST(JobList, ClearingKeepsWhatRuns) {
    JobList list;
    list.setJob(running(1));
    JobRow done = running(2);
    done.state = JobRowState::done;
    list.setJob(done);
    list.clearFinished();
    EXPECT_EQ(list.count(), 1);
    EXPECT_NE(list.job(1), nullptr);
    EXPECT_EQ(list.job(2), nullptr);
}

} // namespace

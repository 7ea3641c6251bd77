#pragma once
// The status bar: what runs, memory used of total, device, cells of the current document.

#include <QStatusBar>

#include "app/window/job_centre.hpp"
#include "views/workspace.hpp"

class QLabel;
class QPushButton;

namespace ember {

class StatusLine : public QStatusBar {
    Q_OBJECT
public:
    StatusLine(JobCentre& jobs, Workspace& workspace, QWidget* parent = nullptr);

    /// How many training runs are active; they live without this window.
    void showRuns(int active);

signals:
    void jobsClicked();
    void runsClicked();

private:
    void watch(Job* job);
    void showJobs();
    void showMemory();
    void showCells();

    JobCentre& jobs_;
    Workspace& workspace_;
    QPushButton *running_ = nullptr, *runs_ = nullptr;
    QLabel *memory_ = nullptr, *device_ = nullptr, *cells_ = nullptr;
};

} // namespace ember

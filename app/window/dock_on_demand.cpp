#include "app/window/dock_on_demand.hpp"

#include <algorithm>

#include <QAction>
#include <QDockWidget>
#include <QTimer>

#include "app/window/job_panel.hpp"

namespace ember {

namespace {
constexpr int lingers_ms = 4000;
}

DockOnDemand::DockOnDemand(QDockWidget* dock, JobPanel* panel, JobCentre& jobs)
    : QObject(dock), dock_(dock), jobs_(jobs), leaving_(new QTimer(this)) {
    leaving_->setSingleShot(true);
    leaving_->setInterval(lingers_ms);
    connect(leaving_, &QTimer::timeout, this, [this] {
        if (cameByItself_ && !dock_->underMouse()) {
            dock_->hide();
        }
    });
    connect(panel, &JobPanel::heavyJobStarted, this, &DockOnDemand::come);
    connect(&jobs_, &JobCentre::jobEnded, this, &DockOnDemand::consider);
    // Opened or closed by hand, it stays as it is.
    connect(dock_->toggleViewAction(), &QAction::triggered, this, [this] { cameByItself_ = false; });
}

void DockOnDemand::come() {
    leaving_->stop();
    if (!dock_->isVisible()) {
        cameByItself_ = true;
        dock_->show();
    }
}

void DockOnDemand::consider() {
    const auto& all = jobs_.jobs();
    const bool trouble =
        std::any_of(all.begin(), all.end(), [](const Job* job) { return job->state() == JobState::failed; });
    if (jobs_.isIdle() && !trouble) {
        leaving_->start();
    } else {
        leaving_->stop();
    }
}

} // namespace ember

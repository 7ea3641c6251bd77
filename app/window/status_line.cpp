#include "app/window/status_line.hpp"

#include <QLabel>
#include <QPushButton>
#include <QTimer>

#include "app/window/memory_use.hpp"
#include "core/base/threads.hpp"
#include "views/selections.hpp"
#include "widgets/formatting.hpp"
#include "widgets/icon.hpp"

namespace ember {

namespace {

QLabel* makeLabel(const char* name, const QString& tip) {
    auto* label = new QLabel;
    label->setObjectName(name);
    label->setToolTip(tip);
    label->setContentsMargins(8, 0, 8, 0);
    return label;
}

} // namespace

StatusLine::StatusLine(JobCentre& jobs, Workspace& workspace, QWidget* parent)
    : QStatusBar(parent), jobs_(jobs), workspace_(workspace) {
    setObjectName("statusLine");
    setSizeGripEnabled(false);
    running_ = new QPushButton;
    running_->setObjectName("runningJobs");
    running_->setAccessibleName(tr("Jobs"));
    running_->setToolTip(tr("Show or hide the jobs"));
    running_->setFlat(true);
    connect(running_, &QPushButton::clicked, this, &StatusLine::jobsClicked);
    addWidget(running_);
    runs_ = new QPushButton;
    runs_->setObjectName("trainingRuns");
    runs_->setAccessibleName(tr("Training runs"));
    runs_->setToolTip(tr("Show the training runs; they go on without this window"));
    runs_->setIcon(icon("run-build", IconColor::accent));
    runs_->setFlat(true);
    runs_->hide();
    connect(runs_, &QPushButton::clicked, this, &StatusLine::runsClicked);
    addWidget(runs_);

    memory_ = makeLabel("memoryLabel", tr("Memory that Emberview uses, of the machine's"));
    device_ = makeLabel("deviceLabel", tr("Where models compute"));
    cells_ = makeLabel("cellsLabel", tr("Cells in the current document and how many of them are selected"));
    addPermanentWidget(cells_);
    addPermanentWidget(device_);
    addPermanentWidget(memory_);
    device_->setText(tr("CPU, %n threads", nullptr, thread_budget()));

    auto* timer = new QTimer(this);
    connect(timer, &QTimer::timeout, this, &StatusLine::showMemory);
    timer->start(2000);
    connect(&jobs_, &JobCentre::jobAdded, this, &StatusLine::watch);
    connect(&jobs_, &JobCentre::countChanged, this, &StatusLine::showJobs);
    connect(&workspace_, &Workspace::currentChanged, this, &StatusLine::showCells);
    connect(&workspace_.selections(), &Selections::changed, this, &StatusLine::showCells);
    showMemory();
    showJobs();
    showCells();
}

void StatusLine::showRuns(int active) {
    runs_->setVisible(active > 0);
    runs_->setText(active == 1 ? tr("1 run active") : tr("%1 runs active").arg(active));
}

void StatusLine::watch(Job* job) {
    connect(job, &Job::progressChanged, this, &StatusLine::showJobs);
}

void StatusLine::showJobs() {
    const Job* shown = nullptr;
    for (const Job* job : jobs_.jobs()) {
        if (job->state() == JobState::running && (!shown || job->weight() == JobWeight::heavy)) {
            shown = job;
        }
    }
    if (shown == nullptr) {
        running_->setIcon({});
        running_->setText(tr("No jobs running"));
        return;
    }
    running_->setIcon(icon("state-running", IconColor::accent));
    QString text = shown->name();
    const Progress& progress = shown->progress();
    if (progress.total > 0) {
        text += tr("  %1 %").arg(100 * progress.done / progress.total);
    }
    if (const QString left = formatTimeLeft(progress.seconds_left); !left.isEmpty()) {
        text += "  " + left;
    }
    if (const int others = jobs_.unfinishedCount() - 1; others > 0) {
        text += tr("  and %n more", nullptr, others);
    }
    running_->setText(text);
}

void StatusLine::showMemory() {
    memory_->setText(tr("Memory %1").arg(memoryText(memoryUse())));
}

void StatusLine::showCells() {
    const DatasetDocument* data = workspace_.dataOf(workspace_.current());
    cells_->setVisible(data != nullptr);
    if (data != nullptr) {
        const QString all =
            formatCount(static_cast<std::int64_t>(data->data->n_obs()), tr("cell"), tr("cells"));
        const std::size_t selected = workspace_.selections().of(workspace_.current()).count();
        cells_->setText(
            selected == 0 ? all
                          : tr("%1, %2 selected").arg(all, formatCount(static_cast<std::int64_t>(selected))));
    }
}

} // namespace ember

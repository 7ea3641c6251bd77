#include "app/window/job_panel.hpp"

#include <algorithm>

#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QTimer>
#include <QVBoxLayout>

#include "widgets/formatting.hpp"

namespace ember {

namespace {

JobRowState rowState(const Job& job) {
    switch (job.state()) {
    case JobState::queued:
        return JobRowState::queued;
    case JobState::running:
        return job.cancelRequested() ? JobRowState::cancelling : JobRowState::running;
    case JobState::done:
        return JobRowState::done;
    case JobState::failed:
        return JobRowState::failed;
    case JobState::cancelled:
        return JobRowState::cancelled;
    }
    return JobRowState::done;
}

QString phaseText(const Progress& progress) {
    QString text = QString::fromStdString(progress.phase);
    const QString unit = QString::fromStdString(progress.unit);
    if (progress.total > 0) {
        text += JobPanel::tr(": %1 of %2 %3")
                    .arg(formatCount(static_cast<std::int64_t>(progress.done)),
                         formatCount(static_cast<std::int64_t>(progress.total)), unit);
    }
    if (progress.per_second > 0 && !unit.isEmpty()) {
        text += JobPanel::tr(", %1 %2/s").arg(formatNumber(progress.per_second, 3), unit);
    }
    return text;
}

/// A light job that ends sooner is not worth a row.
constexpr int patience_ms = 400;

} // namespace

JobRow jobRow(int id, const Job& job) {
    JobRow row;
    row.id = id;
    row.name = job.name();
    row.state = rowState(job);
    const Progress& progress = job.progress();
    if (progress.total > 0) {
        row.fraction = static_cast<double>(progress.done) / static_cast<double>(progress.total);
    }
    row.phase = phaseText(progress);
    row.secondsLeft = progress.seconds_left;
    row.secondsElapsed = job.secondsElapsed();
    for (const JobLogLine& line : job.log()) {
        row.log << QString("%1  %2%3")
                       .arg(line.time.toString("HH:mm:ss"),
                            line.level == LogLevel::warning ? JobPanel::tr("Warning: ") : QString(),
                            line.text);
    }
    if (job.error()) {
        row.error = job.error()->message;
    }
    return row;
}

JobPanel::JobPanel(JobCentre& jobs, QWidget* parent) : QWidget(parent), jobs_(jobs) {
    list_ = new JobList;
    auto* scroll = new QScrollArea;
    scroll->setObjectName("jobScroll");
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidget(list_);

    auto* clear = new QPushButton(tr("Clear finished"));
    clear->setObjectName("clearFinishedJobs");
    clear->setFlat(true);
    clear->setToolTip(tr("Remove jobs that have ended from this list"));
    connect(clear, &QPushButton::clicked, &jobs_, &JobCentre::clearEnded);
    auto* buttons = new QVBoxLayout;
    buttons->addWidget(clear);
    buttons->addStretch();

    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(6, 4, 6, 4);
    layout->addWidget(scroll, 1);
    layout->addLayout(buttons);

    connect(&jobs_, &JobCentre::jobAdded, this, &JobPanel::add);
    connect(&jobs_, &JobCentre::jobRemoved, this, &JobPanel::remove);
    connect(list_, &JobList::cancelRequested, this, [this](int id) {
        if (const auto found = listed_.find(id); found != listed_.end()) {
            found->second->cancel();
        }
    });
    connect(list_, &JobList::removed, this, [this](int id) { listed_.erase(id); });
}

void JobPanel::add(Job* job) {
    if (job->weight() == JobWeight::heavy) {
        list(job);
        emit heavyJobStarted();
        return;
    }
    QTimer::singleShot(patience_ms, job, [this, job] {
        if (!job->isFinished()) {
            list(job);
        }
    });
    connect(job, &Job::finished, this, [this, job] {
        if (job->state() == JobState::failed) {
            list(job);
        }
    });
}

void JobPanel::list(Job* job) {
    const bool known =
        std::any_of(listed_.begin(), listed_.end(), [job](const auto& entry) { return entry.second == job; });
    if (!known) {
        listed_[++lastId_] = job;
        const auto refresh = [this, job] { update(job); };
        connect(job, &Job::started, this, refresh);
        connect(job, &Job::progressChanged, this, refresh);
        connect(job, &Job::logged, this, refresh);
        connect(job, &Job::cancelling, this, refresh);
        connect(job, &Job::finished, this, refresh);
    }
    update(job);
}

void JobPanel::update(Job* job) {
    for (const auto& [id, listed] : listed_) {
        if (listed == job) {
            list_->setJob(jobRow(id, *job));
        }
    }
}

void JobPanel::remove(Job* job) {
    const auto found = std::find_if(listed_.begin(), listed_.end(),
                                    [job](const auto& entry) { return entry.second == job; });
    if (found != listed_.end()) {
        const int id = found->first;
        listed_.erase(found);
        list_->removeJob(id);
    }
}

} // namespace ember

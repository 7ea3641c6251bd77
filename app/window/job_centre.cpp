#include "app/window/job_centre.hpp"

#include <algorithm>

namespace ember {

JobCentre::JobCentre(QObject* parent) : QObject(parent) {}

JobCentre::~JobCentre() {
    for (Job* job : jobs_) {
        job->disconnect(this);
        job->cancel();
    }
    for (Job* job : jobs_) {
        delete job;
    }
}

int JobCentre::unfinishedCount() const {
    return static_cast<int>(
        std::count_if(jobs_.begin(), jobs_.end(), [](const Job* job) { return !job->isFinished(); }));
}

void JobCentre::start(Job* job) {
    job->setParent(this);
    jobs_.push_back(job);
    connect(job, &Job::finished, this, [this, job] { end(job); });
    emit jobAdded(job);
    emit countChanged();
    if (job->weight() == JobWeight::light) {
        job->start();
    } else {
        startNextHeavy();
    }
}

void JobCentre::end(Job* job) {
    emit jobEnded(job);
    emit countChanged();
    startNextHeavy();
}

void JobCentre::startNextHeavy() {
    const auto heavyIn = [](JobState state) {
        return [state](const Job* job) { return job->weight() == JobWeight::heavy && job->state() == state; };
    };
    if (std::any_of(jobs_.begin(), jobs_.end(), heavyIn(JobState::running))) {
        return;
    }
    const auto next = std::find_if(jobs_.begin(), jobs_.end(), heavyIn(JobState::queued));
    if (next != jobs_.end()) {
        (*next)->start();
    }
}

void JobCentre::cancelAll() {
    const std::vector<Job*> all = jobs_;
    for (Job* job : all) {
        job->cancel();
    }
}

void JobCentre::clearEnded() {
    const auto firstEnded =
        std::stable_partition(jobs_.begin(), jobs_.end(), [](const Job* job) { return !job->isFinished(); });
    const std::vector<Job*> ended(firstEnded, jobs_.end());
    jobs_.erase(firstEnded, jobs_.end());
    for (Job* job : ended) {
        emit jobRemoved(job);
        job->deleteLater();
    }
}

} // namespace ember

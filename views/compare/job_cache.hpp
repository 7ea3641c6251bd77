#pragma once
// Results that take a job, by what they were made from; made once, forgotten with their documents.

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include <QObject>
#include <QPointer>
#include <QString>

#include "views/workspace.hpp"

namespace ember {

template<typename Result>
class JobCache {
public:
    enum class State { absent, running, done, cancelled, failed };
    struct Entry {
        State state = State::absent;
        std::shared_ptr<const Result> result;
        QString problem;  ///< why it failed, with the remedy
        QString activity; ///< "Averaging groups 40 %"
        std::vector<int> documents;
        QPointer<Job> job;
    };

    /// `changed` is called in the GUI thread; `owner` outlives the cache.
    JobCache(Workspace& workspace, QObject* owner, std::function<void()> changed)
        : workspace_(workspace), owner_(owner), changed_(std::move(changed)) {
        QObject::connect(&workspace_, &Workspace::documentClosing, owner_,
                         [this](DocumentRef document) { forget(document); });
    }
    ~JobCache() {
        for (auto& [key, entry] : entries_) {
            stop(entry);
        }
    }
    JobCache(const JobCache&) = delete;
    JobCache& operator=(const JobCache&) = delete;

    const Entry& find(const QString& key) const {
        static const Entry none;
        const auto found = entries_.find(key);
        return found == entries_.end() ? none : found->second;
    }

    /// Starts `work(JobContext&)` when it is absent; with `again`, also what was cancelled or has failed.
    template<typename Work>
    void want(const QString& key, const std::vector<int>& documents, const QString& name, Work work,
              JobWeight weight, bool again = false) {
        Entry& entry = entries_[key];
        const bool ended = entry.state == State::cancelled || entry.state == State::failed;
        if (entry.state != State::absent && !(again && ended)) {
            return;
        }
        entry.state = State::running;
        entry.documents = documents;
        entry.problem.clear();
        Job* job = runJob(
            workspace_, name,
            [work = std::move(work)](JobContext& context) mutable {
                return std::make_shared<const Result>(work(context));
            },
            owner_,
            [this, key](std::shared_ptr<const Result> made) { entries_[key].result = std::move(made); },
            weight);
        job->setReportsFailure(false); // the page says it
        entries_[key].job = job;
        QObject::connect(job, &Job::progressChanged, owner_, [this, key, job] { advance(key, job); });
        QObject::connect(job, &Job::finished, owner_, [this, key, job] { end(key, job); });
        changed_();
    }

    void cancel(const QString& key) {
        const auto found = entries_.find(key);
        if (found != entries_.end() && found->second.job != nullptr) {
            found->second.job->cancel();
        }
    }

private:
    void advance(const QString& key, Job* job) {
        Entry& entry = entries_[key];
        if (entry.job == job) {
            const Progress& progress = job->progress();
            entry.activity = QString::fromStdString(progress.phase);
            if (progress.total > 0) {
                entry.activity += QString(" %1\u00a0%").arg(100 * progress.done / progress.total);
            }
            changed_();
        }
    }
    void end(const QString& key, Job* job) {
        Entry& entry = entries_[key];
        if (entry.job != job) {
            return;
        }
        entry.job = nullptr;
        entry.activity.clear();
        entry.state = job->state() == JobState::done     ? State::done
                      : job->state() == JobState::failed ? State::failed
                                                         : State::cancelled;
        if (const auto& error = job->error()) {
            entry.problem = error->remedy.isEmpty() ? error->message : error->message + ". " + error->remedy;
        }
        changed_();
    }
    void stop(Entry& entry) {
        if (entry.job != nullptr) {
            entry.job->disconnect(owner_);
            entry.job->cancel();
        }
    }
    void forget(DocumentRef document) {
        for (auto at = entries_.begin(); at != entries_.end();) {
            const std::vector<int>& documents = at->second.documents;
            const bool ours = std::find(documents.begin(), documents.end(), document.id) != documents.end();
            if (ours) {
                stop(at->second);
            }
            at = ours ? entries_.erase(at) : std::next(at);
        }
    }

    Workspace& workspace_;
    QObject* owner_;
    std::function<void()> changed_;
    std::map<QString, Entry> entries_;
};

} // namespace ember

#pragma once
// Results of jobs, kept by what was asked, so that going back costs nothing.

#include <list>
#include <memory>

#include <QPointer>
#include <QString>

#include "views/workspace.hpp"

namespace ember {

/// Owned by the QObject that asks, in the GUI thread. Keeps the last `most` results.
template<typename Result>
class ResultCache {
public:
    enum class State { absent, computing, done, failed, cancelled };
    struct Entry {
        QString key;
        int document = 0;
        State state = State::absent;
        std::shared_ptr<const Result> result;
        QString problem;
        QPointer<Job> job;
    };

    explicit ResultCache(std::size_t most = 6) : most_(most) {}
    ~ResultCache() { clear(); }
    ResultCache(const ResultCache&) = delete;
    ResultCache& operator=(const ResultCache&) = delete;

    State state(const QString& key) const {
        const Entry* entry = find(key);
        return entry == nullptr ? State::absent : entry->state;
    }
    std::shared_ptr<const Result> result(const QString& key) const {
        const Entry* entry = find(key);
        return entry == nullptr ? nullptr : entry->result;
    }
    QString problem(const QString& key) const {
        const Entry* entry = find(key);
        return entry == nullptr ? QString() : entry->problem;
    }
    Job* job(const QString& key) const {
        const Entry* entry = find(key);
        return entry == nullptr ? nullptr : entry->job.data();
    }

    /// Runs `work(JobContext&)`, which gives a Result, unless it runs or has been done. `changed()` is called
    /// in the GUI thread, now and when the job ends, while `owner` lives.
    template<typename Work, typename Changed>
    void want(Workspace& workspace, DocumentRef document, const QString& key, const QString& name, Work work,
              QObject* owner, Changed changed) {
        const State before = state(key);
        if (before == State::computing || before == State::done) {
            return;
        }
        std::erase_if(entries_, [&key](const Entry& entry) { return entry.key == key; });
        entries_.push_front({key, document.id, State::computing, nullptr, {}, {}});
        Job* job = runJob(
            workspace, name,
            [work = std::move(work)](JobContext& context) mutable {
                return std::make_shared<const Result>(work(context));
            },
            owner,
            [this, key](std::shared_ptr<const Result> result) {
                if (Entry* entry = find(key)) {
                    entry->result = std::move(result);
                }
            });
        job->setReportsFailure(false); // the page says it
        entries_.front().job = job;
        QObject::connect(job, &Job::finished, owner, [this, key, job, changed] {
            if (Entry* entry = find(key); entry != nullptr && entry->job == job) {
                finish(*entry, *job);
                changed();
            }
        });
        trim();
        changed();
    }

    void cancel(const QString& key) {
        if (Job* running = job(key)) {
            running->cancel();
        }
    }
    void forget(int document) {
        std::erase_if(entries_, [document](Entry& entry) {
            if (entry.document == document && entry.job) {
                entry.job->cancel();
            }
            return entry.document == document;
        });
    }
    void clear() {
        for (Entry& entry : entries_) {
            if (entry.job) {
                entry.job->cancel();
            }
        }
        entries_.clear();
    }

private:
    const Entry* find(const QString& key) const {
        for (const Entry& entry : entries_) {
            if (entry.key == key) {
                return &entry;
            }
        }
        return nullptr;
    }
    Entry* find(const QString& key) { return const_cast<Entry*>(std::as_const(*this).find(key)); }

    static void finish(Entry& entry, const Job& job) {
        entry.job = nullptr;
        if (job.state() == JobState::done && entry.result) {
            entry.state = State::done;
        } else if (job.state() == JobState::failed && job.error()) {
            entry.state = State::failed;
            entry.problem = job.error()->remedy.isEmpty()
                                ? job.error()->message
                                : QString("%1. %2").arg(job.error()->message, job.error()->remedy);
        } else {
            entry.state = State::cancelled;
        }
    }

    void trim() {
        std::size_t kept = 0;
        std::erase_if(entries_,
                      [&](const Entry& entry) { return entry.state != State::computing && ++kept > most_; });
    }

    std::size_t most_;
    std::list<Entry> entries_;
};

} // namespace ember

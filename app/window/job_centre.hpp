#pragma once
// Owns the jobs of the window and decides when each starts.

#include <vector>

#include <QObject>

#include "views/job.hpp"

namespace ember {

/// Light jobs start at once, heavy ones one after the other in the order they came. Ended jobs stay until
/// cleared, so that their log can be read.
class JobCentre : public QObject {
    Q_OBJECT
public:
    explicit JobCentre(QObject* parent = nullptr);
    ~JobCentre() override; ///< cancels what runs and waits

    void start(Job* job); ///< takes ownership and queues it

    const std::vector<Job*>& jobs() const { return jobs_; } ///< oldest first
    int unfinishedCount() const;
    bool isIdle() const { return unfinishedCount() == 0; }

public slots:
    void cancelAll();
    void clearEnded();

signals:
    void jobAdded(ember::Job* job);
    void jobEnded(ember::Job* job);
    void jobRemoved(ember::Job* job); ///< last chance to use the pointer
    void countChanged();

private:
    void end(Job* job);
    void startNextHeavy();

    std::vector<Job*> jobs_;
};

} // namespace ember

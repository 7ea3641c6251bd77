#pragma once
// One long operation of the window: it runs in a thread of its own and tells the window about it.

#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include <QDateTime>
#include <QElapsedTimer>
#include <QObject>
#include <QString>

#include "core/base/error.hpp"
#include "core/base/job.hpp"

class QThread;

namespace ember {

enum class JobState { queued, running, done, failed, cancelled };

/// Light jobs run at once; heavy ones (predictions) one after the other, because each uses all cores.
enum class JobWeight { light, heavy };

/// An ember::Error as the window shows it.
struct JobError {
    QString className; ///< stable word: "BadSparse"
    QString message;   ///< one sentence
    QString place;     ///< "file: key, row n"; may be empty
    QString remedy;    ///< one sentence in the imperative; may be empty
    QString file;      ///< the file's path alone; may be empty
    static JobError from(const Error& error);
    bool operator==(const JobError&) const = default;
};

struct JobLogLine {
    QDateTime time;
    LogLevel level = LogLevel::info;
    QString text;
};

/// Lives in the GUI thread; `work` runs in a worker of lowered priority and must not touch any QObject.
/// Progress and log signals come at most 30 times a second. Deleting a running job cancels it and waits.
class Job : public QObject {
    Q_OBJECT
public:
    using Work = std::function<void(JobContext&)>;

    Job(QString name, Work work, JobWeight weight = JobWeight::light, QObject* parent = nullptr);
    ~Job() override;

    const QString& name() const { return name_; }
    JobWeight weight() const { return weight_; }
    JobState state() const { return state_; }
    bool isFinished() const { return state_ != JobState::queued && state_ != JobState::running; }
    bool cancelRequested() const;
    const Progress& progress() const { return progress_; }
    double secondsLeft() const { return progress_.seconds_left; } ///< negative: unknown
    const std::vector<JobLogLine>& log() const { return log_; }
    const std::optional<JobError>& error() const { return error_; } ///< of a failed job
    double secondsElapsed() const;

    /// A job whose failure the starter shows itself (next to a field); others end as a message bar.
    void setReportsFailure(bool reports) { reportsFailure_ = reports; }
    bool reportsFailure() const { return reportsFailure_; }

    void start(); ///< called once, by the job centre
    void cancel();

signals:
    void started();
    void progressChanged();
    void logged();
    void cancelling();
    void finished(); ///< done, failed or cancelled; the last signal

private:
    struct Channel;
    class Listener;
    void receive();
    void takeNews();
    void receiveEnd();

    QString name_;
    Work work_;
    JobWeight weight_;
    JobState state_ = JobState::queued;
    Progress progress_;
    std::vector<JobLogLine> log_;
    std::optional<JobError> error_;
    bool reportsFailure_ = true;
    QDateTime startedAt_, endedAt_;
    QElapsedTimer sinceSignal_;
    std::shared_ptr<Channel> channel_;
    QThread* thread_ = nullptr;
};

/// "Queued", "Running" …, translated.
QString jobStateText(JobState state);

class Workspace;
void startJob(Workspace& workspace, Job* job); ///< Workspace::start without its header

/// Runs `work(JobContext&)` as a job and hands its result to `onDone` in the GUI thread, unless `guard` (any
/// QObject: the view that asked) is gone by then. A failure ends as a message bar. The workspace owns the
/// job; keep a QPointer to cancel it.
template<typename Work, typename Done>
Job* runJob(Workspace& workspace, const QString& name, Work work, QObject* guard, Done onDone,
            JobWeight weight = JobWeight::light) {
    using Result = std::invoke_result_t<Work, JobContext&>;
    Job* job = nullptr;
    if constexpr (std::is_void_v<Result>) {
        job = new Job(name, std::move(work), weight);
        QObject::connect(job, &Job::finished, guard, [job, done = std::move(onDone)]() mutable {
            if (job->state() == JobState::done)
                done();
        });
    } else {
        auto result = std::make_shared<std::optional<Result>>();
        job = new Job(
            name,
            [result, work = std::move(work)](JobContext& context) mutable { result->emplace(work(context)); },
            weight);
        QObject::connect(job, &Job::finished, guard, [job, result, done = std::move(onDone)]() mutable {
            if (job->state() == JobState::done && result->has_value())
                done(std::move(**result));
        });
    }
    startJob(workspace, job);
    return job;
}

} // namespace ember

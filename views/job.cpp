#include "views/job.hpp"

#include <atomic>
#include <filesystem>
#include <mutex>
#include <new>
#include <stop_token>

#include <QCoreApplication>
#include <QThread>
#include <QTimer>

#include "core/base/filesystem_failure.hpp"
#include "core/base/threads.hpp"

namespace ember {

namespace {

QString text(std::string_view utf8) {
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

JobError errorOf(std::exception_ptr failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const Error& error) {
        return JobError::from(error);
    } catch (const std::bad_alloc&) {
        return {"NoMemory",
                QCoreApplication::translate("ember::Job", "There is not enough free memory."),
                {},
                QCoreApplication::translate("ember::Job", "Close other programs or documents and try again."),
                {}};
    } catch (const std::filesystem::filesystem_error& failure) {
        try {
            throw_filesystem_failure(failure);
        } catch (const Error& error) {
            return JobError::from(error);
        }
    } catch (const std::exception& error) {
        return {"Unexpected",
                QString::fromUtf8(error.what()),
                {},
                QCoreApplication::translate("ember::Job", "Copy the details and report this as a fault."),
                {}};
    } catch (...) {
        return {"Unexpected",
                QCoreApplication::translate("ember::Job", "An unknown fault occurred."),
                {},
                QCoreApplication::translate("ember::Job", "Report this as a fault."),
                {}};
    }
}

} // namespace

JobError JobError::from(const Error& error) {
    return {text(error.class_name()), text(error.message()), text(error.place_text()), text(error.remedy()),
            text(error.place().file)};
}

/// Shared by the job and its thread, so that neither outlives what it writes to.
struct Job::Channel {
    std::stop_source stop;
    std::mutex mutex;
    Progress progress;                ///< guarded by mutex
    std::vector<JobLogLine> log;      ///< not yet fetched; guarded by mutex
    std::atomic<bool> posted = false; ///< a receive() is on its way to the GUI thread
    JobState end = JobState::done;    ///< written by the worker before it ends
    std::exception_ptr failure;
};

class Job::Listener : public JobListener {
public:
    Listener(Job& job, Channel& channel) : job_(job), channel_(channel) {}

    void on_progress(const Progress& progress) override {
        {
            const std::lock_guard lock(channel_.mutex);
            channel_.progress = progress;
        }
        post();
    }

    void on_log(LogLevel level, std::string_view line) override {
        {
            const std::lock_guard lock(channel_.mutex);
            channel_.log.push_back({QDateTime::currentDateTime(), level, text(line)});
        }
        post();
    }

private:
    void post() {
        if (!channel_.posted.exchange(true))
            QMetaObject::invokeMethod(
                &job_, [job = &job_] { job->receive(); }, Qt::QueuedConnection);
    }
    Job& job_; // alive: its destructor waits for the thread
    Channel& channel_;
};

Job::Job(QString name, Work work, JobWeight weight, QObject* parent)
    : QObject(parent),
      name_(std::move(name)),
      work_(std::move(work)),
      weight_(weight),
      channel_(std::make_shared<Channel>()) {}

Job::~Job() {
    channel_->stop.request_stop();
    if (thread_ != nullptr)
        thread_->wait();
}

bool Job::cancelRequested() const {
    return channel_->stop.stop_requested();
}

double Job::secondsElapsed() const {
    if (!startedAt_.isValid())
        return 0;
    const QDateTime end = endedAt_.isValid() ? endedAt_ : QDateTime::currentDateTime();
    return static_cast<double>(startedAt_.msecsTo(end)) / 1000.0;
}

void Job::start() {
    if (state_ != JobState::queued || thread_ != nullptr)
        return;
    state_ = JobState::running;
    startedAt_ = QDateTime::currentDateTime();
    thread_ = QThread::create([this, channel = channel_, work = std::move(work_)]() mutable {
        lower_thread_priority();
        Listener listener(*this, *channel);
        JobContext context(&listener, channel->stop.get_token());
        try {
            work(context);
            channel->end = JobState::done;
        } catch (const Cancelled&) {
            channel->end = JobState::cancelled;
        } catch (...) {
            channel->end = JobState::failed;
            channel->failure = std::current_exception();
        }
        work = nullptr; // what the work holds is released here, not in the GUI thread
    });
    thread_->setParent(this);
    connect(thread_, &QThread::finished, this, &Job::receiveEnd);
    emit started();
    thread_->start();
}

void Job::cancel() {
    if (isFinished() || cancelRequested())
        return;
    channel_->stop.request_stop();
    emit cancelling();
    if (state_ == JobState::queued) {
        state_ = JobState::cancelled;
        emit finished();
    }
}

void Job::receive() {
    if (isFinished())
        return;                        // finished() was the last word
    constexpr qint64 interval_ms = 34; // at most 30 rounds of signals a second
    if (sinceSignal_.isValid() && sinceSignal_.elapsed() < interval_ms) {
        QTimer::singleShot(interval_ms - sinceSignal_.elapsed(), this, &Job::receive);
        return; // `posted` stays set, so no other round is asked for
    }
    sinceSignal_.start();
    takeNews();
}

void Job::takeNews() {
    channel_->posted = false;
    std::vector<JobLogLine> lines;
    {
        const std::lock_guard lock(channel_->mutex);
        progress_ = channel_->progress;
        lines.swap(channel_->log);
    }
    log_.insert(log_.end(), lines.begin(), lines.end());
    if (!lines.empty())
        emit logged();
    emit progressChanged();
}

void Job::receiveEnd() {
    takeNews();
    endedAt_ = QDateTime::currentDateTime();
    state_ = channel_->end;
    if (state_ == JobState::failed)
        error_ = errorOf(channel_->failure);
    emit finished();
}

QString jobStateText(JobState state) {
    switch (state) {
    case JobState::queued:
        return QCoreApplication::translate("ember::Job", "Queued");
    case JobState::running:
        return QCoreApplication::translate("ember::Job", "Running");
    case JobState::done:
        return QCoreApplication::translate("ember::Job", "Done");
    case JobState::failed:
        return QCoreApplication::translate("ember::Job", "Failed");
    case JobState::cancelled:
        return QCoreApplication::translate("ember::Job", "Cancelled");
    }
    return {};
}

} // namespace ember

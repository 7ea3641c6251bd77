#pragma once
// Jobs as rows: state, name, progress, time left, cancel, log. Fed by plain values.

#include <map>

#include <QString>
#include <QStringList>
#include <QWidget>

class QVBoxLayout;

namespace ember {

enum class JobRowState { queued, running, cancelling, done, failed, cancelled };

struct JobRow {
    int id = 0;
    QString name;
    JobRowState state = JobRowState::queued;
    double fraction = -1; ///< 0 … 1; negative: unknown
    QString phase;        ///< "Predicting: 12,800 of 57,298 cells, 604 cells/s"
    double secondsLeft = -1;
    double secondsElapsed = 0; ///< shown when finished
    QStringList log;           ///< lines, oldest first
    QString error;             ///< of a failed job: one sentence
};

class JobRowWidget;

/// Newest on top. Object name "jobList"; rows "job-<id>" hold "jobCancelButton", "jobLogButton",
/// "jobRemoveButton", "jobProgress".
class JobList : public QWidget {
    Q_OBJECT
public:
    explicit JobList(QWidget* parent = nullptr);
    void setJob(const JobRow& row); ///< adds or updates
    void removeJob(int id);
    void clearFinished(); ///< removes rows that are done, failed or cancelled and emits removed() for each
    int count() const { return static_cast<int>(rows_.size()); }
    const JobRow* job(int id) const; ///< null when unknown

signals:
    void cancelRequested(int id);
    void removed(int id); ///< the user removed a finished row

private:
    std::map<int, JobRowWidget*> rows_;
    QVBoxLayout* layout_ = nullptr;
    QWidget* empty_ = nullptr;
};

/// "Queued", "Running" …
QString jobRowStateText(JobRowState state);

} // namespace ember

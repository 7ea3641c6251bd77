#pragma once
// The Jobs dock: the job centre's jobs as rows.

#include <map>

#include <QWidget>

#include "app/window/job_centre.hpp"
#include "widgets/job_list.hpp"

namespace ember {

/// What a row says about a job: "Predicting: 12,800 of 57,298 cells, 604 cells/s".
JobRow jobRow(int id, const Job& job);

class JobPanel : public QWidget {
    Q_OBJECT
public:
    explicit JobPanel(JobCentre& jobs, QWidget* parent = nullptr);
    JobList* list() const { return list_; }

signals:
    void heavyJobStarted(); ///< worth showing the dock for

private:
    void add(Job* job);
    void list(Job* job);
    void update(Job* job);
    void remove(Job* job);

    JobCentre& jobs_;
    JobList* list_ = nullptr;
    std::map<int, Job*> listed_; ///< by row id
    int lastId_ = 0;
};

} // namespace ember

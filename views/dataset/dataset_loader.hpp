#pragma once
// Reads what the view shows of one document, in jobs; what arrives is handed over in the GUI thread.

#include <memory>
#include <set>
#include <vector>

#include <QObject>
#include <QPointer>

#include "views/dataset/column_summary.hpp"
#include "views/dataset/file_overview.hpp"
#include "views/workspace.hpp"
#include "widgets/cell_table_model.hpp"

namespace ember {

/// Deleting it cancels its jobs and drops what they were about to deliver.
class DatasetLoader : public QObject {
    Q_OBJECT
public:
    DatasetLoader(Workspace& workspace, AnnDataPtr data, QString name, QObject* parent = nullptr);
    ~DatasetLoader() override;

    void start();               ///< overview, then all column summaries
    void readCells(int column); ///< for the cell table: 0 is the names; calls close together share a job

signals:
    void overviewRead(const ember::FileOverview& overview);
    void columnRead(int column, const ember::ColumnSummary& summary); ///< index in obs_columns()
    void columnsDone();
    void interrupted(); ///< the overview or the summaries were cancelled or failed
    void cellsRead(int column, const ember::CellColumn& values);

private:
    struct Mailbox;
    void watch(Job* job);
    void startSummaries();
    void deliver();
    void startCells();

    Workspace& workspace_;
    AnnDataPtr data_;
    QString name_;
    std::shared_ptr<Mailbox> mailbox_;
    std::set<int> wanted_; ///< table columns asked for and not yet being read
    std::vector<QPointer<Job>> jobs_;
};

} // namespace ember

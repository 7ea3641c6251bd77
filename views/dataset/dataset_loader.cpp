#include "views/dataset/dataset_loader.hpp"

#include <mutex>
#include <utility>

#include <QTimer>

#include "core/base/error.hpp"
#include "views/dataset/cell_columns.hpp"

namespace ember {

/// Summaries on their way from the job to the view.
struct DatasetLoader::Mailbox {
    std::mutex mutex;
    std::vector<std::pair<int, ColumnSummary>> arrived;
};

namespace {

/// One column that cannot be read leaves the others alone.
CellColumn readColumn(const AnnDataPtr& data, int column) {
    try {
        if (column == 0)
            return cellNamesColumn(data);
        return cellColumn(data->obs(data->obs_columns()[static_cast<std::size_t>(column) - 1].name));
    } catch (const Error& error) {
        return unreadableColumn(QString::fromStdString(error.message()));
    }
}

} // namespace

DatasetLoader::DatasetLoader(Workspace& workspace, AnnDataPtr data, QString name, QObject* parent)
    : QObject(parent),
      workspace_(workspace),
      data_(std::move(data)),
      name_(std::move(name)),
      mailbox_(std::make_shared<Mailbox>()) {}

DatasetLoader::~DatasetLoader() {
    for (const QPointer<Job>& job : jobs_) {
        if (job != nullptr)
            job->cancel();
    }
}

void DatasetLoader::watch(Job* job) {
    jobs_.emplace_back(job);
    connect(job, &Job::finished, this, [this, job] {
        if (job->state() != JobState::done)
            emit interrupted();
    });
}

void DatasetLoader::start() {
    watch(runJob(
        workspace_, tr("Look into %1").arg(name_),
        [data = data_](JobContext& job) { return readOverview(*data, job); }, this,
        [this](FileOverview overview) {
            emit overviewRead(overview);
            startSummaries();
        }));
}

void DatasetLoader::startSummaries() {
    if (data_->obs_columns().empty()) {
        emit columnsDone();
        return;
    }
    Job* job = runJob(
        workspace_, tr("Read the columns of %1").arg(name_),
        [data = data_, mailbox = mailbox_](JobContext& context) {
            const std::vector<ColumnInfo>& columns = data->obs_columns();
            context.begin("Reading columns", columns.size(), "columns");
            for (std::size_t i = 0; i < columns.size(); ++i) {
                context.check_cancelled();
                ColumnSummary summary = summariseColumn(*data, columns[i]);
                {
                    const std::lock_guard lock(mailbox->mutex);
                    mailbox->arrived.emplace_back(static_cast<int>(i), std::move(summary));
                }
                context.advance_to(i + 1);
            }
        },
        this,
        [this] {
            deliver();
            emit columnsDone();
        });
    connect(job, &Job::progressChanged, this, &DatasetLoader::deliver);
    watch(job);
}

void DatasetLoader::deliver() {
    std::vector<std::pair<int, ColumnSummary>> arrived;
    {
        const std::lock_guard lock(mailbox_->mutex);
        arrived.swap(mailbox_->arrived);
    }
    for (const auto& [index, summary] : arrived)
        emit columnRead(index, summary);
}

void DatasetLoader::readCells(int column) {
    if (wanted_.empty())
        QTimer::singleShot(0, this, &DatasetLoader::startCells);
    wanted_.insert(column);
}

void DatasetLoader::startCells() {
    std::vector<int> wanted(wanted_.begin(), wanted_.end());
    wanted_.clear();
    using Columns = std::vector<std::pair<int, CellColumn>>;
    jobs_.emplace_back(runJob(
        workspace_, tr("Read cells of %1").arg(name_),
        [data = data_, wanted](JobContext& context) {
            Columns columns;
            context.begin("Reading columns", wanted.size(), "columns");
            for (const int column : wanted) {
                context.check_cancelled();
                columns.emplace_back(column, readColumn(data, column));
                context.advance_to(columns.size());
            }
            return columns;
        },
        this,
        [this](Columns columns) {
            for (auto& [column, values] : columns)
                emit cellsRead(column, values);
        }));
}

} // namespace ember

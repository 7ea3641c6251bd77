#pragma once
// A small map of a run's validation predictions, drawn again after each validation.

#include <memory>

#include <QElapsedTimer>
#include <QPointer>
#include <QWidget>

#include "views/training/live_map_data.hpp"
#include "views/training/run_snapshot.hpp"
#include "views/workspace.hpp"

class QComboBox;
class QLabel;
class QStackedWidget;
class QTimer;

namespace ember {

class EmptyState;
class PointCloudPlot;

class LiveMap : public QWidget {
    Q_OBJECT
public:
    explicit LiveMap(Workspace& workspace, QWidget* parent = nullptr);
    ~LiveMap() override;

    /// Draws this run's predictions when they are new and the map is in sight; at most every ten seconds.
    void show(const RunSnapshotPtr& run);
    QString colorBy() const; ///< "perturbation" or "cell_type"
    void setColorBy(const QString& what);
    PointCloudPlot* plot() const { return plot_; }

signals:
    void colorByChanged();

protected:
    void showEvent(QShowEvent* event) override;

private:
    void want();
    void take(LiveMapData map);
    void color();

    Workspace& workspace_;
    RunSnapshotPtr run_;
    std::shared_ptr<const LiveMapData> map_;
    std::filesystem::path mapOf_;
    std::int64_t failedTime_ = 0; ///< of the files that could not be drawn
    QStackedWidget* states_ = nullptr;
    EmptyState* empty_ = nullptr;
    PointCloudPlot* plot_ = nullptr;
    QComboBox* colorBy_ = nullptr;
    QElapsedTimer sinceStart_;
    QTimer* later_ = nullptr;
    QPointer<Job> job_;
};

} // namespace ember

#pragma once
// The Training view: runs at the left, the curves and facts of the chosen ones beside it, and the form that
// starts another.

#include <functional>
#include <map>

#include "views/training/run_start.hpp"
#include "views/training/run_store.hpp"
#include "views/training/training_settings.hpp"
#include "views/view.hpp"

class QLabel;
class QListView;
class QStackedWidget;

namespace ember {

class EmptyState;
class LaunchForm;
class RunListModel;
class RunPane;

class TrainingView : public View {
    Q_OBJECT
public:
    explicit TrainingView(Workspace& workspace, QWidget* parent = nullptr);
    ~TrainingView() override;

    DocumentRef document() const override { return {}; }
    void showDocument(DocumentRef) override {}
    QJsonObject settings() const override;
    void restore(const QJsonObject& settings) override;

    /// Brings the form to the front with these chosen, where given.
    void newRun(DocumentRef dataset, DocumentRef model);
    void showRun(const QString& run);
    /// Watches the runs in and below a folder; those that were taken off the list come back.
    void openFolder(const QString& folder);
    void resume(const QString& run, bool lowerRate);
    RunPane* pane() const { return pane_; }
    LaunchForm* form() const { return form_; } ///< null until first asked for
    RunListModel* runs() const { return model_; }

private:
    QWidget* buildList();
    void build();
    void refresh();
    void showPane();
    void edit(const QString& text, const std::function<void(TrainingSettings&)>& change);
    void openRun();
    void prune(const QString& run);
    void predict(const QString& run, const QString& checkpoint);
    /// Starts what `prepare` writes, in a job, and looks after its first seconds.
    /// A run that is being started is not started again.
    void start(const QString& path, const QString& name, std::function<RunToStart()> prepare);
    void lookAfter(const RunToStart& run, qint64 pid, int seconds, bool again = false);
    void endStart(const QString& path);
    RunSnapshotPtr current() const;

    Workspace& workspace_;
    RunStore& store_;
    TrainingSettings settings_;
    RunListModel* model_ = nullptr;
    QStackedWidget *pages_ = nullptr, *details_ = nullptr;
    QListView* list_ = nullptr;
    QLabel* count_ = nullptr;
    EmptyState* empty_ = nullptr;
    RunPane* pane_ = nullptr;
    LaunchForm* form_ = nullptr;
    QString wanted_;                     ///< checkpoint to predict with once its run is open
    std::map<QString, qint64> starting_; ///< run → process, until its status names it; 0: not there yet
    QJsonObject keptForm_;               ///< of an earlier session, until there is a form
    bool restoring_ = false, editing_ = false;
};

} // namespace ember

#pragma once
// Which checkpoints of a run go, shown before they do.

#include <QDialog>

#include "views/training/run_snapshot.hpp"
#include "views/workspace.hpp"

class QCheckBox;
class QLabel;
class QPushButton;
class QSpinBox;
class QTreeWidget;

namespace ember {

class PruneDialog : public QDialog {
    Q_OBJECT
public:
    PruneDialog(Workspace& workspace, const std::filesystem::path& run, QWidget* parent = nullptr);
    std::vector<CheckpointFile> doomed() const; ///< those that go when the user agrees
    PruneRules rules() const;

private:
    void plan();
    void showPlan(std::vector<CheckpointFile> files);
    void remove();

    Workspace& workspace_;
    std::filesystem::path run_;
    std::vector<CheckpointFile> files_;
    QCheckBox *last_ = nullptr, *final_ = nullptr;
    QSpinBox* steps_ = nullptr;
    QTreeWidget* table_ = nullptr;
    QLabel* sum_ = nullptr;
    QPushButton* delete_ = nullptr;
};

} // namespace ember

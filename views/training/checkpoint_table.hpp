#pragma once
// The checkpoints of a run with their sizes, and what one does with them.

#include <QWidget>

#include "views/training/run_snapshot.hpp"

class QLabel;
class QPushButton;
class QTreeWidget;

namespace ember {

class CheckpointTable : public QWidget {
    Q_OBJECT
public:
    explicit CheckpointTable(QWidget* parent = nullptr);
    void show(const RunSnapshotPtr& run);
    QString chosen() const; ///< path of the current row; empty: none

signals:
    void predictWanted(const QString& checkpoint);
    void pruneWanted();
    void folderWanted();

private:
    /// "5.26 MB", or whose second name it is.
    static QString sizeText(const CheckpointFile& file, const std::vector<CheckpointFile>& files);
    void updateButtons();
    RunSnapshotPtr run_;
    QTreeWidget* table_ = nullptr;
    QLabel* total_ = nullptr;
    QPushButton *predict_ = nullptr, *prune_ = nullptr, *folder_ = nullptr;
};

} // namespace ember

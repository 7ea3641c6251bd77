#include "views/training/checkpoint_table.hpp"

#include <algorithm>

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "widgets/flow_layout.hpp"
#include "widgets/formatting.hpp"
#include "widgets/icon.hpp"
#include "widgets/theme.hpp"

namespace ember {

CheckpointTable::CheckpointTable(QWidget* parent) : QWidget(parent) {
    table_ = new QTreeWidget;
    table_->setObjectName("checkpointTable");
    table_->setAccessibleName(tr("Checkpoints"));
    table_->setRootIsDecorated(false);
    table_->setUniformRowHeights(true);
    table_->setHeaderLabels({tr("Checkpoint"), tr("Step"), tr("Size")});
    table_->header()->setStretchLastSection(true);
    table_->header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    connect(table_, &QTreeWidget::currentItemChanged, this, &CheckpointTable::updateButtons);
    connect(table_, &QTreeWidget::itemActivated, this, [this] { emit predictWanted(chosen()); });
    total_ = new QLabel;
    total_->setObjectName("checkpointTotal");
    setRole(total_, "muted");
    const auto button = [this](const char* name, const char* glyph, const QString& text, const QString& tip) {
        auto* made = new QPushButton(icon(glyph), text);
        made->setObjectName(name);
        made->setToolTip(tip);
        made->setAccessibleName(QString(text).remove(QChar(0x2026)));
        return made;
    };
    predict_ = button("checkpointPredict", "tools-wizard", tr("Predict with this checkpoint"),
                      tr("Open the model with this checkpoint and predict"));
    prune_ = button("checkpointPrune", "edit-delete", tr("Free disk space…"),
                    tr("Choose checkpoints to delete; what goes is shown first"));
    folder_ = button("checkpointFolder", "folder", tr("Show folder"), tr("Open the run's folder"));
    connect(predict_, &QPushButton::clicked, this, [this] { emit predictWanted(chosen()); });
    connect(prune_, &QPushButton::clicked, this, &CheckpointTable::pruneWanted);
    connect(folder_, &QPushButton::clicked, this, &CheckpointTable::folderWanted);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 6, 0, 0);
    column->setSpacing(6);
    column->addWidget(table_, 1);
    column->addWidget(total_);
    auto* row = new QWidget;
    auto* flow = new FlowLayout(row, 14);
    flow->setContentsMargins(0, 0, 0, 0);
    flow->setSpacing(6);
    for (QPushButton* each : {predict_, prune_, folder_}) {
        flow->addWidget(each);
    }
    column->addWidget(row);
    updateButtons();
}

QString CheckpointTable::sizeText(const CheckpointFile& file, const std::vector<CheckpointFile>& files) {
    const auto twin = std::find_if(files.begin(), files.end(), [&](const CheckpointFile& other) {
        return other.bytes > 0 && other.step == file.step;
    });
    return file.bytes > 0 || twin == files.end()
               ? formatBytes(file.bytes)
               : tr("same file as %1").arg(QString::fromStdString(twin->why));
}

void CheckpointTable::show(const RunSnapshotPtr& run) {
    const bool same = run != nullptr && run_ != nullptr && run->path == run_->path;
    const QString kept = same ? chosen() : QString();
    run_ = run;
    const std::vector<CheckpointFile> none;
    const std::vector<CheckpointFile>& files = run == nullptr ? none : run->checkpoints;
    if (table_->topLevelItemCount() != static_cast<int>(files.size())) {
        table_->clear();
        for (std::size_t i = 0; i < files.size(); ++i) {
            table_->addTopLevelItem(new QTreeWidgetItem);
        }
    }
    std::uint64_t bytes = 0;
    for (std::size_t i = 0; i < files.size(); ++i) {
        QTreeWidgetItem* item = table_->topLevelItem(static_cast<int>(i));
        const CheckpointFile& file = files[i];
        const QString path = QString::fromStdString(file.file.string());
        item->setText(0, QString::fromStdString(file.why));
        item->setText(1, file.step < 0 ? QStringLiteral("–") : formatCount(file.step));
        item->setText(2, sizeText(file, files));
        item->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
        item->setData(0, Qt::UserRole, path);
        item->setToolTip(0, path);
        bytes += file.bytes;
        if (path == kept || (kept.isEmpty() && i == 0)) {
            table_->setCurrentItem(item);
        }
    }
    total_->setText(files.empty() ? tr("No checkpoint yet.")
                                  : tr("%1, %2 in all.")
                                        .arg(formatCount(static_cast<std::int64_t>(files.size()),
                                                         tr("checkpoint"), tr("checkpoints")),
                                             formatBytes(bytes)));
    updateButtons();
}

QString CheckpointTable::chosen() const {
    const QTreeWidgetItem* item = table_->currentItem();
    return item == nullptr ? QString() : item->data(0, Qt::UserRole).toString();
}

void CheckpointTable::updateButtons() {
    predict_->setEnabled(chosen().endsWith(QStringLiteral(".ckpt")));
    prune_->setEnabled(run_ != nullptr && !run_->active() && !run_->checkpoints.empty());
    prune_->setToolTip(run_ != nullptr && run_->active()
                           ? tr("A run that is not done keeps its checkpoints")
                           : tr("Choose checkpoints to delete; what goes is shown first"));
    folder_->setEnabled(run_ != nullptr);
}

} // namespace ember

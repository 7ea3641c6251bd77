#include "views/training/prune_dialog.hpp"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "widgets/formatting.hpp"
#include "widgets/icon.hpp"
#include "widgets/theme.hpp"

namespace ember {

PruneDialog::PruneDialog(Workspace& workspace, const std::filesystem::path& run, QWidget* parent)
    : QDialog(parent), workspace_(workspace), run_(run) {
    setObjectName("pruneDialog");
    setWindowTitle(tr("Free disk space"));
    auto* sentence = new QLabel(tr("The best checkpoint always stays. What goes cannot be brought back."));
    sentence->setWordWrap(true);
    last_ = new QCheckBox(tr("Keep the last one, to resume from it"));
    last_->setObjectName("pruneKeepLast");
    last_->setChecked(true);
    final_ = new QCheckBox(tr("Keep the final one"));
    final_->setObjectName("pruneKeepFinal");
    final_->setChecked(true);
    steps_ = new QSpinBox;
    steps_->setObjectName("pruneKeepSteps");
    steps_->setAccessibleName(tr("Numbered checkpoints to keep"));
    steps_->setRange(0, 1000);
    auto* numbered = new QHBoxLayout;
    numbered->addWidget(new QLabel(tr("Of the numbered ones, keep the newest")));
    numbered->addWidget(steps_);
    numbered->addStretch(1);
    table_ = new QTreeWidget;
    table_->setObjectName("pruneTable");
    table_->setAccessibleName(tr("Checkpoints"));
    table_->setRootIsDecorated(false);
    table_->setHeaderLabels({tr("Checkpoint"), tr("Size"), tr("What happens")});
    table_->header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    sum_ = new QLabel;
    sum_->setObjectName("pruneSum");
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    buttons->button(QDialogButtonBox::Cancel)->setObjectName("pruneCancel");
    delete_ = buttons->addButton(tr("Delete"), QDialogButtonBox::AcceptRole);
    delete_->setObjectName("pruneDelete");
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, this, &PruneDialog::remove);
    auto* column = new QVBoxLayout(this);
    column->addWidget(sentence);
    column->addWidget(last_);
    column->addWidget(final_);
    column->addLayout(numbered);
    column->addWidget(table_, 1);
    column->addWidget(sum_);
    column->addWidget(buttons);
    resize(lengthInEms(this, 34), lengthInEms(this, 24));
    connect(last_, &QCheckBox::toggled, this, &PruneDialog::plan);
    connect(final_, &QCheckBox::toggled, this, &PruneDialog::plan);
    connect(steps_, &QSpinBox::valueChanged, this, &PruneDialog::plan);
    plan();
}

PruneRules PruneDialog::rules() const {
    return {last_->isChecked(), final_->isChecked(), steps_->value()};
}

void PruneDialog::plan() {
    delete_->setEnabled(false);
    runJob(
        workspace_, tr("Look at the checkpoints"),
        [run = run_, rules = rules()](JobContext&) { return plan_prune(run, rules); }, this,
        [this, asked = rules()](std::vector<CheckpointFile> files) {
            const PruneRules now = rules();
            if (asked.keep_last == now.keep_last && asked.keep_final == now.keep_final &&
                asked.keep_steps == now.keep_steps) {
                showPlan(std::move(files));
            }
        });
}

void PruneDialog::showPlan(std::vector<CheckpointFile> files) {
    files_ = std::move(files);
    table_->clear();
    std::uint64_t freed = 0;
    for (const CheckpointFile& file : files_) {
        auto* item = new QTreeWidgetItem(table_, {QString::fromStdString(file.why), formatBytes(file.bytes),
                                                  file.removable ? tr("is deleted") : tr("stays")});
        item->setIcon(2, file.removable ? icon("edit-delete", IconColor::error)
                                        : icon("check", IconColor::success));
        freed += file.removable ? file.bytes : 0;
    }
    sum_->setText(freed == 0 ? tr("Nothing would be deleted.")
                             : tr("%1 would be free again.").arg(formatBytes(freed)));
    delete_->setText(freed == 0 ? tr("Delete") : tr("Delete %1").arg(formatBytes(freed)));
    delete_->setEnabled(freed > 0);
}

std::vector<CheckpointFile> PruneDialog::doomed() const {
    std::vector<CheckpointFile> doomed;
    for (const CheckpointFile& file : files_) {
        if (file.removable) {
            doomed.push_back(file);
        }
    }
    return doomed;
}

void PruneDialog::remove() {
    runJob(
        workspace_, tr("Delete checkpoints"), [files = doomed()](JobContext&) { return prune(files); },
        &workspace_,
        [workspace = &workspace_](std::uint64_t bytes) {
            workspace->post({MessageKind::information,
                             PruneDialog::tr("Freed"),
                             PruneDialog::tr("%1 are free again.").arg(formatBytes(bytes)),
                             {},
                             {}});
        });
    accept();
}

} // namespace ember

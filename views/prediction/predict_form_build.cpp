// The widgets of the predict form.

#include "views/prediction/predict_form.hpp"

#include <algorithm>
#include <limits>

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QSpinBox>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>

#include "widgets/field_row.hpp"
#include "widgets/formatting.hpp"
#include "widgets/icon.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {
constexpr int checkDelay_ms = 150;
constexpr double formWidthEms = 46;
} // namespace

PredictForm::PredictForm(Workspace& workspace, QWidget* parent) : View(parent), workspace_(workspace) {
    setObjectName("predictForm");
    checking_ = new QTimer(this);
    checking_->setSingleShot(true);
    checking_->setInterval(checkDelay_ms);
    connect(checking_, &QTimer::timeout, this, &PredictForm::check);

    auto* heading = new QLabel(tr("Predict"));
    heading->setFont(headingFont(font(), 1.35));
    auto* sentence = new QLabel(tr("A State Transition model predicts each cell of the data under its "
                                   "perturbation, starting from control cells."));
    sentence->setWordWrap(true);
    setRole(sentence, "muted");
    form_ = new FieldForm;
    buildFields();
    advancedButton_ = new QToolButton;
    buildAdvanced();

    auto* page = new QWidget;
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(24, 18, 24, 12);
    column->setSpacing(10);
    column->addWidget(heading);
    column->addWidget(sentence);
    column->addWidget(form_);
    column->addWidget(advancedButton_, 0, Qt::AlignLeft);
    column->addWidget(advanced_);
    column->addStretch();
    page->setMaximumWidth(lengthInEms(this, formWidthEms));
    auto* scroll = new QScrollArea;
    scroll->setObjectName("predictScroll");
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    scroll->setWidget(page);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(scroll, 1);
    buildFoot();

    connect(&workspace_, &Workspace::documentAdded, this, &PredictForm::listDocuments);
    // The document is still listed while it closes.
    connect(&workspace_, &Workspace::documentClosing, this, &PredictForm::listDocuments,
            Qt::QueuedConnection);
    listDocuments();
    choose({}, {}); // starts with what the user looks at
}

QComboBox* PredictForm::addChoice(PredictField field, const QString& label, const char* name) {
    auto* box = new QComboBox;
    box->setObjectName(name);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(12);
    rows_[field] = form_->addRow(label, box);
    return box;
}

void PredictForm::buildFields() {
    data_ = addChoice(PredictField::data, tr("Data"), "predictData");
    model_ = addChoice(PredictField::model, tr("Model"), "predictModel");
    pert_ = addChoice(PredictField::pert_col, tr("Perturbation column"), "predictPerturbation");
    control_ = addChoice(PredictField::control, tr("Control label"), "predictControl");
    celltype_ = addChoice(PredictField::celltype_col, tr("Cell type column"), "predictCellType");
    batch_ = addChoice(PredictField::batch_col, tr("Batch column"), "predictBatch");
    embed_ = addChoice(PredictField::embed_key, tr("Values read"), "predictEmbedding");

    output_ = new QLineEdit;
    output_->setObjectName("predictOutput");
    output_->setAccessibleName(tr("Output file"));
    auto* browse = new QPushButton(tr("Browse…"));
    browse->setObjectName("predictBrowse");
    auto* both = new QWidget;
    auto* layout = new QHBoxLayout(both);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(output_, 1);
    layout->addWidget(browse);
    both->setFocusProxy(output_);
    rows_[PredictField::output] = form_->addRow(tr("Output file"), both);

    connect(data_, &QComboBox::currentIndexChanged, this, [this] {
        proposeModel();
        guess();
    });
    connect(model_, &QComboBox::currentIndexChanged, this, [this] {
        checkpoint_->clear(); // of the model before
        modelPicked_ = true;
        guess();
    });
    connect(pert_, &QComboBox::currentIndexChanged, this, &PredictForm::readLabels);
    const std::pair<QComboBox*, PredictField> others[] = {{control_, PredictField::control},
                                                          {celltype_, PredictField::celltype_col},
                                                          {batch_, PredictField::batch_col},
                                                          {embed_, PredictField::embed_key}};
    for (const auto& [box, field] : others) {
        connect(box, &QComboBox::currentIndexChanged, this, [this, field = field] {
            reasons_.erase(field); // no longer a guess
            check();
        });
    }
    connect(output_, &QLineEdit::textChanged, output_, &QWidget::setToolTip);
    connect(output_, &QLineEdit::textEdited, checking_, qOverload<>(&QTimer::start));
    connect(browse, &QPushButton::clicked, this, &PredictForm::browse);
}

void PredictForm::buildAdvanced() {
    advancedButton_->setObjectName("predictAdvanced");
    advancedButton_->setText(tr("Advanced"));
    advancedButton_->setToolTip(tr("Options that are seldom changed"));
    advancedButton_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    advancedButton_->setCheckable(true);
    advanced_ = new FieldForm;
    advanced_->hide();
    const auto toggle = [this](bool shown) {
        advanced_->setVisible(shown);
        advancedButton_->setIcon(icon(shown ? "branch-open" : "branch-closed"));
    };
    connect(advancedButton_, &QToolButton::toggled, this, toggle);
    toggle(false);

    checkpoint_ = new QLineEdit;
    checkpoint_->setObjectName("predictCheckpoint");
    advanced_->addRow(tr("Checkpoint"), checkpoint_)
        ->setReason(tr("A file of the model; empty: final, else last, else best."));
    connect(checkpoint_, &QLineEdit::textEdited, checking_, qOverload<>(&QTimer::start));
    celltypes_ = new QLineEdit;
    celltypes_->setObjectName("predictCellTypes");
    advanced_->addRow(tr("Only cell types"), celltypes_)
        ->setReason(tr("Separated by commas; empty: all of them."));
    key_ = new QLineEdit;
    key_->setObjectName("predictKey");
    advanced_->addRow(tr("Name in obsm"), key_)
        ->setReason(tr("Where the prediction stands in the output; empty: in place of the values read."));
    seed_ = new QSpinBox;
    seed_->setObjectName("predictSeed");
    seed_->setRange(0, std::numeric_limits<int>::max());
    seed_->setValue(42);
    advanced_->addRow(tr("Seed"), seed_)->setReason(tr("The same seed draws the same control cells."));
    threads_ = new QSpinBox;
    threads_->setObjectName("predictThreads");
    threads_->setRange(0, 1024);
    threads_->setSpecialValueText(tr("All"));
    advanced_->addRow(tr("Threads"), threads_);
    truncate_ = new QCheckBox(tr("Use the first columns when there are more than the model reads"));
    truncate_->setObjectName("predictTruncate");
    advanced_->addRow(tr("Wider data"), truncate_);
    connect(truncate_, &QCheckBox::toggled, this, &PredictForm::check);
}

void PredictForm::buildFoot() {
    predict_ = new QPushButton(icon("tools-wizard", IconColor::accentText), tr("Predict"));
    predict_->setObjectName("predictButton");
    predict_->setToolTip(tr("Start the prediction (Ctrl+Return)"));
    predict_->setShortcut(tr("Ctrl+Return"));
    setPrimary(predict_);
    cancel_ = new QPushButton(icon("process-stop"), tr("Cancel"));
    cancel_->setObjectName("predictCancel");
    cancel_->setToolTip(tr("Stop the prediction; no file is left"));
    cancel_->hide();
    state_ = new QLabel;
    state_->setObjectName("predictState");
    state_->setWordWrap(true);
    auto* foot = new QFrame;
    auto* layout = new QHBoxLayout(foot);
    layout->setContentsMargins(24, 10, 24, 10);
    layout->addWidget(predict_);
    layout->addWidget(cancel_);
    layout->addWidget(state_, 1);
    auto* rule = new QFrame;
    setRole(rule, "rule");
    rule->setFixedHeight(1);
    static_cast<QVBoxLayout*>(this->layout())->addWidget(rule);
    static_cast<QVBoxLayout*>(this->layout())->addWidget(foot);
    connect(predict_, &QPushButton::clicked, this, &PredictForm::predict);
    connect(cancel_, &QPushButton::clicked, this, [this] {
        if (running_) {
            running_->cancel();
        }
    });
}

void PredictForm::browse() {
    const QString path = QFileDialog::getSaveFileName(this, tr("Output file"), output_->text(),
                                                      tr("AnnData (*.h5ad);;NumPy (*.npy)"), nullptr,
                                                      QFileDialog::DontConfirmOverwrite);
    if (!path.isEmpty()) {
        output_->setText(path);
        check();
    }
}

void PredictForm::showFoot() {
    const bool blocked = std::any_of(problems_.begin(), problems_.end(),
                                     [](const PredictProblem& problem) { return problem.blocks; });
    const bool running = running_ && !running_->isFinished();
    predict_->setEnabled(!blocked && labels_.has_value() && !guessing_);
    cancel_->setVisible(running);
    if (running) {
        const Progress& progress = running_->progress();
        state_->setText(running_->cancelRequested() ? tr("Stopping…")
                        : progress.total == 0       ? QString::fromStdString(progress.phase)
                                                    : tr("%1 %  %2")
                                                    .arg(100 * progress.done / progress.total)
                                                    .arg(formatTimeLeft(progress.seconds_left)));
    } else if (guessing_) {
        state_->setText(tr("Reading the columns…"));
    } else if (blocked) {
        state_->setText(tr("Fields with a red note need an answer first."));
    } else if (const DatasetDocument* data = dataset()) {
        state_->setText(tr("%1 cells will be predicted.")
                            .arg(formatCount(static_cast<std::int64_t>(data->data->n_obs()))));
    }
}

void PredictForm::follow(Job* job) {
    running_ = job;
    connect(job, &Job::progressChanged, this, &PredictForm::showFoot);
    connect(job, &Job::cancelling, this, &PredictForm::showFoot);
    connect(job, &Job::finished, this, [this] {
        proposedOutput_.clear();
        output_->clear();
        proposeOutput(); // the last one may exist now
        check();
    });
    showFoot();
}

} // namespace ember

#include "views/model/fit_panel.hpp"

#include <algorithm>
#include <map>

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QFileInfo>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "views/model/fit_findings.hpp"
#include "widgets/empty_state.hpp"
#include "widgets/icon.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

constexpr int iconSize = 20;

QLabel* textLabel(const char* name, QWidget* parent) {
    auto* label = new QLabel(parent);
    label->setObjectName(QLatin1String(name));
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

} // namespace

FitPanel::FitPanel(Workspace& workspace, QWidget* parent) : QWidget(parent), workspace_(workspace) {
    empty_ = new EmptyState("cells", tr("No data set is open"), tr("Open the cells to predict"));
    content_ = buildContent();
    pages_ = new QStackedWidget;
    pages_->addWidget(empty_);
    pages_->addWidget(content_);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(pages_);
    connect(&workspace_, &Workspace::documentAdded, this, [this](DocumentRef document) {
        if (document.kind == DocumentKind::dataset) {
            listDatasets();
        }
    });
    connect(&workspace_, &Workspace::documentClosing, this, [this](DocumentRef document) {
        if (document.kind == DocumentKind::dataset) {
            const QSignalBlocker quiet(datasets_);
            datasets_->removeItem(datasets_->findData(document.id));
            compare();
        } else if (document == model_) {
            setModel({});
        }
    });
    connect(&ThemeNotifier::instance(), &ThemeNotifier::changed, this, &FitPanel::retint);
    listDatasets();
}

QWidget* FitPanel::buildContent() {
    auto* content = new QWidget;
    auto* label = new QLabel(tr("&Data set"), content);
    datasets_ = new QComboBox(content);
    datasets_->setObjectName(QStringLiteral("fitDataset"));
    datasets_->setAccessibleName(tr("Data set to compare the model with"));
    datasets_->setMinimumWidth(lengthInEms(this, 14));
    label->setBuddy(datasets_);
    copy_ = new QPushButton(icon(QStringLiteral("edit-copy")), tr("Copy"), content);
    copy_->setObjectName(QStringLiteral("fitCopy"));
    copy_->setAccessibleName(tr("Copy the findings as text"));
    copy_->setToolTip(tr("Copy the findings as text"));
    auto* row = new QHBoxLayout;
    row->addWidget(label);
    row->addWidget(datasets_);
    row->addStretch();
    row->addWidget(copy_);
    icon_ = new QLabel(content);
    verdict_ = textLabel("fitVerdict", content);
    verdict_->setFont(headingFont(font(), 1.1));
    caption_ = textLabel("fitCaption", content);
    setRole(caption_, "muted");
    auto* said = new QHBoxLayout;
    said->setSpacing(8);
    said->addWidget(icon_, 0, Qt::AlignTop);
    said->addWidget(verdict_, 1);

    findings_ = new QWidget;
    auto* list = new QVBoxLayout(findings_);
    list->setContentsMargins(0, 0, 0, 0);
    list->setSpacing(6);
    auto* area = new QScrollArea(content);
    area->setObjectName(QStringLiteral("fitFindings"));
    area->setAccessibleName(tr("Findings"));
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setWidget(findings_);

    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 10, 0, 0);
    layout->setSpacing(8);
    layout->addLayout(row);
    layout->addLayout(said);
    layout->addWidget(caption_);
    layout->addWidget(area, 1);
    connect(datasets_, &QComboBox::currentIndexChanged, this, &FitPanel::compare);
    connect(copy_, &QPushButton::clicked, this, [this] { QApplication::clipboard()->setText(plainText()); });
    return content;
}

void FitPanel::setModel(DocumentRef model) {
    model_ = model;
    compare();
}

void FitPanel::listDatasets() {
    {
        const QSignalBlocker quiet(datasets_);
        const QVariant chosen = datasets_->currentData();
        datasets_->clear();
        for (const DatasetDocument* dataset : workspace_.datasets()) {
            datasets_->addItem(dataset->name, dataset->id);
            datasets_->setItemData(datasets_->count() - 1, dataset->path, Qt::ToolTipRole);
        }
        datasets_->setCurrentIndex(std::max(0, datasets_->findData(chosen)));
    }
    compare();
}

void FitPanel::compare() {
    const ModelDocument* model = model_.kind == DocumentKind::model ? workspace_.model(model_.id) : nullptr;
    const DatasetDocument* dataset = workspace_.dataset(datasets_->currentData().toInt());
    if (model == nullptr || dataset == nullptr) {
        shownModel_ = shownDataset_ = 0;
        empty_->setTexts(tr("No data set is open"),
                         tr("Open the cells that you want to predict: what this model knows of them, and "
                            "what it does not, stands here then."));
        pages_->setCurrentWidget(empty_);
        clear({});
        return;
    }
    if (!QFileInfo(model->path).isDir()) {
        shownModel_ = shownDataset_ = 0;
        empty_->setTexts(tr("A checkpoint alone does not say what it knows"),
                         tr("Open its run directory, which lists the perturbations of its training."));
        pages_->setCurrentWidget(empty_);
        clear({});
        return;
    }
    pages_->setCurrentWidget(content_);
    if (shownModel_ == model->id && shownDataset_ == dataset->id) {
        return;
    }
    if (job_) {
        job_->cancel();
    }
    shownModel_ = model->id;
    shownDataset_ = dataset->id;
    clear(tr("Comparing …"));
    const auto work = [path = model->path.toStdString(), data = dataset->data](JobContext& job) {
        const ModelKnowledge known = knowledge_of(path);
        job.check_cancelled();
        return diagnose_fit(known, facts_of(*data, known, {}, job));
    };
    const auto done = [this, pair = std::pair(model->id, dataset->id)](FitReport report) {
        if (pair == std::pair(shownModel_, shownDataset_)) {
            show(std::move(report));
        }
    };
    job_ = runJob(workspace_, tr("Comparing %1 with %2").arg(model->name, dataset->name), work, this, done);
    job_->setReportsFailure(false); // it stands here
    connect(job_, &Job::finished, this, [this, job = job_] {
        if (job != job_ || job == nullptr || job->state() == JobState::done) {
            return;
        }
        if (job->state() == JobState::failed && job->error()) {
            clear(tr("The model and the data cannot be compared: %1").arg(job->error()->message));
            caption_->setText(job->error()->remedy);
        } else {
            clear(tr("The comparison was cancelled"));
            shownModel_ = shownDataset_ = 0; // asked for again when shown again
        }
    });
}

void FitPanel::clear(const QString& verdict) {
    QLayout& list = *findings_->layout();
    while (QLayoutItem* item = list.takeAt(0)) {
        delete item->widget();
        delete item;
    }
    const bool had = report_.has_value();
    report_.reset();
    verdict_->setText(verdict);
    caption_->clear();
    copy_->setEnabled(false);
    retint();
    if (had) {
        emit reportChanged();
    }
}

void FitPanel::show(FitReport report) {
    clear(QString::fromStdString(report.verdict));
    caption_->setText(fitCaption(report));
    auto* list = static_cast<QVBoxLayout*>(findings_->layout());
    for (const FitFinding& finding : report.findings) {
        auto* bar = new MessageBar(findingMessage(finding), findings_);
        bar->setClosable(false);
        list->addWidget(bar);
    }
    list->addStretch();
    copy_->setEnabled(true);
    report_ = std::move(report);
    retint();
    emit reportChanged();
}

void FitPanel::retint() {
    icon_->setVisible(report_.has_value());
    if (report_) {
        static const std::map<FitSeverity, IconColor> colors = {{FitSeverity::fine, IconColor::success},
                                                                {FitSeverity::note, IconColor::information},
                                                                {FitSeverity::warning, IconColor::warning},
                                                                {FitSeverity::serious, IconColor::error}};
        icon_->setPixmap(icon(severityIcon(report_->worst), colors.at(report_->worst)).pixmap(iconSize));
    }
}

QString FitPanel::plainText() const {
    return report_ ? QString::fromStdString(fit_text(*report_)) : QString();
}

} // namespace ember

#include "views/model/model_view.hpp"

#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "views/model/fit_findings.hpp"
#include "views/model/fit_panel.hpp"
#include "views/model/model_report.hpp"
#include "views/model/vocabulary_list.hpp"
#include "widgets/elided_label.hpp"
#include "widgets/empty_state.hpp"
#include "widgets/icon.hpp"
#include "widgets/message_bar.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

const ViewRegistration registration{
    {"model",
     QT_TRANSLATE_NOOP("ember::View", "Model"),
     "model",
     15,
     {DocumentKind::model},
     [](Workspace& workspace, QWidget* parent) -> View* { return new ModelView(workspace, parent); }}};

} // namespace

ModelView::ModelView(Workspace& workspace, QWidget* parent) : View(parent), workspace_(workspace) {
    setObjectName("modelView");
    empty_ = new EmptyState("model", tr("No model is open"),
                            tr("Dimensions, labels and genes of a model stand here. Open an ST run "
                               "directory or a checkpoint: drop it on the window, or press Ctrl+Shift+O."));
    content_ = buildContent();
    pages_ = new QStackedWidget;
    pages_->addWidget(empty_);
    pages_->addWidget(content_);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(pages_);
}

QWidget* ModelView::buildContent() {
    title_ = new QLabel;
    title_->setFont(headingFont(font(), 1.35));
    summary_ = new QLabel;
    summary_->setWordWrap(true);
    path_ = new ElidedLabel;
    path_->setElideMode(Qt::ElideMiddle);
    path_->setEnabled(false);
    predict_ = new QPushButton(icon("tools-wizard", IconColor::accentText), tr("Predict…"));
    predict_->setObjectName("predictWithModel");
    predict_->setToolTip(tr("Predict with this model"));
    setPrimary(predict_);
    connect(predict_, &QPushButton::clicked, this, [this] { workspace_.askToPredict({}, document_); });
    auto* texts = new QVBoxLayout;
    texts->setSpacing(1);
    texts->addWidget(title_);
    texts->addWidget(summary_);
    texts->addWidget(path_);
    auto* head = new QHBoxLayout;
    head->addLayout(texts, 1);
    head->addWidget(predict_, 0, Qt::AlignTop);
    unusual_ = new QVBoxLayout;

    report_ = new QTreeWidget;
    report_->setObjectName("modelReport");
    report_->setAccessibleName(tr("Report on the model"));
    report_->setColumnCount(2);
    report_->setHeaderHidden(true);
    report_->setTextElideMode(Qt::ElideMiddle);
    report_->header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    vocabulary_ = new VocabularyList;
    auto* split = new QSplitter(Qt::Horizontal);
    split->setObjectName("modelSplitter");
    split->setChildrenCollapsible(false);
    split->setHandleWidth(12);
    split->setStyleSheet("QSplitter::handle { background: transparent; }");
    split->addWidget(report_);
    split->addWidget(vocabulary_);
    split->setStretchFactor(0, 3);
    split->setStretchFactor(1, 2);
    fit_ = new FitPanel(workspace_);
    tabs_ = new QTabWidget;
    tabs_->setObjectName("modelTabs");
    tabs_->setAccessibleName(tr("Parts of the model's page"));
    auto* parts = new QWidget;
    auto* below = new QVBoxLayout(parts);
    below->setContentsMargins(0, 10, 0, 0);
    below->addWidget(split);
    tabs_->addTab(parts, tr("What it is"));
    tabs_->addTab(fit_, tr("Fit to data"));
    connect(fit_, &FitPanel::reportChanged, this, &ModelView::showFit);

    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(16, 12, 16, 12);
    layout->setSpacing(10);
    layout->addLayout(head);
    layout->addLayout(unusual_);
    layout->addWidget(tabs_, 1);
    return content;
}

void ModelView::showDocument(DocumentRef document) {
    const ModelDocument* model =
        document.kind == DocumentKind::model ? workspace_.model(document.id) : nullptr;
    document_ = model == nullptr ? DocumentRef{} : document;
    pages_->setCurrentWidget(model == nullptr ? static_cast<QWidget*>(empty_) : content_);
    fit_->setModel(document_);
    if (model == nullptr) {
        return;
    }
    title_->setText(model->name);
    summary_->setText(modelSummary(model->info));
    path_->setText(model->path);
    showUnusual(*model);
    fillModelReport(*report_, model->info);
    vocabulary_->show(model->info);
}

/// The tab says from afar that something is wrong.
void ModelView::showFit() {
    const std::optional<FitReport>& report = fit_->report();
    const int tab = tabs_->indexOf(fit_);
    const bool trouble = report && report->worst >= FitSeverity::warning;
    tabs_->setTabIcon(tab, trouble ? icon(severityIcon(report->worst), report->worst == FitSeverity::serious
                                                                           ? IconColor::error
                                                                           : IconColor::warning)
                                   : QIcon());
    tabs_->setTabToolTip(tab, report ? QString::fromStdString(report->verdict) : QString());
}

void ModelView::showUnusual(const ModelDocument& model) {
    while (QLayoutItem* item = unusual_->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    QStringList facts;
    for (const auto& fact : model.info.value("unusual", nlohmann::json::array())) {
        facts << QString::fromStdString(fact.get<std::string>()) + '.';
    }
    if (facts.isEmpty()) {
        return;
    }
    const bool one = facts.size() == 1;
    auto* bar = new MessageBar(
        BarMessage{BarKind::information,
                   tr("Unusual"),
                   one ? facts.first() : tr("%1 And %2 more.").arg(facts.first()).arg(facts.size() - 1),
                   {},
                   one ? QString() : facts.join('\n')});
    bar->setClosable(false);
    unusual_->addWidget(bar);
}

} // namespace ember

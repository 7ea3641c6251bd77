#include "views/compare/compare_view.hpp"

#include <QAction>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QMenu>
#include <QPushButton>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QTabBar>
#include <QToolButton>
#include <QVBoxLayout>

#include "views/compare/differences_page.hpp"
#include "views/compare/evaluation_requests.hpp"
#include "views/compare/map_pane.hpp"
#include "views/compare/maps_page.hpp"
#include "views/compare/metrics_page.hpp"
#include "views/compare/verdict_lines.hpp"
#include "views/selections.hpp"
#include "views/undo.hpp"
#include "widgets/curve_plot.hpp"
#include "widgets/elided_label.hpp"
#include "widgets/empty_state.hpp"
#include "widgets/figure_export.hpp"
#include "widgets/heat_map.hpp"
#include "widgets/icon.hpp"
#include "widgets/message_bar.hpp"
#include "widgets/point_cloud_plot.hpp"
#include "widgets/scatter_plot.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

constexpr const char* viewName = "compare";

const ViewRegistration registration{
    {viewName,
     QT_TRANSLATE_NOOP("ember::View", "Compare"),
     "view-split-left-right",
     40,
     {DocumentKind::prediction, DocumentKind::dataset},
     [](Workspace& workspace, QWidget* parent) -> View* { return new CompareView(workspace, parent); }}};

} // namespace

CompareView::CompareView(Workspace& workspace, QWidget* parent)
    : View(parent),
      workspace_(workspace),
      results_(std::make_unique<JobCache<CompareResult>>(workspace, this, [this] { showVerdicts(); })) {
    setObjectName("compareView");
    build();
    const auto later = [this](DocumentRef) {
        // A document that closes is still listed while it says so.
        QMetaObject::invokeMethod(this, &CompareView::refresh, Qt::QueuedConnection);
    };
    connect(&workspace_, &Workspace::documentAdded, this, later);
    connect(&workspace_, &Workspace::documentClosing, this, later);
    connect(&workspace_, &Workspace::documentChanged, this, later);
    connect(&workspace_, &Workspace::geneChosen, this, &CompareView::colorByGene);
    showDocument({});
}

CompareView::~CompareView() = default;

/// Where an export went, or why not.
template<typename Plot>
void CompareView::reportExports(Plot* plot) {
    connect(plot, &Plot::exported, this, [this](const QString& path) {
        workspace_.post({MessageKind::information, tr("Saved"), tr("It is in %1.").arg(path), {}, {}});
    });
    connect(plot, &Plot::exportFailed, this,
            [this](const QString& message, const QString& place, const QString& remedy) {
                workspace_.post({MessageKind::error, "CannotWrite", message, remedy, place});
            });
}

void CompareView::build() {
    empty_ = new EmptyState("view-split-left-right", tr("Nothing to compare yet"),
                            tr("Predictions stand here side by side."), tr("Predict…"));
    empty_->button()->setObjectName("comparePredict");
    connect(empty_, &EmptyState::triggered, this, [this] {
        workspace_.askToPredict(document_.kind == DocumentKind::dataset ? document_ : DocumentRef(), {});
    });
    const CompareEdit change = [this](const QString& text, const std::function<void(CompareSettings&)>& how) {
        edit(text, how);
    };
    maps_ = new MapsPage(workspace_, change);
    connect(maps_, &MapsPage::plotMade, this, [this](PointCloudPlot* plot) { reportExports(plot); });
    pages_ = new QStackedWidget;
    pages_->addWidget(maps_);
    metrics_ = new MetricsPage(workspace_, change);
    connect(metrics_, &MetricsPage::exportWanted, this, &CompareView::exportData);
    connect(metrics_, &MetricsPage::exportableChanged, this, &View::exportableChanged);
    reportExports(metrics_->curves());
    pages_->addWidget(metrics_);
    differences_ = new DifferencesPage(workspace_, change);
    reportExports(differences_->map());
    reportExports(differences_->scatter());
    pages_->addWidget(differences_);
    verdicts_ = new VerdictLines;
    tabs_ = new QTabBar;
    tabs_->setObjectName("comparePages");
    tabs_->setAccessibleName(tr("Pages"));
    tabs_->setDrawBase(false);
    tabs_->setExpanding(false);
    tabs_->addTab(tr("Maps"));
    tabs_->addTab(tr("Metrics"));
    tabs_->addTab(tr("Differences"));
    connect(tabs_, &QTabBar::currentChanged, this, [this](int page) {
        edit(tr("Show %1").arg(tabs_->tabText(page)),
             [page](CompareSettings& settings) { settings.page = static_cast<ComparePage>(page); });
    });
    bars_ = new QVBoxLayout;
    bars_->setSpacing(6);
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(12, 8, 12, 8);
    layout->setSpacing(6);
    layout->addWidget(buildHead());
    layout->addLayout(bars_);
    layout->addWidget(verdicts_);
    layout->addWidget(tabs_);
    layout->addWidget(pages_, 1);
    states_ = new QStackedWidget;
    states_->addWidget(empty_);
    states_->addWidget(content);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(states_);
}

QWidget* CompareView::buildHead() {
    title_ = new ElidedLabel;
    title_->setObjectName("compareTitle");
    title_->setFont(headingFont(font(), 1.2));
    menu_ = new QMenu(this);
    menu_->setObjectName("compareMenu");
    choose_ = new QToolButton;
    choose_->setObjectName("compareChoose");
    choose_->setText(tr("Predictions"));
    choose_->setAccessibleName(tr("Predictions to compare"));
    choose_->setToolTip(tr("Choose up to four of the open predictions"));
    choose_->setIcon(icon("list-add"));
    choose_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    choose_->setPopupMode(QToolButton::InstantPopup);
    choose_->setMenu(menu_);
    auto* head = new QWidget;
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(title_, 1);
    row->addWidget(choose_);
    return head;
}

void CompareView::showDocument(DocumentRef document) {
    document_ = workspace_.dataOf(document) == nullptr ? DocumentRef() : document;
    refresh();
}

void CompareView::refresh() {
    if (workspace_.dataOf(document_) == nullptr) {
        document_ = {};
    }
    const CompareSet found = document_ ? compareSet(workspace_, document_, settings_) : CompareSet();
    set_ = found;
    const bool any = !set_.models.empty();
    states_->setCurrentIndex(any ? 1 : 0);
    if (!any) {
        showEmpty();
        maps_->show({}, settings_);
        metrics_->show({}, settings_, false);
        differences_->show({}, settings_, false);
        return;
    }
    QStringList names;
    for (const ComparedFile& model : set_.models) {
        names << model.name;
    }
    title_->setText(set_.real
                        ? tr("%1 beside the real cells of %2")
                              .arg(names.join(tr(" and ")), QFileInfo(set_.real->path).completeBaseName())
                        : names.join(tr(" and ")));
    fillMenu();
    showProblems();
    const QSignalBlocker quiet(tabs_);
    tabs_->setCurrentIndex(static_cast<int>(settings_.page));
    pages_->setCurrentIndex(static_cast<int>(settings_.page));
    maps_->show(set_, settings_);
    metrics_->show(set_, settings_, settings_.page == ComparePage::metrics);
    differences_->show(set_, settings_, settings_.page == ComparePage::differences);
    wantVerdicts();
    showVerdicts();
    emit exportableChanged();
}

/// Verdicts on all models that can be held against the real cells, once for each set.
void CompareView::wantVerdicts() {
    const std::vector<const ComparedFile*> models = models_with_real(set_);
    if (models.empty() || set_.columns.perturbation.empty()) {
        return;
    }
    std::vector<AnnDataPtr> predictions;
    for (const ComparedFile* model : models) {
        predictions.push_back(workspace_.dataOf(model->document)->data);
    }
    results_->want(
        resultKey(set_, models), resultDocuments(set_, models), tr("Verdicts on predictions"),
        [set = set_, real = workspace_.dataOf(set_.real->document)->data, predictions](JobContext& job) {
            return compare(verdict_request(set, real, predictions), job);
        },
        JobWeight::heavy);
}

void CompareView::showVerdicts() {
    using State = JobCache<CompareResult>::State;
    const auto& entry = results_->find(resultKey(set_, models_with_real(set_)));
    if (entry.result) {
        verdicts_->setLines(verdictLines(*entry.result));
        metrics_->setRemark(blindSpots(*entry.result).join(". "));
        return;
    }
    metrics_->setRemark({});
    QString text;
    if (entry.state == State::running) {
        text = entry.activity.isEmpty() ? tr("Verdicts: waiting for other jobs")
                                        : tr("Verdicts: %1").arg(entry.activity);
    } else if (entry.state == State::failed) {
        text = tr("No verdict: %1").arg(entry.problem);
    } else if (entry.state == State::cancelled) {
        text = tr("No verdict: cancelled");
    }
    verdicts_->setText(text, text.isEmpty() ? 0 : static_cast<int>(models_with_real(set_).size()));
}

bool CompareView::canExport() const {
    return !set_.models.empty() && settings_.page == ComparePage::metrics && metrics_->canExport();
}

void CompareView::exportData() {
    const QString path = QFileDialog::getSaveFileName(
        this, tr("Export the metrics"), QStringLiteral("metrics.csv"), tr("Comma-separated values (*.csv)"));
    if (path.isEmpty()) {
        return;
    }
    try {
        writeTextFile(path, metrics_->csv(), {});
        workspace_.post(
            {MessageKind::information, tr("Exported"), tr("The metrics are in %1.").arg(path), {}, {}});
    } catch (const Error& error) {
        workspace_.post(messageFrom(JobError::from(error)));
    }
}

void CompareView::showEmpty() {
    const DatasetDocument* data = workspace_.dataOf(document_);
    empty_->setTexts(tr("Nothing to compare yet"),
                     data == nullptr
                         ? tr("Predictions stand here side by side, with metrics and differences. Open data "
                              "and a model, then predict.")
                         : tr("%1 has no prediction that is open. Predict with one or two models, or open "
                              "their predictions; they stand here side by side.")
                               .arg(data->name),
                     tr("Predict…"));
}

void CompareView::fillMenu() {
    menu_->clear();
    const std::vector<const PredictionDocument*> open = workspace_.predictions();
    const QStringList names = comparedNames(open);
    for (std::size_t at = 0; at < open.size(); ++at) {
        const QString path = open[at]->output.path;
        QAction* action = menu_->addAction(names[static_cast<int>(at)]);
        action->setObjectName(QString("comparePrediction%1").arg(at + 1));
        action->setToolTip(path);
        action->setCheckable(true);
        const bool on = set_.find(path) != nullptr;
        action->setChecked(on);
        const auto chosen = static_cast<int>(set_.models.size());
        action->setEnabled(on ? chosen > 1 : chosen < most_compared);
        connect(action, &QAction::triggered, this, [this, path](bool now) { choosePrediction(path, now); });
    }
}

void CompareView::choosePrediction(const QString& path, bool on) {
    QStringList paths;
    for (const ComparedFile& model : set_.models) {
        paths << model.path;
    }
    on ? static_cast<void>(paths << path) : static_cast<void>(paths.removeAll(path));
    edit(on ? tr("Add a prediction") : tr("Leave out a prediction"),
         [&paths](CompareSettings& settings) { settings.predictions = paths; });
}

void CompareView::showProblems() {
    while (QLayoutItem* item = bars_->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    if (!set_.problems.isEmpty()) {
        BarMessage message{BarKind::warning, tr("Not all can be compared"), set_.problems.join(' '), {}, {}};
        auto* bar = new MessageBar(message);
        bar->setClosable(false);
        bars_->addWidget(bar);
    }
    if (!set_.real) {
        const bool known = !set_.realPath.isEmpty() && QFileInfo::exists(set_.realPath);
        auto* bar = new MessageBar({BarKind::information,
                                    tr("Real cells"),
                                    known ? tr("The cells that were predicted from are in %1.")
                                                .arg(QFileInfo(set_.realPath).fileName())
                                          : tr("Open the data that was predicted from to hold the "
                                               "predictions against it."),
                                    {},
                                    {}});
        bar->setClosable(false);
        if (known) {
            bar->setAction(tr("Open"));
            connect(bar, &MessageBar::actionTriggered, this, &CompareView::askForReal);
        }
        bars_->addWidget(bar);
    }
}

void CompareView::askForReal() {
    workspace_.open({set_.realPath});
}

void CompareView::edit(const QString& text, const std::function<void(CompareSettings&)>& change) {
    const QJsonObject before = settings();
    change(settings_);
    refresh();
    recordViewChange(workspace_, viewName, text, before, settings());
}

/// Asked by another view; brings nothing to the front.
void CompareView::colorByGene(DocumentRef document, const MatrixSource&, const QString& gene) {
    const auto files = set_.comparable();
    const bool ours = std::any_of(files.begin(), files.end(), [&](const ComparedFile* file) {
        return file->document == document || workspace_.selections().sameCells(file->document, document);
    });
    if (ours) {
        edit(tr("Colour by %1").arg(gene), [&gene](CompareSettings& settings) {
            MapColor& color = settings.maps.color;
            color = {color.isGene() ? color.kind : MapColor::Kind::gene, gene, color.reference};
        });
    }
}

QJsonObject CompareView::settings() const {
    return settingsToJson(settings_);
}

void CompareView::restore(const QJsonObject& settings) {
    settings_ = compareSettingsFromJson(settings);
    refresh();
}

} // namespace ember

#include "views/genes/genes_view.hpp"

#include <array>

#include <QFileDialog>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

#include "views/embedding/pane_choices.hpp"
#include "views/embedding/statistics_choice.hpp"
#include "views/genes/pathway_page.hpp"
#include "views/genes/response_page.hpp"
#include "views/undo.hpp"
#include "widgets/empty_state.hpp"

namespace ember {

namespace {

constexpr const char* viewName = "genes";

const ViewRegistration registration{
    {viewName,
     QT_TRANSLATE_NOOP("ember::View", "Genes"),
     "view-statistics",
     35,
     {DocumentKind::prediction, DocumentKind::dataset},
     [](Workspace& workspace, QWidget* parent) -> View* { return new GenesView(workspace, parent); }}};

} // namespace

GenesView::GenesView(Workspace& workspace, QWidget* parent) : View(parent), workspace_(workspace) {
    setObjectName("genesView");
    setAccessibleName(tr("Genes"));
    build();
    connect(&workspace_, &Workspace::documentChanged, this, [this](DocumentRef changed) {
        if (changed == document_) {
            readContext();
        }
    });
    const auto later = [this](DocumentRef) {
        // A document that closes is still listed while it says so.
        QMetaObject::invokeMethod(this, &GenesView::refresh, Qt::QueuedConnection);
    };
    connect(&workspace_, &Workspace::documentAdded, this, later);
    connect(&workspace_, &Workspace::documentClosing, this, [this, later](DocumentRef closing) {
        comparisons_.forget(closing.id);
        later(closing);
    });
    showDocument({});
}

GenesView::~GenesView() = default;

void GenesView::build() {
    empty_ = new EmptyState("view-statistics", tr("No data set is open"),
                            tr("Genes that differ between groups of cells, pathways, and what a perturbation "
                               "changes stand here. Open an .h5ad file, or drop it here."),
                            tr("Open a file…"));
    empty_->setObjectName("genesEmpty");
    connect(empty_, &EmptyState::triggered, this, [this] {
        const QStringList paths = QFileDialog::getOpenFileNames(this, tr("Open data"), QString(),
                                                                tr("Data (*.h5ad *.h5);;All files (*)"));
        if (!paths.isEmpty()) {
            workspace_.open(paths);
        }
    });
    waiting_ = new EmptyState("clock", tr("Reading the groups"), QString());
    connect(waiting_, &EmptyState::triggered, this, &GenesView::readContext);
    tabs_ = new QTabWidget;
    tabs_->setObjectName("genesPages");
    tabs_->setAccessibleName(tr("Questions about genes"));
    tabs_->tabBar()->setObjectName("genesPageBar");
    tabs_->tabBar()->setAccessibleName(tr("Questions about genes"));
    tabs_->setDocumentMode(true);
    for (const QString& title : {tr("Differential expression"), tr("Condition table"), tr("Pathways")}) {
        auto* place = new QWidget;
        auto* layout = new QVBoxLayout(place);
        layout->setContentsMargins(0, 0, 0, 0);
        tabs_->addTab(place, title);
    }
    body_ = new QStackedWidget;
    body_->addWidget(empty_);
    body_->addWidget(waiting_);
    body_->addWidget(tabs_);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(body_);
    connect(tabs_, &QTabWidget::currentChanged, this, [this](int page) {
        edit(tr("Show %1").arg(tabs_->tabText(page)),
             [page](GenesSettings& settings) { settings.page = page; });
    });
}

/// All three at once would take longer than a handler may.
GenesPage* GenesView::makePage(int index) {
    GenesPage* made = nullptr;
    if (index == 1) {
        made = response_ = new ResponsePage(workspace_);
    } else if (index == 2) {
        made = pathways_ = new PathwayPage(workspace_, comparisons_);
        connect(pathways_, &PathwayPage::runWanted, this, &GenesView::runDifferential);
        connect(pathways_, &PathwayPage::cancelWanted, this, &GenesView::cancelDifferential);
    } else {
        made = differential_ = new DifferentialPage(workspace_, comparisons_);
        connect(differential_, &DifferentialPage::runWanted, this, &GenesView::runDifferential);
        connect(differential_, &DifferentialPage::cancelWanted, this, &GenesView::cancelDifferential);
    }
    connect(made, &GenesPage::wanted, this, &GenesView::edit);
    connect(made, &GenesPage::exportableChanged, this, &View::exportableChanged);
    tabs_->widget(index)->layout()->addWidget(made);
    return made;
}

GenesPage* GenesView::page() {
    const std::array<GenesPage*, 3> pages = {differential_, response_, pathways_};
    const int index = tabs_->currentIndex();
    GenesPage* const made = pages.at(static_cast<std::size_t>(index));
    return made != nullptr ? made : makePage(index);
}

const GenesPage* GenesView::page() const {
    return std::array<const GenesPage*, 3>{differential_, response_, pathways_}.at(
        static_cast<std::size_t>(tabs_->currentIndex()));
}

void GenesView::showDocument(DocumentRef document) {
    document_ = workspace_.dataOf(document) == nullptr ? DocumentRef{} : document;
    context_.reset();
    if (reading_) {
        reading_->disconnect(this);
        reading_->cancel();
    }
    if (data() == nullptr) {
        body_->setCurrentWidget(empty_);
        emit exportableChanged();
        return;
    }
    readContext();
}

void GenesView::readContext() {
    if (data() == nullptr) {
        return;
    }
    if (reading_) {
        reading_->disconnect(this);
        reading_->cancel();
    }
    waiting_->setTexts(tr("Reading the groups"), QString());
    body_->setCurrentWidget(waiting_);
    reading_ = runJob(
        workspace_, tr("Groups of %1").arg(data()->name),
        [data = data()->data, columns = groupColumns(*data()), schema = data()->schema](JobContext& job) {
            return read_gene_context(*data, columns, schema, job);
        },
        this,
        [this](GeneContextPtr context) {
            context_ = std::move(context);
            refresh();
        });
    connect(reading_, &Job::finished, this, [this, job = reading_.data()] {
        reading_ = nullptr;
        if (job->state() != JobState::done) {
            waiting_->setTexts(tr("The groups could not be read"),
                               job->error() ? job->error()->message : QString(), tr("Try again"));
        }
    });
}

GenesSettings GenesView::shown() const {
    GenesSettings full = settings_;
    full.differential = resolved(settings_.differential, *context_, mainSource(workspace_, document_));
    return full;
}

void GenesView::refresh() {
    if (data() == nullptr) {
        if (document_) {
            showDocument({});
        }
        return;
    }
    if (context_ == nullptr) {
        return;
    }
    if (context_->columns.isEmpty() || context_->sources.empty()) {
        waiting_->setTexts(tr("Nothing to compare"),
                           context_->columns.isEmpty()
                               ? tr("The file has no column that splits its cells into groups.")
                               : tr("The file has no matrix of genes."));
        body_->setCurrentWidget(waiting_);
        return;
    }
    body_->setCurrentWidget(tabs_);
    const QSignalBlocker quiet(tabs_);
    tabs_->setCurrentIndex(settings_.page);
    page()->show(document_, context_, shown());
    emit exportableChanged();
}

void GenesView::edit(const QString& text, const GenesPage::Change& change) {
    const QJsonObject before = settings();
    change(settings_);
    refresh();
    recordViewChange(workspace_, viewName, text, before, settings());
}

void GenesView::runDifferential() {
    const DifferentialRequest request = differentialRequest(data()->path, shown().differential, *context_);
    const QString group = request.groups.size() == 1 ? QString::fromStdString(request.groups.front())
                                                     : QString::fromStdString(request.groupby);
    comparisons_.want(
        workspace_, document_, keyOf(document_, request), tr("Genes of %1 in %2").arg(group, data()->name),
        [data = data()->data, request](JobContext& job) {
            return DifferentialOutcome{request, differential_expression(*data, request, job)};
        },
        this, [this] { refresh(); });
}

void GenesView::cancelDifferential() {
    comparisons_.cancel(keyOf(document_, differentialRequest(data()->path, shown().differential, *context_)));
}

bool GenesView::canExport() const {
    return data() != nullptr && body_->currentWidget() == tabs_ && page() != nullptr && page()->canExport();
}

void GenesView::exportData() {
    page()->exportData();
}

QJsonObject GenesView::settings() const {
    return settingsToJson(settings_);
}

void GenesView::restore(const QJsonObject& settings) {
    settings_ = genesSettingsFromJson(settings);
    refresh();
}

} // namespace ember

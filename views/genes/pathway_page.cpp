#include "views/genes/pathway_page.hpp"

#include <QComboBox>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QMimeData>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QTabWidget>
#include <QTableView>
#include <QVBoxLayout>

#include "core/base/atomic_file.hpp"
#include "views/genes/pathway_plots.hpp"
#include "widgets/dot_plot.hpp"
#include "widgets/empty_state.hpp"
#include "widgets/icon.hpp"
#include "widgets/scatter_plot.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

bool isGmt(const QString& path) {
    return path.endsWith(".gmt", Qt::CaseInsensitive) || path.endsWith(".gmt.gz", Qt::CaseInsensitive);
}

QString gmtOf(const QMimeData* mime) {
    for (const QUrl& url : mime->urls()) {
        if (url.isLocalFile() && isGmt(url.toLocalFile())) {
            return url.toLocalFile();
        }
    }
    return {};
}

} // namespace

PathwayPage::PathwayPage(Workspace& workspace, DifferentialCache& comparisons, QWidget* parent)
    : GenesPage(workspace, parent), comparisons_(comparisons), body_(new QStackedWidget) {
    setObjectName("pathwayPage");
    setAcceptDrops(true);
    waiting_ = new EmptyState("view-statistics", tr("Which pathways change?"), QString(), tr("Compare"));
    waiting_->button()->setObjectName("pathwayStart");
    connect(waiting_, &EmptyState::triggered, this, &PathwayPage::start);
    connect(&workspace_, &Workspace::documentClosing, this,
            [this](DocumentRef closing) { results_.forget(closing.id); });
    body_->addWidget(waiting_);
    body_->addWidget(buildResult());
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 8, 12, 8);
    column->setSpacing(8);
    column->addWidget(buildForm());
    column->addWidget(body_, 1);
}

QWidget* PathwayPage::buildForm() {
    collection_ =
        makeChoice("pathwaySets", tr("Gene sets"), tr("The pathways or sets of genes that are looked for"));
    collection_->setMinimumContentsLength(16);
    open_ = new QPushButton(icon("document-open"), tr("GMT…"));
    open_->setObjectName("pathwayOpen");
    open_->setAccessibleName(tr("Open a GMT file of gene sets"));
    open_->setToolTip(tr("Sets of your own: open a GMT file, or drop it here"));
    method_ =
        makeChoice("pathwayMethod", tr("Method"),
                   tr("Sets among the changed genes (hypergeometric test), or at an end of the ranking of "
                      "all genes (pre-ranked GSEA)"));
    which_ = makeChoice("pathwayTable", tr("Comparison"), tr("The comparison whose genes are looked at"));
    export_ = new QPushButton(icon("document-export"), tr("CSV…"));
    export_->setObjectName("pathwayExport");
    export_->setAccessibleName(tr("Export the gene sets as CSV"));
    export_->setToolTip(tr("All sets with their genes, and how they were found (Ctrl+E)"));
    connect(open_, &QPushButton::clicked, this, &PathwayPage::openGmt);
    connect(export_, &QPushButton::clicked, this, &PathwayPage::exportData);
    connect(collection_, &QComboBox::activated, this, [this] {
        const QString path = collection_->currentData().toString();
        emit wanted(tr("Look for %1").arg(collection_->currentText()),
                    [path](GenesSettings& settings) { settings.pathways.sets = path; });
    });
    connect(method_, &QComboBox::activated, this, [this] {
        const QString genes = method_->currentData().toString();
        emit wanted(tr("Find sets by %1").arg(method_->currentText()),
                    [genes](GenesSettings& settings) { settings.pathways.genes = genes; });
    });
    connect(which_, &QComboBox::activated, this, [this] {
        const QString key = which_->currentData().toString();
        emit wanted(tr("Show %1").arg(which_->currentText()),
                    [key](GenesSettings& settings) { settings.differential.table = key; });
    });
    auto* form = new QWidget;
    auto* row = new QHBoxLayout(form);
    row->setContentsMargins(0, 0, 0, 0);
    addField(row, tr("Sets"), collection_, 3);
    row->addWidget(open_);
    addField(row, tr("among"), method_, 3);
    addField(row, tr("of"), which_, 3);
    row->addWidget(export_);
    return form;
}

QWidget* PathwayPage::buildResult() {
    notes_ = new QLabel;
    notes_->setObjectName("pathwayNotes");
    notes_->setWordWrap(true);
    setRole(notes_, "muted");
    sets_ = new GeneTable("pathwaySetsTable", tr("Gene sets by adjusted p-value"), tr("sets"),
                          tr("keratin   padj<0.05   direction:up"));
    connect(sets_, &GeneTable::chosen, this, [this](int row) {
        const QString name = setNames().value(row);
        emit wanted(tr("Show the genes of %1").arg(name),
                    [name](GenesSettings& settings) { settings.pathways.set = name; });
    });
    members_ =
        new GeneTable("pathwayMembers", tr("Genes of the chosen set"), tr("genes of the set"), tr("Krt"));
    connect(members_, &GeneTable::chosen, this, &PathwayPage::chooseMember);
    plots_ = new QTabWidget;
    plots_->setObjectName("pathwayPlots");
    plots_->setAccessibleName(tr("Plots of the gene sets"));
    plots_->setDocumentMode(true);
    plots_->tabBar()->setObjectName("pathwayPlotBar");
    plots_->tabBar()->setAccessibleName(tr("Plots of the gene sets"));
    dots_ = new DotPlot;
    dots_->setObjectName("pathwayDots");
    dots_->setAccessibleName(tr("Leading gene sets"));
    dots_->setFigureName("pathways");
    volcano_ = new ScatterPlot;
    volcano_->setObjectName("pathwayVolcano");
    volcano_->setAccessibleName(tr("Genes of the chosen set in the volcano"));
    volcano_->setFigureName("pathway_volcano");
    plots_->addTab(dots_, tr("Leading sets"));
    plots_->addTab(volcano_, tr("Genes of the set"));
    for (FigureWidget* plot : std::initializer_list<FigureWidget*>{dots_, volcano_}) {
        plot->setMinimumHeight(lengthInEms(this, 4.5));
        reportExports(plot);
    }
    connect(volcano_, &ScatterPlot::pointClicked, this, [this](int gene) {
        const auto found = std::find(shownMembers_.begin(), shownMembers_.end(), gene);
        if (found != shownMembers_.end()) {
            chooseMember(static_cast<int>(found - shownMembers_.begin()));
        }
    });
    connect(dots_, &DotPlot::cellClicked, this, [this](int row, int) {
        QStringList names = setNames();
        names.removeDuplicates();
        emit wanted(tr("Show the genes of %1").arg(names.value(row)),
                    [name = names.value(row)](GenesSettings& settings) { settings.pathways.set = name; });
    });
    auto* right = new QSplitter(Qt::Vertical);
    right->setObjectName("pathwayRight");
    right->setChildrenCollapsible(false);
    right->addWidget(plots_);
    right->addWidget(members_);
    right->setStretchFactor(0, 3);
    right->setStretchFactor(1, 2);
    right->setSizes({600, 400});
    auto* split = new QSplitter(Qt::Horizontal);
    split->setObjectName("pathwaySplitter");
    split->setChildrenCollapsible(false);
    split->addWidget(sets_);
    split->addWidget(right);
    split->setStretchFactor(0, 1);
    split->setStretchFactor(1, 1);
    split->setSizes({500, 500});
    auto* page = new QWidget;
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    column->addWidget(notes_);
    column->addWidget(split, 1);
    return page;
}

void PathwayPage::show(DocumentRef document, const GeneContextPtr& context, const GenesSettings& settings) {
    const DatasetDocument* data = workspace_.dataOf(document);
    if (data == nullptr || context == nullptr) {
        return;
    }
    document_ = document;
    differential_ = settings.differential;
    settings_ = settings.pathways;
    if (!settings_.sets.isEmpty() && !files_.contains(settings_.sets)) {
        files_ << settings_.sets;
    }
    QStringList names = {tr("Reactome pathways")}, paths = {QString()};
    for (const QString& file : files_) {
        names << QFileInfo(file).fileName();
        paths << file;
    }
    fillChoice(collection_, names, paths, settings_.sets);
    fillChoice(method_, {tr("changed genes"), tr("all genes, ranked")}, {"changed", "ranked"},
               settings_.genes);
    showComparison(keyOf(document, differentialRequest(data->path, differential_, *context)));
}

void PathwayPage::showComparison(const QString& key) {
    comparisonKey_ = key;
    comparison_ = comparisons_.result(key);
    QStringList titles, keys;
    if (comparison_) {
        for (const DifferentialTable& table : comparison_->result.tables) {
            titles << tableTitle(table);
            keys << tableKey(table);
        }
    }
    const int at = comparison_ ? tableIndex(comparison_->result, differential_.table) : -1;
    fillChoice(which_, titles, keys, keys.value(at));
    which_->setEnabled(at >= 0);
    if (at < 0) {
        outcome_.reset();
        key_.clear();
        shown_.clear();
        showCacheState(
            waiting_, comparisons_.state(key), comparisons_.problem(key), tr("Which pathways change?"),
            tr("First the genes that differ are needed: those of the page Differential expression."),
            tr("Find them"));
        body_->setCurrentIndex(0);
        export_->setEnabled(false);
        emit exportableChanged();
        return;
    }
    PathwayRequest request;
    request.file = settings_.sets;
    request.ranked = settings_.genes == "ranked";
    request.alpha = differential_.alpha;
    request.effect = differential_.effect;
    key_ = QStringList{comparisonKey_,
                       keys[at],
                       request.file,
                       request.ranked ? "ranked" : "changed",
                       request.ranked ? QString() : QString::number(request.alpha),
                       request.ranked ? QString() : QString::number(request.effect)}
               .join('\r');
    using State = ResultCache<PathwayOutcome>::State;
    if (results_.state(key_) == State::absent) {
        start();
    } else {
        refresh();
    }
}

/// Of the sets where the genes are there, else of the genes.
void PathwayPage::start() {
    using State = DifferentialCache::State;
    if (!comparison_) {
        comparisons_.state(comparisonKey_) == State::computing ? emit cancelWanted() : emit runWanted();
        return;
    }
    if (results_.state(key_) == ResultCache<PathwayOutcome>::State::computing) {
        results_.cancel(key_);
        return;
    }
    PathwayRequest request{settings_.sets, settings_.genes == "ranked", differential_.alpha,
                           differential_.effect};
    const int table = tableIndex(comparison_->result, differential_.table);
    results_.want(
        workspace_, document_, key_, tr("Pathways of %1").arg(which_->currentText()),
        [comparison = comparison_, table, request](JobContext& job) {
            return find_pathways(*comparison, static_cast<std::size_t>(table), request, job);
        },
        this, [this] { refresh(); });
}

void PathwayPage::refresh() {
    using State = ResultCache<PathwayOutcome>::State;
    if (auto outcome = results_.result(key_)) {
        showOutcome(std::move(outcome));
    } else {
        outcome_.reset();
        shown_.clear();
        const State state = results_.state(key_);
        if (state == State::failed) {
            waiting_->setTexts(tr("No pathways can be found"), results_.problem(key_), tr("Try again"));
        } else if (state == State::cancelled) {
            waiting_->setTexts(tr("Cancelled"), QString(), tr("Try again"));
        } else {
            waiting_->setTexts(tr("Looking for pathways"), tr("Every set is tested."), tr("Cancel"));
        }
        body_->setCurrentIndex(0);
    }
    export_->setEnabled(outcome_ != nullptr);
    emit exportableChanged();
}

QStringList PathwayPage::setNames() const {
    QStringList names;
    if (outcome_) {
        for (const PathwayRow& row : outcome_->rows) {
            names << QString::fromStdString(row.set.name);
        }
    }
    return names;
}

void PathwayPage::showOutcome(std::shared_ptr<const PathwayOutcome> outcome) {
    outcome_ = std::move(outcome);
    if (std::exchange(shown_, key_) != key_) {
        shownSet_ = QString();
        notes_->setText(outcome_->notes.join(QString::fromUtf8(" · ")));
        sets_->setColumns(static_cast<int>(outcome_->rows.size()), pathwayColumns(*outcome_));
        sets_->view()->setColumnWidth(0, lengthInEms(this, 14));
        dots_->setData(leadingSets(*outcome_, 14));
        nlohmann::json provenance = differential_json(comparison_->request, comparison_->result);
        provenance["gene_sets"] = {{"name", outcome_->sets->name}, {"source", outcome_->sets->source}};
        dots_->setProvenance(QString::fromStdString(provenance.dump()));
        volcano_->setProvenance(QString::fromStdString(provenance.dump()));
        showSet();
    } else if (shownSet_ != settings_.set) {
        showSet();
    }
    body_->setCurrentIndex(1);
}

void PathwayPage::showSet() {
    shownSet_ = settings_.set;
    const auto table = static_cast<std::size_t>(tableIndex(comparison_->result, differential_.table));
    const int row = static_cast<int>(setNames().indexOf(settings_.set));
    sets_->setCurrent(row);
    shownMembers_ = outcome_->members(settings_.set);
    members_->setColumns(static_cast<int>(shownMembers_.size()),
                         memberColumns(*comparison_, table, shownMembers_));
    volcano_->setData(volcanoOfSet(*comparison_, table, settings_.set, shownMembers_, differential_.alpha,
                                   differential_.effect));
    plots_->setTabEnabled(1, !settings_.set.isEmpty());
}

void PathwayPage::chooseMember(int row) {
    if (comparison_ && row >= 0 && row < static_cast<int>(shownMembers_.size())) {
        const auto gene = static_cast<std::size_t>(shownMembers_[static_cast<std::size_t>(row)]);
        const QString name = QString::fromStdString(comparison_->result.genes[gene]);
        members_->setCurrent(row);
        volcano_->setHighlighted(static_cast<int>(gene));
        chooseGene(document_, comparison_->request.source, name,
                   [name](GenesSettings& settings) { settings.differential.gene = name; });
    }
}

void PathwayPage::openGmt() {
    const QString path = QFileDialog::getOpenFileName(this, tr("Open gene sets"), QString(),
                                                      tr("Gene sets (*.gmt *.gmt.gz);;All files (*)"));
    if (!path.isEmpty()) {
        useGmt(path);
    }
}

void PathwayPage::useGmt(const QString& path) {
    emit wanted(tr("Look for %1").arg(QFileInfo(path).fileName()),
                [path](GenesSettings& settings) { settings.pathways.sets = path; });
}

void PathwayPage::dragEnterEvent(QDragEnterEvent* event) {
    if (!gmtOf(event->mimeData()).isEmpty()) {
        event->acceptProposedAction();
    }
}

void PathwayPage::dropEvent(QDropEvent* event) {
    if (const QString path = gmtOf(event->mimeData()); !path.isEmpty()) {
        event->acceptProposedAction();
        useGmt(path);
    }
}

void PathwayPage::exportData() {
    if (!outcome_) {
        return;
    }
    const QFileInfo file(workspace_.dataOf(document_)->path);
    nlohmann::json provenance = differential_json(comparison_->request, comparison_->result);
    provenance["gene_sets"] = {{"name", outcome_->sets->name}, {"source", outcome_->sets->source}};
    for (const auto& [direction, result] : outcome_->results) {
        nlohmann::json about = enrichment_json(result);
        about.erase("sets");
        provenance["enrichment"][direction.isEmpty() ? "ranked" : direction.toStdString()] = about;
    }
    saveAs(tr("Export the pathways"), file.absolutePath() + "/" + file.completeBaseName() + "_pathways.csv",
           [outcome = outcome_, provenance](const QString& path, JobContext&) {
               std::filesystem::path csv = path.toStdString(), json = csv;
               json.replace_extension(".json");
               write_file_atomically(csv, pathway_csv(*outcome));
               write_file_atomically(json, provenance.dump(1) + "\n");
           });
}

} // namespace ember

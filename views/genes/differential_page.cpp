#include "views/genes/differential_page.hpp"

#include <QComboBox>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

#include "views/genes/differential_form.hpp"
#include "views/genes/differential_plots.hpp"
#include "views/genes/distribution_pane.hpp"
#include "widgets/dot_plot.hpp"
#include "widgets/elided_label.hpp"
#include "widgets/empty_state.hpp"
#include "widgets/scatter_plot.hpp"
#include "widgets/theme.hpp"
#include "widgets/violin_plot.hpp"

namespace ember {

void showCacheState(EmptyState* state, DifferentialCache::State now, const QString& problem,
                    const QString& question, const QString& sentence, const QString& button) {
    using State = DifferentialCache::State;
    const auto tr = [](const char* text) { return DifferentialPage::tr(text); };
    switch (now) {
    case State::computing:
        state->setTexts(tr("Comparing"), tr("One pass over the matrix."), tr("Cancel"));
        break;
    case State::failed:
        state->setTexts(tr("This could not be compared"), problem, tr("Try again"));
        break;
    case State::cancelled:
        state->setTexts(tr("Cancelled"), QString(), tr("Try again"));
        break;
    default:
        state->setTexts(question, sentence, button);
    }
}

DifferentialPage::DifferentialPage(Workspace& workspace, DifferentialCache& results, QWidget* parent)
    : GenesPage(workspace, parent),
      results_(results),
      form_(new DifferentialForm),
      body_(new QStackedWidget) {
    setObjectName("differentialPage");
    waiting_ = new EmptyState("view-statistics", tr("Which genes differ?"), QString(), tr("Compare"));
    waiting_->button()->setObjectName("deStart");
    body_->addWidget(waiting_);
    body_->addWidget(buildResult());
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 8, 12, 8);
    column->setSpacing(8);
    column->addWidget(form_);
    column->addWidget(body_, 1);
    const auto runOrCancel = [this] {
        const auto state =
            outcome_ ? DifferentialCache::State::done
                     : results_.state(keyOf(document_, differentialRequest({}, settings_, *context_)));
        state == DifferentialCache::State::computing ? emit cancelWanted() : emit runWanted();
    };
    connect(form_, &DifferentialForm::wanted, this, &GenesPage::wanted);
    connect(form_, &DifferentialForm::runClicked, this, runOrCancel);
    connect(waiting_, &EmptyState::triggered, this, runOrCancel);
    connect(form_->exportButton(), &QPushButton::clicked, this, &DifferentialPage::exportData);
}

QWidget* DifferentialPage::buildResult() {
    which_ = makeChoice("deTable", tr("Comparison shown"), tr("Which group, and within which cells"));
    which_->setMinimumContentsLength(14);
    which_->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    connect(which_, &QComboBox::activated, this, [this] {
        const QString key = which_->currentData().toString();
        emit wanted(tr("Show %1").arg(which_->currentText()),
                    [key](GenesSettings& settings) { settings.differential.table = key; });
    });
    head_ = new ElidedLabel;
    head_->setObjectName("deHead");
    table_ = new GeneTable("deGenes", tr("Genes by how they differ"), tr("genes"),
                           tr("Krt   padj<0.05   log2FC>1"));
    connect(table_, &GeneTable::chosen, this, &DifferentialPage::choose);
    auto* split = new QSplitter(Qt::Horizontal);
    split->setObjectName("deSplitter");
    split->setChildrenCollapsible(false);
    split->addWidget(table_);
    split->addWidget(buildPlots());
    split->setStretchFactor(0, 1);
    split->setStretchFactor(1, 1);
    split->setSizes({450, 550});
    auto* head = new QHBoxLayout;
    head->addWidget(which_, 1);
    head->addStretch(1);
    head->addWidget(form_->resultFields());
    auto* page = new QWidget;
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    column->addLayout(head);
    column->addWidget(head_);
    column->addWidget(split, 1);
    return page;
}

QWidget* DifferentialPage::buildPlots() {
    plots_ = new QTabWidget;
    plots_->setObjectName("dePlots");
    plots_->setAccessibleName(tr("Plots of the comparison"));
    plots_->setDocumentMode(true);
    plots_->tabBar()->setObjectName("dePlotBar");
    plots_->tabBar()->setAccessibleName(tr("Plots of the comparison"));
    volcano_ = new ScatterPlot;
    volcano_->setObjectName("volcano");
    volcano_->setAccessibleName(tr("Volcano plot"));
    volcano_->setFigureName("volcano");
    means_ = new ScatterPlot;
    means_->setObjectName("meanDifference");
    means_->setAccessibleName(tr("Difference against mean"));
    means_->setFigureName("mean_difference");
    dots_ = new DotPlot;
    dots_->setObjectName("topGenes");
    dots_->setAccessibleName(tr("Strongest genes in all comparisons"));
    dots_->setFigureName("top_genes");
    plots_->addTab(volcano_, tr("Volcano"));
    plots_->addTab(means_, tr("MA"));
    plots_->setTabToolTip(1, tr("Difference against mean"));
    plots_->addTab(dots_, tr("Strongest genes"));
    for (FigureWidget* plot : std::initializer_list<FigureWidget*>{volcano_, means_, dots_}) {
        plot->setMinimumHeight(lengthInEms(this, 4.5));
        reportExports(plot);
    }
    for (ScatterPlot* plot : {volcano_, means_}) {
        connect(plot, &ScatterPlot::pointClicked, this, &DifferentialPage::choose);
    }
    connect(dots_, &DotPlot::cellClicked, this, [this](int row, int) {
        const QString gene = dots_->data().rows.value(row);
        for (std::size_t at = 0; outcome_ && at < outcome_->result.genes.size(); ++at) {
            if (QString::fromStdString(outcome_->result.genes[at]) == gene) {
                choose(static_cast<int>(at));
                return;
            }
        }
    });
    distribution_ = new DistributionPane(workspace_, "deGene");
    reportExports(distribution_->plot());
    auto* split = new QSplitter(Qt::Vertical);
    split->setObjectName("dePlotSplitter");
    split->setChildrenCollapsible(false);
    split->addWidget(plots_);
    split->addWidget(distribution_);
    split->setStretchFactor(0, 1);
    split->setStretchFactor(1, 1);
    split->setSizes({500, 500});
    return split;
}

void DifferentialPage::show(DocumentRef document, const GeneContextPtr& context,
                            const GenesSettings& settings) {
    const DatasetDocument* data = workspace_.dataOf(document);
    if (data == nullptr || context == nullptr) {
        return;
    }
    document_ = document;
    context_ = context;
    settings_ = settings.differential;
    form_->show(*context, settings_);
    showState(keyOf(document, differentialRequest(data->path, settings_, *context)));
}

void DifferentialPage::showState(const QString& key) {
    const auto state = results_.state(key);
    form_->setRunning(state == DifferentialCache::State::computing);
    if (auto outcome = results_.result(key)) {
        showOutcome(std::move(outcome));
    } else {
        outcome_.reset();
        shownTable_.clear();
        const QString sentence =
            settings_.within.isEmpty()
                ? tr("Every gene is tested between the groups chosen above.")
                : tr("Every gene is tested between the groups chosen above, for each %1 by itself.")
                      .arg(settings_.within.join(QString::fromUtf8(" × ")));
        const QString group = settings_.group == "*" ? tr("each group") : settings_.group;
        const QString reference = settings_.reference == "rest" ? tr("the rest") : settings_.reference;
        showCacheState(waiting_, state, results_.problem(key), tr("Which genes differ?"), sentence,
                       tr("Compare %1 with %2").arg(group, reference));
        body_->setCurrentIndex(0);
    }
    form_->exportButton()->setEnabled(outcome_ != nullptr);
    emit exportableChanged();
}

void DifferentialPage::showOutcome(std::shared_ptr<const DifferentialOutcome> outcome) {
    outcome_ = std::move(outcome);
    QStringList titles, keys;
    for (const DifferentialTable& table : outcome_->result.tables) {
        titles << tableTitle(table);
        keys << tableKey(table);
    }
    const int at = tableIndex(outcome_->result, settings_.table);
    fillChoice(which_, titles, keys, keys.value(at));
    body_->setCurrentIndex(at < 0 ? 0 : 1);
    if (at < 0) {
        waiting_->setTexts(tr("Nothing to compare"),
                           outcome_->result.warnings.empty()
                               ? QString()
                               : QString::fromStdString(outcome_->result.warnings.front()));
        return;
    }
    showTable();
}

void DifferentialPage::showTable() {
    const auto at = static_cast<std::size_t>(tableIndex(outcome_->result, settings_.table));
    const DifferentialTable& table = outcome_->result.tables[at];
    const QString shown = QString("%1/%2/%3/%4")
                              .arg(reinterpret_cast<std::uintptr_t>(outcome_.get()))
                              .arg(at)
                              .arg(settings_.alpha)
                              .arg(settings_.effect);
    if (std::exchange(shownTable_, shown) != shown) {
        const bool first = table_->rows() == 0;
        head_->setText(describeTable(outcome_->request, table, settings_.alpha));
        table_->setColumns(static_cast<int>(outcome_->result.genes.size()),
                           differentialColumns(outcome_->result, table));
        if (first) {
            table_->sortBy(2, Qt::AscendingOrder); // by padj
        }
        const QString provenance =
            QString::fromStdString(differential_json(outcome_->request, outcome_->result).dump());
        for (FigureWidget* plot : std::initializer_list<FigureWidget*>{volcano_, means_, dots_}) {
            plot->setProvenance(provenance);
        }
        volcano_->setData(volcano(outcome_->result, table, settings_.alpha, settings_.effect));
        means_->setData(meanDifference(outcome_->result, table, settings_.alpha, settings_.effect));
        dots_->setData(topGenes(outcome_->result, table, settings_.alpha));
    }
    mark();
}

void DifferentialPage::choose(int gene) {
    if (!outcome_ || gene < 0) {
        return;
    }
    const QString name = QString::fromStdString(outcome_->result.genes[static_cast<std::size_t>(gene)]);
    chooseGene(document_, outcome_->request.source, name,
               [name](GenesSettings& settings) { settings.differential.gene = name; });
}

void DifferentialPage::mark() {
    const auto& genes = outcome_->result.genes;
    const auto found = std::find(genes.begin(), genes.end(), settings_.gene.toStdString());
    const int gene = found == genes.end() ? -1 : static_cast<int>(found - genes.begin());
    table_->setCurrent(gene);
    volcano_->setHighlighted(gene);
    means_->setHighlighted(gene);
    DistributionRequest request;
    if (gene >= 0) {
        request.gene = genes[static_cast<std::size_t>(gene)];
        request.cells = {{std::string(), workspace_.dataOf(document_)->data, outcome_->request.source}};
        request.groupby = outcome_->request.groupby;
        request.within = outcome_->request.within;
        request.groups = outcome_->request.groups;
        request.reference = outcome_->request.reference;
    }
    distribution_->show(document_, request);
}

void DifferentialPage::exportData() {
    if (!outcome_) {
        return;
    }
    const QFileInfo file(workspace_.dataOf(document_)->path);
    saveAs(tr("Export the comparison"), file.absolutePath() + "/" + file.completeBaseName() + "_genes.csv",
           [outcome = outcome_](const QString& path, JobContext& job) {
               write_differential(outcome->request, outcome->result, path.toStdString(), job);
           });
}

} // namespace ember

// The condition page's widgets.

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

#include "views/genes/checks_button.hpp"
#include "views/genes/distribution_pane.hpp"
#include "views/genes/gene_table.hpp"
#include "views/genes/response_page.hpp"
#include "widgets/dot_plot.hpp"
#include "widgets/elided_label.hpp"
#include "widgets/empty_state.hpp"
#include "widgets/heat_map.hpp"
#include "widgets/icon.hpp"
#include "widgets/scatter_plot.hpp"
#include "widgets/theme.hpp"
#include "widgets/violin_plot.hpp"

namespace ember {

ResponsePage::ResponsePage(Workspace& workspace, QWidget* parent) : GenesPage(workspace, parent) {
    setObjectName("responsePage");
    waiting_ = new EmptyState("view-statistics", tr("What does it change?"), QString(), tr("Compare"));
    waiting_->button()->setObjectName("responseStart");
    connect(waiting_, &EmptyState::triggered, this, &ResponsePage::run);
    connect(&workspace_, &Workspace::documentClosing, this,
            [this](DocumentRef closing) { results_.forget(closing.id); });
    body_ = new QStackedWidget;
    body_->addWidget(waiting_);
    body_->addWidget(buildResult());
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 8, 12, 8);
    column->setSpacing(8);
    column->addWidget(buildForm());
    column->addWidget(body_, 1);
}

/// A box that sets one text of the settings.
void ResponsePage::choose(QComboBox* box, const QString& text, QString ResponseSettings::*member) {
    connect(box, &QComboBox::activated, this, [this, box, text, member] {
        const QString chosen = box->currentData().toString();
        emit wanted(text.arg(box->currentText()),
                    [member, chosen](GenesSettings& settings) { settings.response.*member = chosen; });
    });
}

QWidget* ResponsePage::buildForm() {
    column_ = new QLabel;
    group_ = makeChoice("responseGroup", tr("Perturbed cells"), tr("What was done to the cells"));
    reference_ = makeChoice("responseReference", tr("Control cells"), tr("What they are compared with"));
    values_ = makeChoice("responseValues", tr("Observed values"),
                         tr("Matrix of the measured cells that predictions are compared with"));
    values_->setMinimumContentsLength(9);
    unit_ = makeChoice("responseUnit", tr("Unit of replication"),
                       tr("What counts as one observation: animals or donors, or single cells"));
    strataColumns_ = new ChecksButton(tr("all cells"));
    strataColumns_->setObjectName("responseStrata");
    strataColumns_->setAccessibleName(tr("For each"));
    strataColumns_->setHint(tr("One comparison for each combination of these columns' groups"));
    predicted_ = new ChecksButton(tr("no prediction"));
    predicted_->setJoint(", ");
    predicted_->setObjectName("responsePredictions");
    predicted_->setAccessibleName(tr("Predictions"));
    predicted_->setHint(tr("Open predictions of these cells, shown beside what was observed"));
    run_ = new QPushButton(tr("Compare"));
    run_->setObjectName("responseRun");
    run_->setAccessibleName(tr("Compare, or cancel"));
    setPrimary(run_);
    export_ = new QPushButton(icon("document-export"), tr("CSV…"));
    export_->setObjectName("responseExport");
    export_->setAccessibleName(tr("Export the condition table as CSV"));
    export_->setToolTip(tr("All groups of cells with full precision, and how they were made (Ctrl+E)"));
    connect(run_, &QPushButton::clicked, this, &ResponsePage::run);
    connect(export_, &QPushButton::clicked, this, &ResponsePage::exportData);
    choose(group_, tr("Compare %1"), &ResponseSettings::group);
    choose(reference_, tr("Compare against %1"), &ResponseSettings::reference);
    choose(values_, tr("Compare the values of %1"), &ResponseSettings::values);
    choose(unit_, tr("Count %1 as units"), &ResponseSettings::unit);
    connect(strataColumns_, &ChecksButton::tickedChanged, this, [this] {
        const QStringList ticked = strataColumns_->ticked();
        emit wanted(tr("Compare within %1").arg(strataColumns_->tickedText()),
                    [ticked](GenesSettings& settings) {
                        settings.response.strataChosen = true;
                        settings.response.strata = ticked;
                    });
    });
    connect(predicted_, &ChecksButton::tickedChanged, this, [this] {
        const QStringList ticked = predicted_->ticked();
        emit wanted(tr("Compare with %1").arg(predicted_->tickedText()), [ticked](GenesSettings& settings) {
            settings.response.predictionsChosen = true;
            settings.response.predictions = ticked;
        });
    });
    auto* first = new QHBoxLayout;
    first->addWidget(column_);
    first->addWidget(group_, 2);
    addField(first, tr("against"), reference_, 2);
    addField(first, tr("for each"), strataColumns_, 2);
    first->addWidget(run_);
    auto* second = new QHBoxLayout;
    addField(second, tr("Predicted by"), predicted_, 4);
    addField(second, tr("Observed"), values_, 2);
    addField(second, tr("Unit"), unit_, 2);
    second->addWidget(export_);
    auto* form = new QWidget;
    form->setObjectName("responseForm");
    auto* rows = new QVBoxLayout(form);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(6);
    rows->addLayout(first);
    rows->addLayout(second);
    return form;
}

void ResponsePage::setFormEnabled(bool enabled) {
    findChild<QWidget*>("responseForm")->setEnabled(enabled);
}

void ResponsePage::fillForm() {
    const QString column = QString::fromStdString(context_->schema.pert_col.value);
    column_->setText(column.isEmpty() ? tr("No perturbation column") : tr("%1:").arg(column));
    const QStringList labels = context_->labelsOf(column);
    fillChoice(group_, labels, labels, settings_.group);
    fillChoice(reference_, labels, labels, settings_.reference);
    QStringList sources;
    for (const MatrixSource& source : context_->sources) {
        sources << QString::fromStdString(to_string(source));
    }
    fillChoice(values_, sources, sources, settings_.values);
    QStringList others = context_->columns;
    others.removeAll(column);
    QStringList entries = settings_.strata;
    for (const QString& other : others) {
        entries << (entries.contains(other) ? QStringList() : QStringList{other});
    }
    strataColumns_->setEntries(entries, settings_.strata);
    fillChoice(unit_, others + QStringList{tr("cells")}, others + QStringList{"cells"}, settings_.unit);
    QStringList open;
    for (const PredictionChoice& choice : predictionsOf(workspace_, observed_)) {
        open << choice.name;
    }
    predicted_->setEntries(open, settings_.predictions);
}

QWidget* ResponsePage::buildResult() {
    strata_ = new GeneTable("responseStrataTable", tr("Groups of cells and how the predictions agree"),
                            tr("groups of cells"), tr("Neu   changed>10   Pearson>0.5"));
    connect(strata_, &GeneTable::chosen, this, &ResponsePage::chooseStratum);
    genes_ = new GeneTable("responseGenes", tr("Genes of the chosen cells, observed and predicted"),
                           tr("genes"), tr("Krt   padj<0.05   agrees<1"));
    connect(genes_, &GeneTable::chosen, this, [this](int row) { choose(static_cast<std::size_t>(row)); });
    head_ = new ElidedLabel;
    head_->setObjectName("responseHead");
    auto* tables = new QSplitter(Qt::Vertical);
    tables->setObjectName("responseTables");
    tables->setChildrenCollapsible(false);
    tables->addWidget(strata_);
    tables->addWidget(genes_);
    auto* split = new QSplitter(Qt::Horizontal);
    split->setObjectName("responseSplitter");
    split->setChildrenCollapsible(false);
    split->addWidget(tables);
    split->addWidget(buildPlots());
    split->setStretchFactor(0, 1);
    split->setStretchFactor(1, 1);
    split->setSizes({500, 500});
    auto* page = new QWidget;
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    column->addWidget(head_);
    column->addWidget(split, 1);
    return page;
}

QWidget* ResponsePage::buildPlots() {
    plots_ = new QTabWidget;
    plots_->setObjectName("responsePlots");
    plots_->setAccessibleName(tr("Plots of the condition table"));
    plots_->setDocumentMode(true);
    plots_->tabBar()->setObjectName("responsePlotBar");
    plots_->tabBar()->setAccessibleName(tr("Plots of the condition table"));
    scatter_ = new ScatterPlot;
    scatter_->setObjectName("responseScatter");
    scatter_->setAccessibleName(tr("Predicted against observed effects"));
    dots_ = new DotPlot;
    dots_->setObjectName("responseDots");
    dots_->setAccessibleName(tr("Observed effects of the leading genes"));
    dots_->setFigureName("observed_effects");
    map_ = new HeatMap;
    map_->setObjectName("responseMap");
    map_->setAccessibleName(tr("Observed and predicted effects of the leading genes"));
    map_->setFigureName("effects");
    plots_->addTab(scatter_, tr("Predicted against observed"));
    plots_->addTab(map_, tr("Heat map"));
    plots_->addTab(dots_, tr("Dot plot"));
    for (FigureWidget* plot : std::initializer_list<FigureWidget*>{scatter_, dots_, map_}) {
        plot->setMinimumHeight(lengthInEms(this, 4.5));
        reportExports(plot);
    }
    connect(scatter_, &ScatterPlot::pointClicked, this,
            [this](int point) { chooseNamed(scatter_->data().names.value(point)); });
    connect(dots_, &DotPlot::cellClicked, this,
            [this](int row, int) { chooseNamed(dots_->data().rows.value(row)); });
    connect(map_, &HeatMap::cellClicked, this,
            [this](int row, int) { chooseNamed(map_->data().rows.value(row)); });
    distribution_ = new DistributionPane(workspace_, "responseGene");
    reportExports(distribution_->plot());
    auto* split = new QSplitter(Qt::Vertical);
    split->setObjectName("responsePlotSplitter");
    split->setChildrenCollapsible(false);
    split->addWidget(plots_);
    split->addWidget(distribution_);
    split->setStretchFactor(0, 1);
    split->setStretchFactor(1, 1);
    split->setSizes({550, 450});
    return split;
}

} // namespace ember

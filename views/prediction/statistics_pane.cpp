#include "views/prediction/statistics_pane.hpp"

#include <algorithm>

#include <QAction>
#include <QItemSelectionModel>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSplitter>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

#include "widgets/bar_plot.hpp"
#include "widgets/formatting.hpp"
#include "widgets/histogram_plot.hpp"
#include "widgets/statistics_table.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

QString textOf(const std::string& text) {
    return QString::fromStdString(text);
}

QTabWidget* makeTabs(const char* name, const char* barName, const QString& accessible) {
    auto* tabs = new QTabWidget;
    tabs->setObjectName(name);
    tabs->setAccessibleName(accessible);
    tabs->setDocumentMode(true);
    tabs->tabBar()->setObjectName(barName);
    tabs->tabBar()->setAccessibleName(accessible);
    tabs->setUsesScrollButtons(true);
    return tabs;
}

StatisticsRow rowOf(const GroupStatistics& group, const QString& name, const QColor& color) {
    return {name,      group.cells,    group.mean,           group.std, group.min,
            group.max, group.sparsity, group.magnitude_mean, color};
}

} // namespace

StatisticsPane::StatisticsPane(QWidget* parent) : QWidget(parent) {
    tables_ = makeTabs("statisticsTables", "statisticsTabBar", tr("Statistics tables"));
    selectCells_ = new QPushButton(tr("Select these cells"));
    selectCells_->setObjectName("selectGroup");
    selectCells_->setToolTip(tr("Select the cells of the marked rows in all pictures"));
    selectCells_->setVisible(false);
    connect(selectCells_, &QPushButton::clicked, this, &StatisticsPane::wantMarked);
    auto* top = new QWidget;
    auto* column = new QVBoxLayout(top);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(tables_, 1);
    column->addWidget(selectCells_, 0, Qt::AlignRight);

    split_ = new QSplitter(Qt::Vertical);
    split_->setObjectName("statisticsSplitter");
    split_->setChildrenCollapsible(false);
    split_->addWidget(top);
    split_->addWidget(buildPlots());
    connect(split_, &QSplitter::splitterMoved, this, [this] { splitByUser_ = true; });
    connect(tables_, &QTabWidget::currentChanged, this, [this] {
        fitTables();
        const int at = tables_->currentIndex();
        selectCells_->setVisible(at > 0 && !table(at)->chosenRows().empty());
    });
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(split_);
}

QWidget* StatisticsPane::buildPlots() {
    plots_ = makeTabs("statisticsPlots", "statisticsPlotBar", tr("Plots of the statistics"));
    histogram_ = new HistogramPlot;
    histogram_->setObjectName("magnitudeHistogram");
    histogram_->setAccessibleName(tr("Magnitude by group"));
    histogram_->setFigureName("magnitude");
    histogram_->setStyle(HistogramStyle::outline);
    means_ = new BarPlot;
    means_->setObjectName("meanBars");
    means_->setFigureName("mean");
    sparsity_ = new BarPlot;
    sparsity_->setObjectName("sparsityBars");
    sparsity_->setFigureName("sparsity");
    for (QWidget* plot : std::initializer_list<QWidget*>{histogram_, means_, sparsity_}) {
        plot->setMinimumHeight(lengthInEms(this, 6)); // so that banners find room in a small window
    }
    plots_->addTab(histogram_, tr("Magnitude"));
    plots_->addTab(means_, tr("Mean"));
    plots_->addTab(sparsity_, tr("Sparsity"));
    return plots_;
}

void StatisticsPane::show(const StatisticsResult& result, const Schema& schema, const GroupColors& colors,
                          const QString& provenance) {
    const QString before = tables_->tabText(tables_->currentIndex());
    const QString groupingBefore = tables_->tabText(1);
    const QSignalBlocker quiet(tables_);
    tableWidgets_.clear();
    while (tables_->count() > 0) {
        QWidget* page = tables_->widget(0);
        tables_->removeTab(0);
        page->deleteLater();
    }
    selectCells_->setVisible(false);
    addTable(tr("Overall"), {result.overall}, {QColor()}, tr("Group"), 0);
    for (const GroupTable& table : result.tables) {
        const bool leads = &table == &result.tables.front() || table.columns.size() == 1;
        const std::vector<QColor> swatches =
            leads ? groupColors(table, colors) : std::vector<QColor>(table.groups.size());
        addTable(textOf(table.name()).replace(QString::fromUtf8("×"), QString::fromUtf8(" × ")), table.groups,
                 swatches, textOf(table.name()), table.cells_without_group);
    }
    const QString grouping = tables_->tabText(1); // empty when there is only one group: all cells
    int shown = tables_->count() > 1 ? 1 : 0;
    for (int index = 0; index < tables_->count(); ++index) {
        shown = grouping == groupingBefore && tables_->tabText(index) == before ? index : shown;
    }
    tables_->setCurrentIndex(shown);
    histogram_->setProvenance(provenance);
    histogram_->setData(magnitudeHistogram(result, colors));
    means_->setProvenance(provenance);
    means_->setData(meanBars(result, schema, colors));
    sparsity_->setProvenance(provenance);
    sparsity_->setData(sparsityBars(result, schema));
    plots_->setTabToolTip(0, grouping.isEmpty() ? tr("Magnitude") : tr("Magnitude by %1").arg(grouping));
    plots_->setTabToolTip(1, means_->data().title);
    plots_->setTabToolTip(2, sparsity_->data().title);
    fitTables();
}

void StatisticsPane::setSelected(const SelectionSummary& summary) {
    const bool any = summary.selected.cells > 0;
    for (std::size_t at = 0; at < tableWidgets_.size(); ++at) {
        const bool overall = at == 0 || at > summary.cells_by_group.size();
        tableWidgets_[at]->setSelected(
            any ? std::optional(rowOf(summary.selected, tr("Selected"), themeColors().text)) : std::nullopt,
            overall ? std::vector<std::uint64_t>{summary.selected.cells} : summary.cells_by_group[at - 1]);
    }
    histogram_->setOverlay(any ? std::optional(HistogramSeries{tr("Selected cells"), summary.magnitudes,
                                                               themeColors().text, true})
                               : std::nullopt);
}

void StatisticsPane::fitTables() {
    const QWidget* page = tables_->currentWidget();
    if (splitByUser_ || page == nullptr) {
        return;
    }
    const int height = split_->height() - split_->handleWidth();
    const int wanted = tables_->tabBar()->sizeHint().height() + page->sizeHint().height();
    const int given = std::min(wanted, height / 2);
    split_->setSizes({given, height - given});
}

void StatisticsPane::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    fitTables();
}

void StatisticsPane::addTable(const QString& title, const std::vector<GroupStatistics>& groups,
                              const std::vector<QColor>& colors, const QString& groupTitle,
                              std::uint64_t without) {
    std::vector<StatisticsRow> rows;
    for (std::size_t at = 0; at < groups.size(); ++at) {
        rows.push_back(rowOf(groups[at], textOf(groups[at].group), colors[at]));
    }
    auto* table = new StatisticsTable;
    table->setGroupTitle(groupTitle);
    table->setAccessibleName(tr("Statistics: %1").arg(title));
    table->setRows(std::move(rows));
    auto* page = new QWidget;
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 4, 0, 0);
    layout->addWidget(table, 1);
    if (without > 0) {
        auto* note =
            new QLabel(tr("%1 without a label are in no group.")
                           .arg(formatCount(static_cast<std::int64_t>(without), tr("cell"), tr("cells"))));
        setRole(note, "muted");
        layout->addWidget(note);
    }
    tableWidgets_.push_back(table);
    if (tableWidgets_.size() > 1) {
        offerSelection(table, page);
    }
    tables_->addTab(page, title);
}

void StatisticsPane::offerSelection(StatisticsTable* table, QWidget* page) {
    auto* action = new QAction(tr("Select these cells"), table);
    action->setObjectName("selectGroupAction");
    action->setEnabled(false);
    connect(action, &QAction::triggered, this, &StatisticsPane::wantMarked);
    table->insertAction(table->actions().value(0), action);
    connect(table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            [this, table, page, action] {
                const bool any = !table->chosenRows().empty();
                action->setEnabled(any);
                selectCells_->setVisible(any && tables_->currentWidget() == page);
            });
    connect(table, &QAbstractItemView::activated, this, &StatisticsPane::wantMarked);
}

void StatisticsPane::wantMarked() {
    const int at = tables_->currentIndex();
    if (at > 0) {
        emit groupsWanted(at - 1, table(at)->chosenRows());
    }
}

StatisticsTable* StatisticsPane::table(int index) const {
    return tableWidgets_[static_cast<std::size_t>(index)];
}

int StatisticsPane::tableCount() const {
    return tables_->count();
}

} // namespace ember

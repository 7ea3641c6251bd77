#include "views/prediction/statistics_pane.hpp"

#include <algorithm>

#include <QLabel>
#include <QSignalBlocker>
#include <QSplitter>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

#include "widgets/category_palette.hpp"
#include "widgets/formatting.hpp"
#include "widgets/histogram_plot.hpp"
#include "widgets/statistics_table.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

QString textOf(const std::string& text) {
    return QString::fromStdString(text);
}

HistogramData histogramOf(const StatisticsResult& result) {
    HistogramData data;
    data.edges = result.histogram.edges;
    data.valueLabel = StatisticsPane::tr("Magnitude (Euclidean norm per cell)");
    data.countLabel = StatisticsPane::tr("Cells");
    data.title = StatisticsPane::tr("Magnitude");
    const auto colors = categoryColors(static_cast<int>(result.histogram.groups.size()));
    for (std::size_t group = 0; group < result.histogram.groups.size(); ++group) {
        const bool alone = result.histogram.groups.size() == 1;
        data.series.push_back({alone && result.tables.empty() ? StatisticsPane::tr("All cells")
                                                              : textOf(result.histogram.groups[group]),
                               result.histogram.counts[group], colors[group], true});
    }
    return data;
}

} // namespace

StatisticsPane::StatisticsPane(QWidget* parent) : QWidget(parent) {
    tables_ = new QTabWidget;
    tables_->setObjectName("statisticsTables");
    tables_->setAccessibleName(tr("Statistics tables"));
    tables_->setDocumentMode(true);
    tables_->tabBar()->setObjectName("statisticsTabBar");
    tables_->tabBar()->setAccessibleName(tr("Statistics tables"));
    tables_->setUsesScrollButtons(true);
    histogram_ = new HistogramPlot;
    histogram_->setObjectName("magnitudeHistogram");
    histogram_->setAccessibleName(tr("Magnitude by group"));
    histogram_->setFigureName("magnitude");
    histogram_->setStyle(HistogramStyle::outline);

    auto* plot = new QWidget;
    auto* column = new QVBoxLayout(plot);
    column->setContentsMargins(8, 6, 8, 6);
    heading_ = new QLabel;
    heading_->setObjectName("magnitudeHeading");
    setRole(heading_, "heading");
    column->addWidget(heading_);
    column->addWidget(histogram_, 1);

    split_ = new QSplitter(Qt::Vertical);
    split_->setObjectName("statisticsSplitter");
    split_->setChildrenCollapsible(false);
    split_->addWidget(tables_);
    split_->addWidget(plot);
    connect(split_, &QSplitter::splitterMoved, this, [this] { splitByUser_ = true; });
    connect(tables_, &QTabWidget::currentChanged, this, &StatisticsPane::fitTables);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(split_);
}

void StatisticsPane::show(const StatisticsResult& result, const QString& provenance) {
    const QString before = tables_->tabText(tables_->currentIndex());
    const QString groupingBefore = tables_->tabText(1);
    const QSignalBlocker quiet(tables_);
    while (tables_->count() > 0) {
        QWidget* page = tables_->widget(0);
        tables_->removeTab(0);
        page->deleteLater();
    }
    addTable(tr("Overall"), {result.overall}, false, tr("Group"), 0);
    for (std::size_t at = 0; at < result.tables.size(); ++at) {
        const GroupTable& table = result.tables[at];
        addTable(textOf(table.name()).replace(QString::fromUtf8("×"), QString::fromUtf8(" × ")), table.groups,
                 at == 0, textOf(table.name()), table.cells_without_group);
    }
    const QString grouping = tables_->tabText(1); // empty when there is only one group: all cells
    int shown = tables_->count() > 1 ? 1 : 0;
    for (int index = 0; index < tables_->count(); ++index) {
        shown = grouping == groupingBefore && tables_->tabText(index) == before ? index : shown;
    }
    tables_->setCurrentIndex(shown);
    heading_->setText(grouping.isEmpty() ? tr("Magnitude of all cells")
                                         : tr("Magnitude by %1").arg(grouping));
    histogram_->setProvenance(provenance);
    histogram_->setData(histogramOf(result));
    fitTables();
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

void StatisticsPane::addTable(const QString& title, const std::vector<GroupStatistics>& groups, bool colored,
                              const QString& groupTitle, std::uint64_t without) {
    const auto colors = categoryColors(static_cast<int>(groups.size()));
    std::vector<StatisticsRow> rows;
    for (std::size_t at = 0; at < groups.size(); ++at) {
        const GroupStatistics& group = groups[at];
        rows.push_back({textOf(group.group), group.cells, group.mean, group.std, group.min, group.max,
                        group.sparsity, group.magnitude_mean, colored ? colors[at] : QColor()});
    }
    auto* table = new StatisticsTable;
    table->setGroupTitle(groupTitle);
    table->setAccessibleName(tr("Statistics: %1").arg(title));
    table->setRows(std::move(rows));
    auto* page = new QWidget;
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(8, 8, 8, 4);
    layout->addWidget(table, 1);
    if (without > 0) {
        auto* note =
            new QLabel(tr("%1 without a label are in no group.")
                           .arg(formatCount(static_cast<std::int64_t>(without), tr("cell"), tr("cells"))));
        setRole(note, "muted");
        layout->addWidget(note);
    }
    tables_->addTab(page, title);
}

StatisticsTable* StatisticsPane::table(int index) const {
    return tables_->widget(index)->findChild<StatisticsTable*>();
}

int StatisticsPane::tableCount() const {
    return tables_->count();
}

} // namespace ember

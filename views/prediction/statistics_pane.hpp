#pragma once
// The statistics as tables, and plots of them: magnitudes, means, sparsity. The selected cells are a row of
// each table and a line in the histogram.

#include <vector>

#include <QWidget>

#include "views/prediction/selection_summary.hpp"
#include "views/prediction/statistics_plots.hpp"

class QLabel;
class QPushButton;
class QSplitter;
class QTabWidget;

namespace ember {

class BarPlot;
class HistogramPlot;
class StatisticsTable;

class StatisticsPane : public QWidget {
    Q_OBJECT
public:
    explicit StatisticsPane(QWidget* parent = nullptr);

    /// `provenance` goes into exported figures.
    void show(const StatisticsResult& result, const Schema& schema, const GroupColors& colors,
              const QString& provenance);
    void setSelected(const SelectionSummary& summary); ///< no selected cells: as if nothing were
    HistogramPlot* histogram() const { return histogram_; }
    BarPlot* means() const { return means_; }
    BarPlot* sparsity() const { return sparsity_; }
    StatisticsTable* table(int index) const; ///< 0: overall, then as in StatisticsResult::tables
    int tableCount() const;
    QTabWidget* plots() const { return plots_; }

signals:
    /// The user asks for the cells of these groups of StatisticsResult::tables[table].
    void groupsWanted(int table, const std::vector<int>& groups);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* buildPlots();
    /// The table as high as its rows, the plot the rest, until the user moves the line between them.
    void fitTables();
    void addTable(const QString& title, const std::vector<GroupStatistics>& groups,
                  const std::vector<QColor>& colors, const QString& groupTitle, std::uint64_t without);
    void offerSelection(StatisticsTable* table, QWidget* page);
    void wantMarked();

    QSplitter* split_ = nullptr;
    QTabWidget *tables_ = nullptr, *plots_ = nullptr;
    QPushButton* selectCells_ = nullptr;
    HistogramPlot* histogram_ = nullptr;
    BarPlot *means_ = nullptr, *sparsity_ = nullptr;
    std::vector<StatisticsTable*> tableWidgets_;
    bool splitByUser_ = false;
};

} // namespace ember

#pragma once
// The statistics as tables and the histogram of magnitudes.

#include <QWidget>

#include "core/analysis/prediction_statistics.hpp"

class QLabel;
class QSplitter;
class QTabWidget;

namespace ember {

class HistogramPlot;
class StatisticsTable;

class StatisticsPane : public QWidget {
    Q_OBJECT
public:
    explicit StatisticsPane(QWidget* parent = nullptr);

    /// `provenance` goes into exported figures.
    void show(const StatisticsResult& result, const QString& provenance);
    HistogramPlot* histogram() const { return histogram_; }
    StatisticsTable* table(int index) const; ///< 0: overall, then as in StatisticsResult::tables
    int tableCount() const;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    /// The table as high as its rows, the plot the rest, until the user moves the line between them.
    void fitTables();
    void addTable(const QString& title, const std::vector<GroupStatistics>& groups, bool colored,
                  const QString& groupTitle, std::uint64_t without);
    QSplitter* split_ = nullptr;
    QTabWidget* tables_ = nullptr;
    QLabel* heading_ = nullptr;
    HistogramPlot* histogram_ = nullptr;
    bool splitByUser_ = false;
};

} // namespace ember

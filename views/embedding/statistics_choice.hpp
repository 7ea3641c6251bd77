#pragma once
// What the Predictions view is asked to show: which matrix, in which groups.

#include <QString>
#include <QStringList>

#include "core/analysis/prediction_statistics.hpp"
#include "views/document.hpp"

namespace ember {

struct StatisticsChoice {
    MatrixSource source;
    QString group;   ///< obs column that the histogram is split by; empty: all cells together
    QString crossed; ///< second column, crossed with the first; empty: none
    bool operator==(const StatisticsChoice&) const = default;
};

/// All matrices of a data set: X, layers, obsm (no data frames), raw/X.
std::vector<MatrixSource> sourcesOf(const AnnData& data);

/// Columns that hold groups of cells: those of the schema first, then the other categories and texts.
QStringList groupColumns(const DatasetDocument& data);

/// Tables by the chosen grouping first, then each of condition, time point and cell type, then condition
/// crossed with time point, and that with the replicates. Keeps the cells, for statistics of selected ones.
StatisticsRequest statisticsRequest(const DatasetDocument& data, const StatisticsChoice& choice);

} // namespace ember

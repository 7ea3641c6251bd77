#pragma once
// What the plots of the statistics draw, made from one result of the pass over the matrix.

#include <QColor>
#include <QHash>
#include <QString>

#include "core/analysis/prediction_statistics.hpp"
#include "core/analysis/schema_guess.hpp"
#include "widgets/bar_data.hpp"
#include "widgets/histogram_data.hpp"

namespace ember {

/// Column → label → colour, as in the pictures of the cells.
using GroupColors = QHash<QString, QHash<QString, QColor>>;

/// Colours of a table's groups; crossed columns and unknown labels take the palette's.
std::vector<QColor> groupColors(const GroupTable& table, const GroupColors& colors);

/// Magnitudes by the groups of the first table.
HistogramData magnitudeHistogram(const StatisticsResult& result, const GroupColors& colors);

/// Mean by time point, a bar for each condition; by one of them alone where the other column is missing.
/// Error bars: standard error over the means of the replicates, where a group has two or more of them.
BarData meanBars(const StatisticsResult& result, const Schema& schema, const GroupColors& colors);

/// Share of zeros by cell type; by the first table's groups where there are no cell types.
BarData sparsityBars(const StatisticsResult& result, const Schema& schema);

} // namespace ember

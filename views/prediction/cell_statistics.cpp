#include "views/prediction/cell_statistics.hpp"

#include "views/embedding/cell_coloring.hpp"
#include "views/prediction/selection_summary.hpp"

namespace ember {

CellStatistics cell_statistics(const AnnData& data, const StatisticsRequest& request, JobContext& job) {
    CellStatistics statistics;
    statistics.result = compute_statistics(data, request, job);
    statistics.bins = magnitude_bins(statistics.result);
    statistics.magnitude = magnitude_coloring(statistics.result.magnitude, request.source);
    for (const GroupTable& table : statistics.result.tables) {
        if (table.columns.size() != 1) {
            continue;
        }
        const PointColors colors = column_coloring(data, table.columns.front());
        QHash<QString, QColor>& known = statistics.colors[QString::fromStdString(table.columns.front())];
        for (int index = 0; index < colors.names.size(); ++index) {
            known.insert(colors.names[index], colors.colorOf(index));
        }
    }
    return statistics;
}

} // namespace ember

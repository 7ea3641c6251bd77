#pragma once
// The statistics with what the view needs beside them, made in one job.

#include <vector>

#include "views/prediction/statistics_plots.hpp"
#include "widgets/point_colors.hpp"

namespace ember {

struct CellStatistics {
    StatisticsResult result;
    std::vector<std::uint16_t> bins; ///< magnitude_bins()
    PointColors magnitude;
    GroupColors colors; ///< of the single columns that the tables are by
};

CellStatistics cell_statistics(const AnnData& data, const StatisticsRequest& request, JobContext& job);

} // namespace ember

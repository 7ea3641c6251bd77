#pragma once
// Real and predicted cells in one plane, for a report's picture of them.

#include <memory>
#include <vector>

#include <QString>

#include "core/evaluation/compare.hpp"
#include "widgets/point_colors.hpp"
#include "widgets/point_order.hpp"

namespace ember {

struct ReportCloud {
    QString name;        ///< "Real cells", "st_wound"
    SharedPoints points; ///< [drawn cells × 2]
    PointColors byPerturbation, byType;
};

struct ReportCells {
    std::vector<ReportCloud> clouds; ///< real cells first; empty: there is no picture
    QString note;                    ///< how it was made; or why there is none
    nlohmann::json provenance;
};

/// Principal components of all cells together, then one UMAP; of more than `most` cells an even sample is
/// placed. Throws Cancelled and the reader's errors.
ReportCells gatherReportCells(const CompareRequest& request, JobContext& job, std::uint64_t most = 20000);

} // namespace ember

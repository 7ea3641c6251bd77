#pragma once
// What a report says: verdicts first, then what was compared, metrics, figures, tables, methods and limits.

#include "views/report/report_cells.hpp"
#include "views/report/report_document.hpp"

namespace ember {

struct ReportInput {
    CompareRequest request;
    CompareResult result;
    ReportCells cells;
    nlohmann::json provenance;
};

/// Compares, places the cells and hashes the files. Throws what compare() throws.
ReportInput gatherReport(const CompareRequest& request, JobContext& job);

ReportDocument reportOn(const ReportInput& input);

} // namespace ember

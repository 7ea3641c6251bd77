#pragma once
// The sections of a report, each from the comparison alone.

#include "views/report/report_content.hpp"

namespace ember {

ReportSection verdictSection(const ReportInput& input);
ReportSection dataSection(const ReportInput& input);
ReportSection metricSection(const ReportInput& input);
ReportSection changeSection(const ReportInput& input);
ReportSection cellSection(const ReportInput& input);
ReportSection geneSection(const ReportInput& input);
ReportSection conditionSection(const ReportInput& input);
ReportSection pathwaySection(const ReportInput& input);
ReportSection methodSection(const ReportInput& input);
ReportSection limitSection(const ReportInput& input);
ReportSection provenanceSection(const ReportInput& input);

/// Perturbations that get figures and tables of their own: all, or the first few.
std::size_t shownPerturbations(const CompareResult& result);

/// False for variants of a metric and for counts, which stay in metrics.csv.
bool isShownMetric(const std::string& metric);

/// "0.97 (0.95 to 0.98)".
QString withInterval(double value, double low, double high);

} // namespace ember

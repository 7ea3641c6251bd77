#pragma once
// The options of `report`, which emberview-cli hands on to emberview.

#include "app/cli/compare_options.hpp"

namespace ember::cli {

struct ReportOptions {
    CompareOptions compare;
    std::vector<std::string> outputs;
};

void add_report_options(CLI::App& command, ReportOptions& options);

/// The files that are asked for; a folder stands for report.html and report.pdf in it, and is made when
/// missing. Throws UsageError for other endings, CannotWrite.
std::vector<std::string> report_files(const ReportOptions& options);

} // namespace ember::cli

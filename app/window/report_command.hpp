#pragma once
// `emberview report …`: predictions beside the real cells as HTML and PDF, without a display.

#include <string>
#include <vector>

namespace ember {

/// `arguments` without the program's name, "report" the first. Makes its own QApplication; returns the exit
/// status. Errors as emberview-cli: one line, or JSON with --json.
int runReportCommand(const std::vector<std::string>& arguments, char* program);

} // namespace ember

#pragma once
// `emberview figure NAME …`: draws an exportable figure without a display.

#include <string>
#include <vector>

namespace ember {

/// `arguments` without the program's name, "figure" the first. Makes its own QApplication; returns the exit
/// status. Errors as emberview-cli: one line, or JSON with --json.
int runFigureCommand(const std::vector<std::string>& arguments, char* program);

} // namespace ember

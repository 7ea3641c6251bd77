#pragma once
// With EMBER_REPORT_START set, tells on standard output how long the window took to appear.

class QWidget;

namespace ember {

/// Prints `start_ms N` once `window` has painted its first frame and its event loop answers, N counted from
/// the start of the process.
void reportStart(QWidget* window);

} // namespace ember

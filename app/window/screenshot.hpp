#pragma once
// A picture of the window for documentation: `emberview --screenshot FILE`.

#include <QString>

class QWidget;

namespace ember {

class JobCentre;

/// Once no job has run for a short while, writes the window to `path` (PNG) and quits: status 0, or 4 when
/// the file cannot be written.
void saveScreenshotWhenIdle(QWidget& window, JobCentre& jobs, const QString& path);

} // namespace ember

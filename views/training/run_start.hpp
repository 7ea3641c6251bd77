#pragma once
// Starts training as a process of its own, which outlives the window.

#include <QString>
#include <QStringList>

#include <nlohmann/json.hpp>

namespace ember {

/// emberview-cli beside this program, or EMBER_CLI.
QString trainingProgram();

/// "emberview-cli train model=state_sm training.lr=0.001": the command that does what a form says.
QString trainCommand(const nlohmann::json& values, bool queue);
/// Quoted for a shell where it must be.
QString shellWord(const QString& word);

struct RunToStart {
    QStringList arguments; ///< of emberview-cli
    QString run;           ///< run directory
    QString log;           ///< what the process says
};

/// Writes the configuration beside the run directory (<output_dir>/.<name>.start.yaml: hidden, so that no
/// file of the user's has its name). Throws CannotWrite, NoSpace.
RunToStart writeConfiguration(const nlohmann::json& values, bool queue);
/// Going on from the last checkpoint; `rate`: with this learning rate instead of the run's own, 0: the same.
RunToStart resumption(const QString& run, double rate, bool queue);

/// Starts it detached and returns its process id. Throws CannotStart.
qint64 startRun(const RunToStart& run);

/// Whether the process lives.
bool isAlive(qint64 pid);
/// The end of a text file, at most so many lines.
QString lastLines(const QString& file, int lines);

} // namespace ember

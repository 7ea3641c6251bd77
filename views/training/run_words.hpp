#pragma once
// How a run stands, in words: its state, how far it is, and what is wrong with it.

#include <optional>

#include <QString>
#include <QStringList>

#include "views/training/run_snapshot.hpp"
#include "widgets/icon.hpp"
#include "widgets/message_bar.hpp"

namespace ember {

struct RunStateWords {
    QString text; ///< "Running", "Stopping…"
    QString icon;
    IconColor color = IconColor::muted;
};

/// `asked`: what the user asked for and the run has not heard yet.
RunStateWords stateWords(const RunSnapshot& run, RunCommand asked);

/// "Step 1,200 of 4,000, 12 min left".
QString progressWords(const RunSnapshot& run);
/// "Best 3.214"; empty before the first validation.
QString bestWords(const RunSnapshot& run);
/// 0 … 1; negative when unknown.
double progressShare(const RunSnapshot& run);

/// Name and value, as a table shows them.
struct RunFact {
    QString name, value;
};
std::vector<RunFact> runFacts(const RunSnapshot& run);

/// Something to know about a run: symptom, likely cause, and the fix.
struct RunDiagnosis {
    BarKind kind = BarKind::warning;
    QString symptom, cause, remedy, details;
    bool resume = false;     ///< going on from the last checkpoint may help
    bool lower_rate = false; ///< so may a smaller learning rate
};

/// The gravest first; empty for a run that is well.
std::vector<RunDiagnosis> diagnose(const RunSnapshot& run);

struct Message;
/// How a run ended, for a message in the window.
Message endMessage(const RunSnapshot& run);

} // namespace ember

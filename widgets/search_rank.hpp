#pragma once
// Which of many names are meant by a few typed letters.

#include <vector>

#include <QString>

namespace ember {

/// Something that can be found by its name.
struct SearchEntry {
    QString text;   ///< "Krt5", "Predict…"
    QString detail; ///< what it is, muted: "Gene of wound_demo"
    QString icon;   ///< see widgets/icon.hpp; may be empty
    int kind = 0;   ///< of equal matches the smaller comes first
};

/// How well `text` answers to `words` (typed text split at spaces): 0 the same, 1 it begins so, 2 a word in
/// it begins so, 3 it is somewhere in it; -1 not at all. Every word must be found, case does not matter.
int matchRank(const QString& text, const QStringList& words);

/// Up to `limit` entries, best first; of equally good ones by kind, then the shorter. Nothing typed: the
/// first entries as they come.
std::vector<int> bestMatches(const std::vector<SearchEntry>& entries, const QString& typed, int limit);

} // namespace ember

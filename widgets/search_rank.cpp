#include "widgets/search_rank.hpp"

#include <algorithm>
#include <tuple>

#include <QStringList>

namespace ember {

namespace {

int rankOfWord(const QString& text, const QString& word) {
    const qsizetype at = text.indexOf(word, 0, Qt::CaseInsensitive);
    if (at < 0) {
        return -1;
    }
    if (at == 0) {
        return text.size() == word.size() ? 0 : 1;
    }
    for (qsizetype next = at; next >= 0; next = text.indexOf(word, next + 1, Qt::CaseInsensitive)) {
        if (!text[next - 1].isLetterOrNumber()) {
            return 2;
        }
    }
    return 3;
}

} // namespace

int matchRank(const QString& text, const QStringList& words) {
    int rank = 0;
    for (const QString& word : words) {
        const int one = rankOfWord(text, word);
        if (one < 0) {
            return -1;
        }
        rank = std::max(rank, one);
    }
    return rank;
}

std::vector<int> bestMatches(const std::vector<SearchEntry>& entries, const QString& typed, int limit) {
    const QStringList words = typed.split(' ', Qt::SkipEmptyParts);
    using Place = std::tuple<int, int, qsizetype, int>; // rank, kind, length, position
    std::vector<Place> found;
    for (int i = 0; i < static_cast<int>(entries.size()); ++i) {
        const SearchEntry& entry = entries[static_cast<std::size_t>(i)];
        if (const int rank = matchRank(entry.text, words); rank >= 0) {
            found.emplace_back(rank, entry.kind, words.isEmpty() ? 0 : entry.text.size(), i);
        }
    }
    const auto kept = std::min(found.size(), static_cast<std::size_t>(limit));
    std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(kept), found.end());
    std::vector<int> best;
    for (std::size_t i = 0; i < kept; ++i) {
        best.push_back(std::get<3>(found[i]));
    }
    return best;
}

} // namespace ember

#include "core/base/nearest_names.hpp"

#include <algorithm>
#include <cctype>
#include <numeric>

namespace ember {

namespace {

/// Lower-case letters and digits only: punctuation and case are what people get wrong first.
std::string skeleton(std::string_view text) {
    std::string kept;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) || byte >= 0x80) {
            kept += static_cast<char>(std::tolower(byte));
        }
    }
    return kept;
}

/// Runs of letters and digits of two characters or more, in lower case.
std::vector<std::string> tokens(std::string_view text) {
    std::vector<std::string> found;
    std::string current;
    for (const char c : std::string(text) + " ") {
        if (std::isalnum(static_cast<unsigned char>(c))) {
            current += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        } else {
            if (current.size() > 1) {
                found.push_back(current);
            }
            current.clear();
        }
    }
    return found;
}

std::size_t edit_distance(const std::string& a, const std::string& b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
        }
    }
    return row[b.size()];
}

/// Larger is more alike: 1 for the same skeleton, else the best of edit similarity and shared tokens.
double likeness(const std::string& wanted, const std::vector<std::string>& wanted_tokens,
                const std::string& name) {
    const std::string other = skeleton(name).substr(0, 256);
    const std::size_t longest = std::max({wanted.size(), other.size(), std::size_t{1}});
    const double edit =
        1.0 - static_cast<double>(edit_distance(wanted, other)) / static_cast<double>(longest);
    const std::vector<std::string> other_tokens = tokens(name);
    std::size_t shared = 0;
    for (const std::string& token : wanted_tokens) {
        shared += std::find(other_tokens.begin(), other_tokens.end(), token) != other_tokens.end();
    }
    const double by_token = wanted_tokens.empty() ? 0
                                                  : 0.95 * static_cast<double>(shared) /
                                                        static_cast<double>(wanted_tokens.size());
    return std::max(edit, by_token);
}

} // namespace

std::vector<std::string> nearest_names(std::string_view wanted, std::span<const std::string> names,
                                       std::size_t count) {
    const std::string skeleton_wanted = skeleton(wanted).substr(0, 256);
    const std::vector<std::string> wanted_tokens = tokens(wanted);
    constexpr double least = 0.3;
    std::vector<std::pair<double, std::size_t>> scored;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (const double score = likeness(skeleton_wanted, wanted_tokens, names[i]); score >= least) {
            scored.emplace_back(-score, i);
        }
    }
    std::sort(scored.begin(), scored.end());
    std::vector<std::string> nearest;
    for (const auto& [score, i] : scored) {
        if (nearest.size() == count) {
            break;
        }
        nearest.push_back(names[i]);
    }
    return nearest;
}

const std::string* spelled_otherwise(std::string_view wanted, std::span<const std::string> names) {
    constexpr std::size_t shortest_beginning = 4;
    const std::string word = skeleton(wanted);
    for (const std::string& name : names) {
        const std::string other = skeleton(name);
        const bool begins = std::min(word.size(), other.size()) >= shortest_beginning &&
                            (word.starts_with(other) || other.starts_with(word));
        if (name != wanted && !word.empty() && (word == other || begins)) {
            return &name;
        }
    }
    return nullptr;
}

std::string quoted_list(std::span<const std::string> names) {
    std::string text;
    for (const std::string& name : names) {
        text += (text.empty() ? "'" : ", '") + name + "'";
    }
    return text;
}

} // namespace ember

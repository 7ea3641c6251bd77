#include "core/evaluation/verdict_words.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdio>

namespace ember {

std::string in_words(double value) {
    if (!std::isfinite(value)) {
        return "–";
    }
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.2f", std::abs(value));
    const std::string digits = text.data();
    return (value < 0 && digits != "0.00" ? "−" : "") + digits;
}

std::string in_words(const Estimate& estimate) {
    if (!std::isfinite(estimate.low)) {
        return in_words(estimate.value);
    }
    return in_words(estimate.value) + " (95 % " + in_words(estimate.low) + " to " + in_words(estimate.high) +
           ")";
}

std::string p_in_words(double p) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.2g", p);
    return std::string("p = ") + (std::isfinite(p) ? text.data() : "–");
}

std::string count_in_words(std::uint64_t count) {
    const std::string digits = std::to_string(count);
    std::string text;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        text += i > 0 && (digits.size() - i) % 3 == 0 ? "," : "";
        text += digits[i];
    }
    return text;
}

std::string list_in_words(const std::vector<std::string>& names, std::size_t most) {
    std::string list;
    const std::size_t shown = names.size() > most ? most - 1 : names.size();
    for (std::size_t i = 0; i < shown; ++i) {
        list += i == 0 ? "" : i + 1 == names.size() ? " and " : ", ";
        list += names[i];
    }
    return shown == names.size() ? list : list + " and " + std::to_string(names.size() - shown) + " more";
}

std::string set_in_words(const std::string& name) {
    std::string words = name;
    if (words.size() > 12 && words.find(' ') == std::string::npos) {
        std::replace(words.begin(), words.end(), '-', ' ');
    }
    return words;
}

std::string replicates_in_words(const std::string& column) {
    std::string word = column;
    std::transform(word.begin(), word.end(), word.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    for (const char* ending : {"_id", "_name", "id"}) {
        if (const std::string tail = ending; word.size() > tail.size() + 2 && word.ends_with(tail)) {
            word.resize(word.size() - tail.size());
        }
    }
    for (const auto& [one, many] :
         {std::pair("mouse", "mice"), std::pair("patient", "patients"), std::pair("donor", "donors"),
          std::pair("animal", "animals"), std::pair("sample", "samples"), std::pair("batch", "batches")}) {
        if (word == one) {
            return many;
        }
    }
    return "replicates";
}

} // namespace ember

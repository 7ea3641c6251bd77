#include "core/genes/counted_text.hpp"

#include <cmath>

namespace ember {

std::string count_text(std::uint64_t count) {
    std::string text = std::to_string(count);
    for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3) {
        text.insert(static_cast<std::size_t>(at), 1, ',');
    }
    return text;
}

std::string counted(std::uint64_t count, const char* one, const char* many) {
    return count_text(count) + " " + (count == 1 ? one : many);
}

std::string share_text(double part, double whole) {
    const double percent = whole > 0 ? 100 * part / whole : 0;
    if (percent > 0 && percent < 1) {
        return "less than 1 %";
    }
    if (percent > 99 && percent < 100) {
        return "more than 99 %";
    }
    return std::to_string(std::lround(percent)) + " %";
}

} // namespace ember

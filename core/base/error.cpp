#include "core/base/error.hpp"

namespace ember {

namespace {

std::string describe(const Place& place) {
    std::string text = place.file;
    if (!place.key.empty()) {
        text += text.empty() ? place.key : ": " + place.key;
    }
    if (place.row) {
        text += (text.empty() ? "row " : ", row ") + std::to_string(*place.row);
    }
    return text;
}

std::string one_line(const std::string& message, const Place& place, const std::string& remedy) {
    std::string text = message;
    if (const std::string where = describe(place); !where.empty()) {
        text += " (" + where + ")";
    }
    if (!remedy.empty()) {
        text += ". " + remedy;
    }
    for (char& c : text) {
        if (c == '\n' || c == '\r') {
            c = ' ';
        }
    }
    return text;
}

} // namespace

Error::Error(std::string class_name, std::string message, Place place, std::string remedy)
    : class_name_(std::move(class_name)),
      message_(std::move(message)),
      remedy_(std::move(remedy)),
      text_(one_line(message_, place, remedy_)),
      place_(std::move(place)) {}

// Key functions: type information lives in this library, so an exception is caught across the engine's door.
Error::~Error() = default;
UsageError::~UsageError() = default;
ResourceError::~ResourceError() = default;
Cancelled::~Cancelled() = default;

std::string Error::place_text() const {
    return describe(place_);
}

UsageError::UsageError(std::string message, std::string remedy)
    : Error("Usage", std::move(message), {}, std::move(remedy)) {}

Cancelled::Cancelled() : Error("Cancelled", "Cancelled") {}

} // namespace ember

#pragma once
// What a run notes about when and where it runs.

#include <chrono>
#include <optional>
#include <string>

namespace ember {

/// "2026-03-01T12:00:00Z"
std::string utc_text(std::chrono::system_clock::time_point time = std::chrono::system_clock::now());
/// The time of such a text; nothing when it is none.
std::optional<std::chrono::system_clock::time_point> time_of_utc(const std::string& text);

/// This machine's name; "localhost" when it has none.
std::string host_name();

} // namespace ember

#pragma once
// How far two cells are from each other.

#include <string>

namespace ember {

enum class Metric {
    euclidean,
    cosine,      ///< 1 − cosine of the angle; two zero vectors are at 0, one and another at 1
    correlation, ///< cosine after each point's mean is taken off
    manhattan,
};

/// "euclidean", "cosine", "correlation" or "manhattan".
const char* to_string(Metric metric) noexcept;

/// Throws UsageError with the nearest names.
Metric metric_of(const std::string& name);

} // namespace ember

#pragma once
// The distance of two points that prepare_for_metric() has prepared.

#include <cstdint>

#include "core/embedding/metric.hpp"

namespace ember {

/// What orders neighbours: the squared distance, or the sum of absolute differences. The same for (a, b) and
/// (b, a), and on every processor.
float order_of_points(const float* a, const float* b, std::uint64_t dims, bool manhattan) noexcept;

/// The distance itself from that.
float distance_of_order(float order, Metric metric) noexcept;

} // namespace ember

#pragma once
// Weights of a new network: a function of seed and name alone, for any number of threads.

#include <cstdint>
#include <span>
#include <string>

namespace ember {

/// Uniform in [−bound, bound).
void fill_uniform(std::span<float> values, double bound, std::uint64_t seed, const std::string& name);

/// Normal with mean 0.
void fill_normal(std::span<float> values, double deviation, std::uint64_t seed, const std::string& name);

} // namespace ember

#pragma once
// Random numbers that are a function of what they are for: a run that goes on from any step draws the same.

#include <cstdint>
#include <initializer_list>

namespace ember {

/// A stream of 64-bit numbers named by a seed and a path of numbers ({epoch, group}, {step, layer} …):
/// SplitMix64 over a mixed key.
class CounterRandom {
public:
    CounterRandom(std::uint64_t seed, std::initializer_list<std::uint64_t> path) noexcept
        : state_(mix(seed)) {
        for (const std::uint64_t part : path) {
            state_ = mix(state_ ^ mix(part + 0x9E3779B97F4A7C15ULL));
        }
    }

    std::uint64_t next() noexcept { return mix(state_ += 0x9E3779B97F4A7C15ULL); }

    /// Uniform in [0, count), count ≥ 1, without bias.
    std::uint64_t below(std::uint64_t count) noexcept {
        const std::uint64_t threshold = (0 - count) % count;
        for (;;) {
            const unsigned __int128 product = static_cast<unsigned __int128>(next()) * count;
            if (static_cast<std::uint64_t>(product) >= threshold) {
                return static_cast<std::uint64_t>(product >> 64U);
            }
        }
    }

    /// Uniform in [0, 1).
    double uniform() noexcept { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }

    static std::uint64_t mix(std::uint64_t value) noexcept {
        value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9ULL;
        value = (value ^ (value >> 27U)) * 0x94D049BB133111EBULL;
        return value ^ (value >> 31U);
    }

private:
    std::uint64_t state_;
};

} // namespace ember

#pragma once
// Compiled once per instruction set. The including file defines gather() in a namespace without a name.

#include <algorithm>
#include <cstring>

#include "core/embedding/layout_moves.hpp"

namespace ember {

namespace {

using Floats = float __attribute__((vector_size(64)));
using Ints = std::int32_t __attribute__((vector_size(64)));
using Words = std::uint32_t __attribute__((vector_size(64)));

constexpr int repulsions = 5;      ///< per attraction (negative_sample_rate)
constexpr float most_gradient = 4; ///< per coordinate
constexpr float nearness = 0.001f; ///< keeps the repulsion finite

inline Floats clipped(Floats x) {
    x = x > most_gradient ? Floats{} + most_gradient : x;
    return x < -most_gradient ? Floats{} - most_gradient : x;
}

/// x^power for x > 0, to some 1e-6.
inline Floats raised(Floats x, float power) {
    const Ints bits = (Ints)x;
    const Ints high = (bits & 0x7fffff) > 0x3504f3; // mantissa above √2
    const Floats mantissa = (Floats)((bits & 0x7fffff) | (high ? Ints{} + 0x3f000000 : Ints{} + 0x3f800000));
    const Floats exponent = __builtin_convertvector((bits >> 23) - 127 - high, Floats);
    const Floats s = (mantissa - 1.0f) / (mantissa + 1.0f), s2 = s * s;
    const Floats logarithm =
        exponent + s * (2.88539008f + s2 * (0.961796694f + s2 * (0.577078016f + s2 * 0.412198583f)));
    Floats y = logarithm * power;
    y = y > 120.0f ? Floats{} + 120.0f : y;
    y = y < -120.0f ? Floats{} - 120.0f : y;
    const Ints whole = __builtin_convertvector(y + (y > 0.0f ? Floats{} + 0.5f : Floats{} - 0.5f), Ints);
    const Floats f = (y - __builtin_convertvector(whole, Floats)) * 0.693147181f;
    const Floats fraction =
        1.0f + f * (1.0f + f * (0.5f + f * (0.166666667f + f * (0.0416666667f +
                                                                f * (0.00833333333f + f * 0.00138888889f)))));
    return fraction * (Floats)((whole + 127) << 23);
}

/// A number of its own for each point and epoch (the finaliser of SplitMix64).
inline std::uint32_t start_of(std::uint64_t seed, std::uint32_t point, int epoch) {
    std::uint64_t z = seed + 0x9e3779b97f4a7c15u * ((static_cast<std::uint64_t>(epoch) << 32) + point + 1);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    const auto word = static_cast<std::uint32_t>((z ^ (z >> 31)) >> 16);
    return word == 0 ? 1u : word;
}

struct Lanes {
    Floats x, y;
    Words random;
    Ints point;
};

inline void attract(Lanes& lanes, const LayoutView& view, Floats other_x, Floats other_y, Ints active,
                    float step) {
    const Floats dx = lanes.x - other_x, dy = lanes.y - other_y, square = dx * dx + dy * dy;
    const Ints apart = active & (square > 0.0f);
    const Floats safe = apart ? square : Floats{} + 1.0f;
    const Floats power = raised(safe, view.b);
    const Floats pull = (-2.0f * view.a * view.b) * power / (safe * (view.a * power + 1.0f));
    lanes.x += apart ? clipped(pull * dx) * step : Floats{};
    lanes.y += apart ? clipped(pull * dy) * step : Floats{};
}

inline void repel(Lanes& lanes, const LayoutView& view, Ints active, float step) {
    lanes.random ^= lanes.random << 13;
    lanes.random ^= lanes.random >> 17;
    lanes.random ^= lanes.random << 5;
    const float scale = static_cast<float>(view.others_count) * 0x1p-24f;
    Ints other =
        __builtin_convertvector(__builtin_convertvector((Ints)(lanes.random >> 8), Floats) * scale, Ints);
    const auto last = static_cast<std::int32_t>(view.others_count - 1);
    other = other > last ? Ints{} + last : other;
    Floats other_x, other_y;
    gather(view.others, other, other_x, other_y);
    const Floats dx = lanes.x - other_x, dy = lanes.y - other_y, square = dx * dx + dy * dy;
    const Ints apart = active & (square > 0.0f);
    const Floats safe = apart ? square : Floats{} + 1.0f;
    const Floats push = (2.0f * view.b) / ((nearness + safe) * (view.a * raised(safe, view.b) + 1.0f));
    lanes.x += apart ? clipped(push * dx) * step : Floats{};
    lanes.y += apart ? clipped(push * dy) * step : Floats{};
}

/// The ends of the edges that this epoch samples, in scratch[turn × 16 + lane]; returns how many there are.
inline int sampled_ends(const LayoutView& view, std::uint64_t rank, int epoch, std::uint32_t* scratch) {
    const auto now = static_cast<float>(epoch), before = static_cast<float>(epoch - 1);
    int count = 0;
    for (std::uint64_t i = view.indptr[rank]; i < view.indptr[rank + 1]; ++i) {
        const float rate = view.rate[i];
        scratch[count * layout_lanes] = view.index[i];
        count += static_cast<int>(rate * now) > static_cast<int>(rate * before);
    }
    return count;
}

inline void move_points(const LayoutView& view, const std::uint32_t* which, std::uint64_t rank, int count,
                        int epoch, float step, std::uint32_t* scratch, float* moved) {
    Lanes lanes{};
    Ints turns{};
    int most = 0;
    for (int lane = 0; lane < count; ++lane) {
        const std::uint32_t point = which[lane];
        turns[lane] = sampled_ends(view, rank + static_cast<std::uint64_t>(lane), epoch, scratch + lane);
        most = std::max(most, static_cast<int>(turns[lane]));
        lanes.random[lane] = start_of(view.seed, point, epoch);
        lanes.x[lane] = view.points[2 * static_cast<std::uint64_t>(point)];
        lanes.y[lane] = view.points[2 * static_cast<std::uint64_t>(point) + 1];
    }
    for (int lane = 0; lane < layout_lanes; ++lane) {
        for (int turn = turns[lane]; turn < most; ++turn) {
            scratch[turn * layout_lanes + lane] = 0;
        }
    }
    for (int turn = 0; turn < most; ++turn) {
        const Ints active = turns > turn;
        Ints other;
        std::memcpy(&other, scratch + turn * layout_lanes, sizeof other);
        Floats other_x, other_y;
        gather(view.others, other, other_x, other_y);
        attract(lanes, view, other_x, other_y, active, step);
        for (int i = 0; i < repulsions; ++i) {
            repel(lanes, view, active, step);
        }
        if (view.mutual) {
            attract(lanes, view, other_x, other_y, active, step);
        }
    }
    for (int lane = 0; lane < count; ++lane) {
        moved[2 * static_cast<std::uint64_t>(which[lane])] = lanes.x[lane];
        moved[2 * static_cast<std::uint64_t>(which[lane]) + 1] = lanes.y[lane];
    }
}

} // namespace

} // namespace ember

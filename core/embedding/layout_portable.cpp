#include <cstdint>

namespace ember {

namespace {

template<typename Floats, typename Ints>
inline void gather(const float* pairs, const Ints& which, Floats& x, Floats& y) {
    for (int lane = 0; lane < 16; ++lane) {
        const float* pair = pairs + 2 * static_cast<std::uint64_t>(static_cast<std::uint32_t>(which[lane]));
        x[lane] = pair[0];
        y[lane] = pair[1];
    }
}

} // namespace

} // namespace ember

#include "core/embedding/layout_kernel.hpp"

namespace ember {

void move_points_portable(const LayoutView& view, const std::uint32_t* which, std::uint64_t rank, int count,
                          int epoch, float step, std::uint32_t* scratch, float* moved) {
    move_points(view, which, rank, count, epoch, step, scratch, moved);
}

LayoutMoves layout_moves() noexcept {
    static const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                               __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
                               __builtin_cpu_supports("avx512cd");
    return avx512 ? &move_points_avx512 : &move_points_portable;
}

} // namespace ember

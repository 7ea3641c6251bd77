#pragma once
// The hot loop of UMAP's layout: sixteen points move at once, one per lane.

#include <cstdint>

namespace ember {

constexpr int layout_lanes = 16;

/// What a move reads. Points attract along edges and are repelled by points drawn at random.
struct LayoutView {
    const std::uint64_t* indptr = nullptr; ///< edges by rank, the points in the order in which they move
    const std::uint32_t* index = nullptr;  ///< the other end, in `others`
    const float* rate = nullptr;           ///< samples per epoch, 0 … 1
    const float* points = nullptr;         ///< [points × 2], those that move
    const float* others = nullptr;         ///< [others × 2]; may be `points`
    std::uint32_t others_count = 0;
    float a = 0, b = 0; ///< of the membership curve
    bool mutual = true; ///< edges stand at both ends: each end moves for both
    std::uint64_t seed = 0;
};

/// Moves the points which[0] … which[count − 1], count <= 16, whose ranks begin with `rank`, by one epoch,
/// and writes where they are then into `moved` [points × 2]; reads the other points where they are now.
/// `scratch`: 16 × (the most edges of a point + 1).
using LayoutMoves = void (*)(const LayoutView& view, const std::uint32_t* which, std::uint64_t rank,
                             int count, int epoch, float step, std::uint32_t* scratch, float* moved);

void move_points_portable(const LayoutView& view, const std::uint32_t* which, std::uint64_t rank, int count,
                          int epoch, float step, std::uint32_t* scratch, float* moved);
/// Call only where the processor has AVX-512.
void move_points_avx512(const LayoutView& view, const std::uint32_t* which, std::uint64_t rank, int count,
                        int epoch, float step, std::uint32_t* scratch, float* moved);

/// The best of this processor.
LayoutMoves layout_moves() noexcept;

} // namespace ember

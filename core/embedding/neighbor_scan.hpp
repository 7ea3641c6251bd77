#pragma once
// The hot loop of exact neighbours: which of a panel of points may be nearer to some queries than their
// present neighbours are.

#include <cstdint>

namespace ember {

/// For `queries` rows of [rows × dims], at most `rows_at_once`, against one panel [dims × panel] of points,
/// lane by lane: bit p of hits[row] is set where score > threshold[row]. The score is q·p − offset[p], or for
/// manhattan −Σ|q − p| − offset[p]. Returns whether any bit is set.
using NeighborScan = bool (*)(const float* queries, std::uint64_t rows, std::uint64_t dims,
                              const float* panel, const float* offset, const float* threshold,
                              std::uint32_t* hits);

struct NeighborScanKernel {
    std::uint64_t panel = 0;        ///< points of a panel, at most 32
    std::uint64_t rows_at_once = 0; ///< queries of one call
    NeighborScan products = nullptr, absolute = nullptr;
};

NeighborScanKernel neighbor_scan_portable() noexcept;
NeighborScanKernel neighbor_scan_avx512() noexcept; ///< call only where the processor has it

/// The best of this processor.
NeighborScanKernel neighbor_scan() noexcept;

} // namespace ember

#pragma once
// The LZF compression of h5py: runs of literals and references to bytes written before.

#include <cstddef>
#include <span>

namespace ember::h5 {

/// Decompresses `in` into `out`. Returns the bytes written, 0 when `in` is damaged or does not fit.
std::size_t lzf_decompress(std::span<const std::byte> in, std::span<std::byte> out) noexcept;

} // namespace ember::h5

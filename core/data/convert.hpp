#pragma once
// Stored numbers to the numbers that computations use.

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/data/element_type.hpp"

namespace ember::h5 {

/// Converts `out.size()` stored values of a numeric type (either byte order). `bytes` holds at least
/// out.size() · type.size bytes, of any alignment. T: float, double, std::int64_t, std::uint64_t,
/// std::uint32_t or std::int32_t; numbers that T cannot hold become its nearest value.
template<typename T>
void convert(const ElementType& type, std::span<const std::byte> bytes, std::span<T> out);

extern template void convert(const ElementType&, std::span<const std::byte>, std::span<float>);
extern template void convert(const ElementType&, std::span<const std::byte>, std::span<double>);
extern template void convert(const ElementType&, std::span<const std::byte>, std::span<std::int64_t>);
extern template void convert(const ElementType&, std::span<const std::byte>, std::span<std::uint64_t>);
extern template void convert(const ElementType&, std::span<const std::byte>, std::span<std::uint32_t>);
extern template void convert(const ElementType&, std::span<const std::byte>, std::span<std::int32_t>);

} // namespace ember::h5

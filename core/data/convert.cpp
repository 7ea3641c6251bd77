#include "core/data/convert.hpp"

#include <bit>
#include <cstring>
#include <immintrin.h>
#include <limits>
#include <type_traits>
#include <utility>

namespace ember::h5 {

namespace {

template<std::size_t Bytes>
using Bits =
    std::conditional_t<Bytes == 1, std::uint8_t,
                       std::conditional_t<Bytes == 2, std::uint16_t,
                                          std::conditional_t<Bytes == 4, std::uint32_t, std::uint64_t>>>;

template<typename B>
B swap_bytes(B bits) {
    if constexpr (sizeof(B) == 2) {
        return __builtin_bswap16(bits);
    } else if constexpr (sizeof(B) == 4) {
        return __builtin_bswap32(bits);
    } else if constexpr (sizeof(B) == 8) {
        return __builtin_bswap64(bits);
    }
    return bits;
}

struct Half {
    std::uint16_t bits;
};

template<typename To, typename From>
To number(From value) {
    if constexpr (std::is_same_v<From, Half>) {
        return number<To>(_cvtsh_ss(value.bits));
    } else if constexpr (std::is_floating_point_v<To>) {
        return static_cast<To>(value);
    } else if constexpr (std::is_floating_point_v<From>) {
        constexpr auto low = std::numeric_limits<To>::lowest(), high = std::numeric_limits<To>::max();
        return !(value > static_cast<From>(low))  ? low
               : value >= static_cast<From>(high) ? high
                                                  : static_cast<To>(value);
    } else {
        constexpr auto low = std::numeric_limits<To>::lowest(), high = std::numeric_limits<To>::max();
        return std::cmp_less(value, low)       ? low
               : std::cmp_greater(value, high) ? high
                                               : static_cast<To>(value);
    }
}

template<typename From, bool Swap, typename To>
void convert_all(const std::byte* bytes, std::span<To> out) {
    using B = Bits<sizeof(From)>;
    for (std::size_t i = 0; i < out.size(); ++i) {
        B bits;
        std::memcpy(&bits, bytes + i * sizeof(B), sizeof(B));
        if constexpr (Swap) {
            bits = swap_bytes(bits);
        }
        out[i] = number<To>(std::bit_cast<From>(bits));
    }
}

template<typename From, typename To>
void convert_from(const ElementType& type, const std::byte* bytes, std::span<To> out) {
    if (type.big_endian) {
        convert_all<From, true>(bytes, out);
    } else if constexpr (std::is_same_v<From, To>) {
        std::memcpy(out.data(), bytes, out.size_bytes());
    } else {
        convert_all<From, false>(bytes, out);
    }
}

} // namespace

template<typename T>
void convert(const ElementType& type, std::span<const std::byte> bytes, std::span<T> out) {
    const std::byte* in = bytes.data();
    if (out.empty()) {
        return;
    }
    const bool is_signed = type.kind == ElementKind::signed_integer || type.kind == ElementKind::boolean;
    switch (type.kind == ElementKind::floating ? type.size + 100 : type.size) {
    case 1:
        return is_signed ? convert_from<std::int8_t>(type, in, out)
                         : convert_from<std::uint8_t>(type, in, out);
    case 2:
        return is_signed ? convert_from<std::int16_t>(type, in, out)
                         : convert_from<std::uint16_t>(type, in, out);
    case 4:
        return is_signed ? convert_from<std::int32_t>(type, in, out)
                         : convert_from<std::uint32_t>(type, in, out);
    case 8:
        return is_signed ? convert_from<std::int64_t>(type, in, out)
                         : convert_from<std::uint64_t>(type, in, out);
    case 102:
        return convert_from<Half>(type, in, out);
    case 104:
        return convert_from<float>(type, in, out);
    default:
        return convert_from<double>(type, in, out);
    }
}

template void convert(const ElementType&, std::span<const std::byte>, std::span<float>);
template void convert(const ElementType&, std::span<const std::byte>, std::span<double>);
template void convert(const ElementType&, std::span<const std::byte>, std::span<std::int64_t>);
template void convert(const ElementType&, std::span<const std::byte>, std::span<std::uint64_t>);
template void convert(const ElementType&, std::span<const std::byte>, std::span<std::uint32_t>);
template void convert(const ElementType&, std::span<const std::byte>, std::span<std::int32_t>);

} // namespace ember::h5

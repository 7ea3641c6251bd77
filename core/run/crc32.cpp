// Folding as in V. Gopal et al., "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ Instruction"
// (Intel, 2009): 64 bytes become 64 bytes with the same remainder further on, until few are left.

#include "core/run/crc32.hpp"

#include <zlib.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace ember {

namespace {

std::uint32_t by_table(std::uint32_t before, std::span<const std::byte> bytes) noexcept {
    return static_cast<std::uint32_t>(
        crc32_z(before, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()));
}

#if defined(__x86_64__)

// x^n modulo the polynomial, bits reflected: n = 512 ± 32 and 128 ± 32.
constexpr std::int64_t by_512_low = 0x154442bd4, by_512_high = 0x1c6e41596;
constexpr std::int64_t by_128_low = 0x1751997d0, by_128_high = 0x0ccaa009e;
constexpr std::size_t block = 64;

__attribute__((target("pclmul,sse4.1"))) __m128i load(const std::byte* from) noexcept {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
}

__attribute__((target("pclmul,sse4.1"))) __m128i fold(__m128i value, __m128i by, __m128i next) noexcept {
    return _mm_xor_si128(
        _mm_xor_si128(_mm_clmulepi64_si128(value, by, 0x00), _mm_clmulepi64_si128(value, by, 0x11)), next);
}

/// `bytes` are at least one block.
__attribute__((target("pclmul,sse4.1"))) std::uint32_t by_folding(std::uint32_t before,
                                                                  std::span<const std::byte> bytes) noexcept {
    const std::byte* at = bytes.data();
    __m128i a = _mm_xor_si128(load(at), _mm_cvtsi32_si128(static_cast<int>(~before)));
    __m128i b = load(at + 16), c = load(at + 32), d = load(at + 48);
    const __m128i by_512 = _mm_set_epi64x(by_512_high, by_512_low);
    std::size_t left = bytes.size() - block;
    for (at += block; left >= block; at += block, left -= block) {
        a = fold(a, by_512, load(at));
        b = fold(b, by_512, load(at + 16));
        c = fold(c, by_512, load(at + 32));
        d = fold(d, by_512, load(at + 48));
    }
    const __m128i by_128 = _mm_set_epi64x(by_128_high, by_128_low);
    alignas(16) std::byte last[16];
    _mm_store_si128(reinterpret_cast<__m128i*>(last), fold(fold(fold(a, by_128, b), by_128, c), by_128, d));
    // These 16 bytes have the remainder of all before; the register starts at 0, which zlib calls ~0.
    return by_table(by_table(0xffffffffU, last), {at, left});
}

#endif

} // namespace

std::uint32_t crc32_of(std::uint32_t before, std::span<const std::byte> bytes) noexcept {
#if defined(__x86_64__)
    static const bool multiplies = __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1");
    if (multiplies && bytes.size() >= block) {
        return by_folding(before, bytes);
    }
#endif
    return by_table(before, bytes);
}

} // namespace ember

#pragma once
// A value of one cell in 64 bits: above, a key that rises with the value; below, the leaf that the cell
// belongs to. Sorting the words sorts the values.

#include <bit>
#include <cstdint>
#include <span>
#include <vector>

namespace ember {

inline constexpr std::uint32_t zero_key = 0x80000000U;

inline std::uint32_t key_of(float value) noexcept {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    return bits ^ (bits >> 31 != 0 ? 0xFFFFFFFFU : zero_key);
}

inline float value_of_key(std::uint32_t key) noexcept {
    return std::bit_cast<float>(key ^ (key >> 31 != 0 ? zero_key : 0xFFFFFFFFU));
}

inline std::uint64_t pack_word(float value, std::uint32_t leaf) noexcept {
    return std::uint64_t(key_of(value)) << 32 | leaf;
}

inline std::uint32_t word_key(std::uint64_t word) noexcept {
    return static_cast<std::uint32_t>(word >> 32);
}
inline std::uint32_t word_leaf(std::uint64_t word) noexcept {
    return static_cast<std::uint32_t>(word);
}
inline float word_value(std::uint64_t word) noexcept {
    return value_of_key(word_key(word));
}

/// Sorts by key; `scratch` grows as needed.
void sort_words(std::span<std::uint64_t> words, std::vector<std::uint64_t>& scratch);

} // namespace ember

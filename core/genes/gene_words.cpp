#include "core/genes/gene_words.hpp"

#include <algorithm>
#include <array>

namespace ember {

namespace {

constexpr unsigned digit_bits = 11, digits = 3; // 33 bits hold the key
constexpr std::size_t bins = std::size_t(1) << digit_bits;
constexpr std::size_t few_words = 384; ///< below, comparisons beat clearing the bins

std::size_t digit_of(std::uint64_t word, unsigned digit) noexcept {
    return (word >> (32 + digit * digit_bits)) & (bins - 1);
}

} // namespace

void sort_words(std::span<std::uint64_t> words, std::vector<std::uint64_t>& scratch) {
    if (words.size() < few_words) {
        std::sort(words.begin(), words.end());
        return;
    }
    scratch.resize(std::max(scratch.size(), words.size()));
    std::array<std::array<std::uint32_t, bins>, digits> count{};
    for (const std::uint64_t word : words) {
        ++count[0][digit_of(word, 0)];
        ++count[1][digit_of(word, 1)];
        ++count[2][digit_of(word, 2)];
    }
    std::uint64_t *from = words.data(), *to = scratch.data();
    for (unsigned digit = 0; digit < digits; ++digit) {
        auto& place = count[digit];
        if (place[digit_of(*from, digit)] == words.size()) {
            continue; // all alike here
        }
        std::uint32_t before = 0;
        for (std::uint32_t& bin : place) {
            const std::uint32_t here = bin;
            bin = before;
            before += here;
        }
        for (std::size_t i = 0; i < words.size(); ++i) {
            to[place[digit_of(from[i], digit)]++] = from[i];
        }
        std::swap(from, to);
    }
    if (from != words.data()) {
        std::copy_n(from, words.size(), words.data());
    }
}

} // namespace ember

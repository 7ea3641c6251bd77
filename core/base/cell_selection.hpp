#pragma once
// Which cells of a data set are selected: one bit per cell.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ember {

/// How a new choice of cells meets the one that stands.
enum class SelectionMode { replace, add, remove, intersect };

/// A set of cells out of `size()`. Bits past the end are always zero, so that words can be counted whole.
class CellSelection {
public:
    static constexpr std::size_t word_bits = 64;

    CellSelection() = default;
    explicit CellSelection(std::size_t cells) : size_(cells), words_((cells + word_bits - 1) / word_bits) {}

    std::size_t size() const noexcept { return size_; }
    std::size_t count() const noexcept;
    bool any() const noexcept;

    bool contains(std::size_t cell) const noexcept {
        return (words_[cell / word_bits] >> cell % word_bits & 1) != 0;
    }
    void insert(std::size_t cell) noexcept { words_[cell / word_bits] |= bit(cell); }
    void erase(std::size_t cell) noexcept { words_[cell / word_bits] &= ~bit(cell); }
    void clear() noexcept;
    void select_all() noexcept;
    void invert() noexcept;

    /// Meets `other`, which has the same size, as `mode` says.
    void combine(const CellSelection& other, SelectionMode mode);

    /// Indices of the selected cells, rising.
    std::vector<std::uint64_t> indices() const;
    /// Calls `visit(cell)` for each selected cell, rising.
    template<typename Visit>
    void for_each(Visit visit) const {
        for (std::size_t w = 0; w < words_.size(); ++w) {
            for (std::uint64_t word = words_[w]; word != 0; word &= word - 1) {
                visit(w * word_bits + static_cast<std::size_t>(std::countr_zero(word)));
            }
        }
    }

    /// Cell `c` is bit c % 64 of word c / 64.
    std::span<const std::uint64_t> words() const noexcept { return words_; }
    /// For kernels that write many bits at once; call trim() afterwards.
    std::span<std::uint64_t> writable_words() noexcept { return words_; }
    void trim() noexcept; ///< clears the bits past the end

    bool operator==(const CellSelection&) const = default;

private:
    static std::uint64_t bit(std::size_t cell) noexcept { return std::uint64_t(1) << cell % word_bits; }

    std::size_t size_ = 0;
    std::vector<std::uint64_t> words_;
};

} // namespace ember

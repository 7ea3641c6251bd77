#include "core/base/cell_selection.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>

namespace ember {

std::size_t CellSelection::count() const noexcept {
    return std::accumulate(words_.begin(), words_.end(), std::size_t(0), [](std::size_t sum, auto word) {
        return sum + static_cast<std::size_t>(std::popcount(word));
    });
}

bool CellSelection::any() const noexcept {
    return std::any_of(words_.begin(), words_.end(), [](auto word) { return word != 0; });
}

void CellSelection::clear() noexcept {
    std::fill(words_.begin(), words_.end(), 0);
}

void CellSelection::select_all() noexcept {
    std::fill(words_.begin(), words_.end(), ~std::uint64_t(0));
    trim();
}

void CellSelection::invert() noexcept {
    for (auto& word : words_) {
        word = ~word;
    }
    trim();
}

void CellSelection::combine(const CellSelection& other, SelectionMode mode) {
    if (other.size_ != size_) {
        throw std::invalid_argument("selections of different numbers of cells cannot be combined");
    }
    for (std::size_t w = 0; w < words_.size(); ++w) {
        switch (mode) {
        case SelectionMode::replace:
            words_[w] = other.words_[w];
            break;
        case SelectionMode::add:
            words_[w] |= other.words_[w];
            break;
        case SelectionMode::remove:
            words_[w] &= ~other.words_[w];
            break;
        case SelectionMode::intersect:
            words_[w] &= other.words_[w];
            break;
        }
    }
}

std::vector<std::uint64_t> CellSelection::indices() const {
    std::vector<std::uint64_t> cells;
    cells.reserve(count());
    for_each([&](std::size_t cell) { cells.push_back(cell); });
    return cells;
}

void CellSelection::trim() noexcept {
    if (const auto rest = size_ % word_bits; rest != 0) {
        words_.back() &= (std::uint64_t(1) << rest) - 1;
    }
}

} // namespace ember

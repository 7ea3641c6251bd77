// Included by one file per instruction set, which says what `Lanes`, `width` and `rows_per_pass` are.

#include <array>
#include <cstring>

#include "core/evaluation/pair_products.hpp"

namespace ember {

namespace {

constexpr std::size_t registers = panel_cells / width;
constexpr std::size_t registers_per_pass = 4;

inline Lanes load(const float* from) {
    Lanes lanes;
    std::memcpy(&lanes, from, sizeof lanes);
    return lanes;
}

void sparse_products(const SparsePart* parts, std::size_t count, const float* panel) {
    for (std::size_t p = 0; p < count; ++p) {
        const SparsePart& part = parts[p];
        std::array<Lanes, registers> sums;
        std::memcpy(sums.data(), part.to, sizeof sums);
        for (std::size_t i = 0; i < part.count; ++i) {
            const float* column = panel + part.genes[i] * panel_cells;
            for (std::size_t r = 0; r < registers; ++r) {
                sums[r] += part.values[i] * load(column + r * width);
            }
        }
        std::memcpy(part.to, sums.data(), sizeof sums);
    }
}

/// Of some rows with some of the panel's columns.
void dense_pass(const float* const* rows, std::size_t genes, const float* panel, float* to) {
    std::array<std::array<Lanes, registers_per_pass>, rows_per_pass> sums{};
    for (std::size_t g = 0; g < genes; ++g) {
        std::array<Lanes, registers_per_pass> column;
        for (std::size_t r = 0; r < registers_per_pass; ++r) {
            column[r] = load(panel + g * panel_cells + r * width);
        }
        for (std::size_t row = 0; row < rows_per_pass; ++row) {
            for (std::size_t r = 0; r < registers_per_pass; ++r) {
                sums[row][r] += rows[row][g] * column[r];
            }
        }
    }
    for (std::size_t row = 0; row < rows_per_pass; ++row) {
        std::memcpy(to + row * panel_cells, sums[row].data(), sizeof sums[row]);
    }
}

void dense_products(const float* const* rows, std::size_t genes, const float* panel, float* to) {
    for (std::size_t row = 0; row < dense_rows; row += rows_per_pass) {
        for (std::size_t first = 0; first < panel_cells; first += registers_per_pass * width) {
            dense_pass(rows + row, genes, panel + first, to + row * panel_cells + first);
        }
    }
}

} // namespace

} // namespace ember

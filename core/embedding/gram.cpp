#include "core/embedding/gram.hpp"

#include <algorithm>
#include <utility>

#include <tbb/parallel_for.h>

namespace ember {

namespace {

constexpr std::uint64_t most_rows = 2048; ///< packed at once
constexpr std::uint64_t depth = 256; ///< rows summed in float32; their panels stay in the first-level cache
constexpr std::uint64_t left_panels = 16,
                        right_panels = 8; ///< of a task; they stay in the second-level cache
constexpr std::uint64_t most_left = 12, most_right = 32;

std::uint64_t panels_of(std::uint64_t cols, std::uint64_t panel) {
    return (cols + panel - 1) / panel;
}

} // namespace

Gram::Gram(std::uint64_t cols, const GramKernel& kernel) : cols_(cols), kernel_(kernel), sums_(cols * cols) {}

/// [panels × count × panel]
void Gram::pack(const float* rows, std::uint64_t count, std::uint64_t panel, std::vector<float>& to) const {
    const std::uint64_t panels = panels_of(cols_, panel);
    to.resize(panels * count * panel);
    tbb::parallel_for(std::uint64_t{0}, panels_of(count, depth), [&](std::uint64_t part) {
        for (std::uint64_t p = 0; p < panels; ++p) {
            const std::uint64_t first = p * panel, here = std::min(panel, cols_ - first);
            for (std::uint64_t row = part * depth; row < std::min(count, (part + 1) * depth); ++row) {
                float* out = to.data() + (p * count + row) * panel;
                if (here == panel && panel == most_left) {
                    std::copy_n(rows + row * cols_ + first, most_left, out); // a size that the compiler knows
                } else if (here == panel && panel == most_right) {
                    std::copy_n(rows + row * cols_ + first, most_right, out);
                } else {
                    std::copy_n(rows + row * cols_ + first, here, out);
                    std::fill(out + here, out + panel, 0.0f);
                }
            }
        }
    });
}

void Gram::add_tile(std::uint64_t count, std::uint64_t left, std::uint64_t right) {
    const std::uint64_t high = kernel_.left, wide = kernel_.right;
    const std::uint64_t left_end = std::min(panels_of(cols_, high), (left + 1) * left_panels);
    const std::uint64_t right_end = std::min(panels_of(cols_, wide), (right + 1) * right_panels);
    float out[most_left * most_right];
    for (std::uint64_t row = 0; row < count; row += depth) {
        const std::uint64_t rows = std::min(depth, count - row);
        for (std::uint64_t b = right * right_panels; b < right_end; ++b) {
            for (std::uint64_t a = left * left_panels; a < left_end && a * high < (b + 1) * wide; ++a) {
                kernel_.product(rows, left_.data() + (a * count + row) * high,
                                right_.data() + (b * count + row) * wide, out);
                const std::uint64_t columns = std::min(wide, cols_ - b * wide);
                for (std::uint64_t i = 0; i < std::min(high, cols_ - a * high); ++i) {
                    double* sums = sums_.data() + (a * high + i) * cols_ + b * wide;
                    for (std::uint64_t j = 0; j < columns; ++j) {
                        sums[j] += static_cast<double>(out[i * wide + j]);
                    }
                }
            }
        }
    }
}

void Gram::add(const float* rows, std::uint64_t count) {
    const std::uint64_t tall = panels_of(panels_of(cols_, kernel_.left), left_panels);
    const std::uint64_t broad = panels_of(panels_of(cols_, kernel_.right), right_panels);
    for (std::uint64_t first = 0; first < count; first += most_rows) {
        const std::uint64_t here = std::min(most_rows, count - first);
        pack(rows + first * cols_, here, kernel_.left, left_);
        pack(rows + first * cols_, here, kernel_.right, right_);
        tbb::parallel_for(std::uint64_t{0}, tall * broad,
                          [&](std::uint64_t number) { add_tile(here, number % tall, number / tall); });
    }
}

std::vector<double> Gram::finish() {
    for (std::uint64_t i = 0; i < cols_; ++i) {
        for (std::uint64_t j = 0; j < i; ++j) {
            sums_[i * cols_ + j] = sums_[j * cols_ + i];
        }
    }
    return std::move(sums_);
}

} // namespace ember

#include "core/embedding/gram.hpp"

#include <algorithm>
#include <utility>

#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>

#include "core/embedding/transposed_product.hpp"

namespace ember {

namespace {

constexpr std::uint64_t tile = 256, most_rows = 2048;

} // namespace

Gram::Gram(std::uint64_t cols) : cols_(cols), sums_(cols * cols) {}

void Gram::add(const float* rows, std::uint64_t count) {
    const std::uint64_t tiles = (cols_ + tile - 1) / tile;
    for (std::uint64_t first = 0; first < count; first += most_rows) {
        const std::uint64_t here = std::min(most_rows, count - first);
        tbb::enumerable_thread_specific<std::vector<float>> scratch(
            [] { return std::vector<float>(tile * tile); });
        tbb::parallel_for(std::uint64_t{0}, tiles * (tiles + 1) / 2, [&](std::uint64_t number) {
            std::uint64_t row = 0;
            while (number >= tiles - row) {
                number -= tiles - row++;
            }
            const std::uint64_t left = row * tile, right = (row + number) * tile;
            const std::uint64_t height = std::min(tile, cols_ - left), width = std::min(tile, cols_ - right);
            std::vector<float>& out = scratch.local();
            const float* from = rows + first * cols_;
            const auto stride = static_cast<std::int64_t>(cols_);
            transposed_product(static_cast<std::int64_t>(here),
                               {from + left, stride, static_cast<std::int64_t>(height)},
                               {from + right, stride, static_cast<std::int64_t>(width)}, out.data());
            for (std::uint64_t i = 0; i < height; ++i) {
                double* sums = sums_.data() + (left + i) * cols_ + right;
                for (std::uint64_t j = 0; j < width; ++j) {
                    sums[j] += out[i * width + j];
                }
            }
        });
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

#include "core/model/products.hpp"

#include <utility>
#include <vector>

namespace ember {

namespace {

/// A rectangle of the result.
struct Tile {
    std::int64_t row = 0, rows = 0, column = 0, columns = 0;
};

/// How many tiles stand above and beside each other, so that `threads` of them share little of what each
/// packs.
std::pair<std::int64_t, std::int64_t> grid(std::int64_t threads, const Tile& whole) {
    std::pair<std::int64_t, std::int64_t> best{threads, 1};
    double least = 1e300;
    for (std::int64_t down = 1; down <= threads; ++down) {
        if (threads % down == 0) {
            const double packed = static_cast<double>(whole.rows) / static_cast<double>(down) +
                                  static_cast<double>(whole.columns) / static_cast<double>(threads / down);
            if (packed < least) {
                least = packed;
                best = {down, threads / down};
            }
        }
    }
    return best;
}

std::vector<Tile> split(const Tile& whole, std::pair<std::int64_t, std::int64_t> parts) {
    std::vector<Tile> tiles;
    const auto [down, across] = parts;
    for (std::int64_t i = 0; i < down; ++i) {
        const std::int64_t row = whole.rows * i / down, end = whole.rows * (i + 1) / down;
        for (std::int64_t j = 0; j < across; ++j) {
            const std::int64_t column = whole.columns * j / across, last = whole.columns * (j + 1) / across;
            tiles.push_back({whole.row + row, end - row, whole.column + column, last - column});
        }
    }
    return tiles;
}

/// Computes `out` by `product(out's tile, x's rows, Wᵀ's columns, the bias's part)`. Each thread multiplies a
/// tile of its own: LibTorch's BLAS would spin inside its products, which on a busy machine stops all for
/// long. The longer side is cut first into pieces of 20 GFLOP (60 ms on two current cores), between which a
/// cancel is heard.
template<typename Product>
void in_tiles(const Linear& linear, const at::Tensor& x, at::Tensor& out, JobContext& job, Product product) {
    const Tile whole{0, x.size(0), 0, linear.outputs()};
    const double flops = 2.0 * static_cast<double>(whole.rows) * static_cast<double>(whole.columns) *
                         static_cast<double>(linear.inputs());
    const at::Tensor transposed = linear.weight.t();
    const auto multiply = [&](const Tile& tile) {
        at::Tensor to = out.narrow(0, tile.row, tile.rows).narrow(1, tile.column, tile.columns);
        product(to, x.narrow(0, tile.row, tile.rows), transposed.narrow(1, tile.column, tile.columns),
                linear.bias.defined() ? linear.bias.narrow(0, tile.column, tile.columns) : linear.bias);
    };
    const std::int64_t pieces = static_cast<std::int64_t>(flops / 20e9) + 1;
    const bool by_rows = whole.rows >= whole.columns;
    for (const Tile& piece : split(whole, {by_rows ? pieces : 1, by_rows ? 1 : pieces})) {
        job.check_cancelled();
        const std::int64_t threads = flops < 50e6 ? 1 : at::get_num_threads();
        const std::vector<Tile> tiles = split(piece, grid(threads, piece));
        parallel(static_cast<std::int64_t>(tiles.size()), 1, [&](std::int64_t first, std::int64_t last) {
            const c10::InferenceMode inference;
            for (std::int64_t i = first; i < last; ++i) {
                const Tile& tile = tiles[static_cast<std::size_t>(i)];
                if (tile.rows > 0 && tile.columns > 0) {
                    multiply(tile);
                }
            }
        });
    }
}

} // namespace

void apply(const Linear& linear, const at::Tensor& x, at::Tensor& out, JobContext& job) {
    in_tiles(linear, x, out, job,
             [](at::Tensor& to, const at::Tensor& from, const at::Tensor& weight, const at::Tensor& bias) {
                 if (bias.defined()) {
                     at::addmm_out(to, bias, from, weight);
                 } else {
                     at::mm_out(to, from, weight);
                 }
             });
}

void accumulate(const Linear& linear, const at::Tensor& x, at::Tensor& out, JobContext& job) {
    in_tiles(linear, x, out, job,
             [](at::Tensor& to, const at::Tensor& from, const at::Tensor& weight, const at::Tensor&) {
                 at::addmm_out(to, to, from, weight);
             });
}

void activate(Activation activation, at::Tensor& x) {
    switch (activation) {
    case Activation::gelu:
        at::gelu_out(x, x);
        break;
    case Activation::relu:
        x.relu_();
        break;
    case Activation::leaky_relu:
        at::leaky_relu_(x);
        break;
    case Activation::elu:
        at::elu_(x);
        break;
    case Activation::selu:
        at::selu_(x);
        break;
    }
}

void apply(const Mlp& mlp, Activation activation, const at::Tensor& x, at::Tensor& first, at::Tensor& second,
           at::Tensor& out, JobContext& job) {
    const std::int64_t rows = x.size(0);
    at::Tensor from = x;
    for (std::size_t i = 0; i + 1 < mlp.size(); ++i) {
        at::Tensor& buffer = i % 2 == 0 ? first : second;
        at::Tensor to = buffer.narrow(0, 0, rows).narrow(1, 0, mlp[i].outputs());
        apply(mlp[i], from, to, job);
        activate(activation, to);
        from = to;
    }
    apply(mlp.back(), from, out, job);
}

void parallel(std::int64_t count, std::int64_t grain,
              const std::function<void(std::int64_t, std::int64_t)>& body) {
    at::parallel_for(0, count, grain, [&](std::int64_t first, std::int64_t last) { body(first, last); });
}

} // namespace ember

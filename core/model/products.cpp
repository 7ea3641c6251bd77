#include "core/model/products.hpp"

#include <algorithm>
#include <utility>
#include <vector>

/// Of the BLAS inside LibTorch: bfloat16 numbers, sums and result in float32 (AMX where the processor has
/// it).
extern "C" void cblas_gemm_bf16bf16f32(int layout, int transpose_a, int transpose_b, int m, int n, int k,
                                       float alpha, const void* a, int leading_a, const void* b,
                                       int leading_b, float beta, float* c, int leading_c);

namespace ember {

namespace {

constexpr int row_major = 101, as_is = 111, transposed_order = 112; ///< of the C interface of BLAS

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

/// Computes `out` by `product(out's tile, x's rows, columns of `transposed`, the bias's part)`. Each thread
/// multiplies a tile of its own: LibTorch's BLAS would spin inside its products, which on a busy machine
/// stops all for long. The longer side is cut first into pieces of 20 GFLOP (60 ms on two current cores),
/// between which a cancel is heard.
template<typename Product>
void in_tiles(const at::Tensor& x, const at::Tensor& transposed, const at::Tensor& bias, at::Tensor& out,
              JobContext& job, Product product) {
    const Tile whole{0, x.size(0), 0, transposed.size(1)};
    const double flops = 2.0 * static_cast<double>(whole.rows) * static_cast<double>(whole.columns) *
                         static_cast<double>(transposed.size(0));
    const auto multiply = [&](const Tile& tile) {
        at::Tensor to = out.narrow(0, tile.row, tile.rows).narrow(1, tile.column, tile.columns);
        product(to, x.narrow(0, tile.row, tile.rows), transposed.narrow(1, tile.column, tile.columns),
                bias.defined() ? bias.narrow(0, tile.column, tile.columns) : bias);
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
    in_tiles(x, linear.weight.t(), linear.bias, out, job,
             [](at::Tensor& to, const at::Tensor& from, const at::Tensor& weight, const at::Tensor& bias) {
                 if (bias.defined()) {
                     at::addmm_out(to, bias, from, weight);
                 } else {
                     at::mm_out(to, from, weight);
                 }
             });
}

void accumulate(const Linear& linear, const at::Tensor& x, at::Tensor& out, JobContext& job) {
    multiply_add(x, linear.weight.t(), out, job);
}

void multiply(const at::Tensor& a, const at::Tensor& b, at::Tensor& out, JobContext& job) {
    in_tiles(a, b, {}, out, job,
             [](at::Tensor& to, const at::Tensor& rows, const at::Tensor& columns, const at::Tensor&) {
                 at::mm_out(to, rows, columns);
             });
}

void multiply_add(const at::Tensor& a, const at::Tensor& b, at::Tensor& out, JobContext& job) {
    in_tiles(a, b, {}, out, job,
             [](at::Tensor& to, const at::Tensor& rows, const at::Tensor& columns, const at::Tensor&) {
                 at::addmm_out(to, to, rows, columns);
             });
}

void multiply_halves(const at::Tensor& a, const at::Tensor& b, bool add, at::Tensor& out, JobContext& job) {
    in_tiles(a, b, {}, out, job,
             [add](at::Tensor& to, const at::Tensor& rows, const at::Tensor& columns, const at::Tensor&) {
                 const auto order = [](const at::Tensor& x) {
                     return x.stride(1) == 1 ? as_is : transposed_order;
                 };
                 const auto leading = [](const at::Tensor& x) {
                     return static_cast<int>(
                         std::max<std::int64_t>({x.stride(1) == 1 ? x.stride(0) : x.stride(1), 1,
                                                 x.stride(1) == 1 ? x.size(1) : x.size(0)}));
                 };
                 cblas_gemm_bf16bf16f32(row_major, order(rows), order(columns), static_cast<int>(to.size(0)),
                                        static_cast<int>(to.size(1)), static_cast<int>(rows.size(1)), 1.0f,
                                        rows.const_data_ptr(), leading(rows), columns.const_data_ptr(),
                                        leading(columns), add ? 1.0f : 0.0f, to.data_ptr<float>(),
                                        leading(to));
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

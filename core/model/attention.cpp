#include "core/model/attention.hpp"

#include <algorithm>
#include <cmath>

#include "core/model/kernels.hpp"
#include "core/model/products.hpp"

namespace ember {

void rotate_positions(const StConfig& config, const SetRun& run, at::Tensor& x, std::int64_t heads,
                      bool back) {
    const std::int64_t half = config.head_dim / 2;
    std::vector<float> cosine(static_cast<std::size_t>(run.length * half)), sine(cosine.size());
    for (std::int64_t position = 0; position < run.length; ++position) {
        for (std::int64_t i = 0; i < half; ++i) {
            const float frequency =
                1.0f / std::pow(static_cast<float>(config.rope_theta),
                                static_cast<float>(2 * i) / static_cast<float>(config.head_dim));
            const float angle = static_cast<float>(position) * frequency;
            cosine[static_cast<std::size_t>(position * half + i)] = std::cos(angle);
            sine[static_cast<std::size_t>(position * half + i)] = back ? -std::sin(angle) : std::sin(angle);
        }
    }
    float* rows = x.data_ptr<float>() + run.first_row * x.size(1);
    const std::int64_t width = x.size(1);
    parallel(run.rows(), 64, [&](std::int64_t first, std::int64_t last) {
        for (std::int64_t row = first; row < last; ++row) {
            const std::int64_t at = row % run.length * half;
            kernels::rotate(rows + row * width, heads, config.head_dim, cosine.data() + at, sine.data() + at);
        }
    });
}

at::Tensor by_head(const StConfig& config, const SetRun& run, const at::Tensor& x, std::int64_t heads) {
    at::Tensor view =
        x.narrow(0, run.first_row, run.rows()).view({run.sets, run.length, heads, config.head_dim});
    if (heads != config.heads) {
        view = view.unsqueeze(3)
                   .expand({run.sets, run.length, heads, config.heads / heads, config.head_dim})
                   .reshape({run.sets, run.length, config.heads, config.head_dim});
    }
    return view.transpose(1, 2);
}

at::Tensor as_rows(const StConfig& config, const at::Tensor& by_heads) {
    return by_heads.transpose(1, 2).reshape({-1, config.heads * config.head_dim});
}

namespace {

/// Queries of a set are independent, so long sets are cut into pieces of some 10 GFLOP.
std::int64_t queries_per_piece(const StConfig& config, std::int64_t length) {
    constexpr double flops = 10e9;
    const double per_query = 4.0 * static_cast<double>(config.heads * config.head_dim * length);
    return std::max<std::int64_t>(32, static_cast<std::int64_t>(flops / per_query));
}

at::Tensor attend_run(const StConfig& config, const SetRun& run, const at::Tensor& query,
                      const at::Tensor& key, const at::Tensor& value, JobContext& job) {
    const at::Tensor v = by_head(config, run, value, config.kv_heads);
    if (config.mask_attn) {
        return as_rows(config, v);
    }
    const at::Tensor q = by_head(config, run, query, config.heads);
    const at::Tensor k = by_head(config, run, key, config.kv_heads);
    const bool causal = !config.bidirectional;
    const std::int64_t piece = std::max<std::int64_t>(1, queries_per_piece(config, run.length) / run.sets);
    if (causal || run.length <= piece || run.sets > 1) {
        job.check_cancelled();
        return as_rows(config,
                       std::get<0>(at::_scaled_dot_product_flash_attention_for_cpu(q, k, v, 0.0, causal)));
    }
    at::Tensor out = at::empty({run.length, config.heads * config.head_dim}, q.options());
    for (std::int64_t first = 0; first < run.length; first += piece) {
        job.check_cancelled();
        const std::int64_t count = std::min(piece, run.length - first);
        const auto part = at::_scaled_dot_product_flash_attention_for_cpu(q.narrow(2, first, count), k, v);
        out.narrow(0, first, count).copy_(as_rows(config, std::get<0>(part)));
    }
    return out;
}

} // namespace

at::Tensor attend(const StConfig& config, const std::vector<SetRun>& runs, at::Tensor& query, at::Tensor& key,
                  const at::Tensor& value, at::Tensor& buffer, JobContext& job) {
    if (!config.bidirectional && !config.mask_attn) {
        for (const SetRun& run : runs) {
            rotate_positions(config, run, query, config.heads);
            rotate_positions(config, run, key, config.kv_heads);
        }
    }
    if (runs.size() == 1) {
        return attend_run(config, runs.front(), query, key, value, job);
    }
    for (const SetRun& run : runs) {
        buffer.narrow(0, run.first_row, run.rows()).copy_(attend_run(config, run, query, key, value, job));
    }
    return buffer;
}

} // namespace ember

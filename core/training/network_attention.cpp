#include <ATen/ops/_scaled_dot_product_flash_attention_for_cpu.h>
#include <ATen/ops/_scaled_dot_product_flash_attention_for_cpu_backward.h>
#include <ATen/ops/sum.h>
#include <ATen/ops/zeros_like.h>

#include "core/model/attention.hpp"
#include "core/training/gradient_node.hpp"
#include "core/training/network_functions.hpp"

namespace ember {

namespace {

/// The gradient of key or value: heads that served several query heads gather theirs.
at::Tensor shared_heads(const StConfig& config, const at::Tensor& by_heads) {
    if (config.kv_heads == config.heads) {
        return as_rows(config, by_heads);
    }
    const std::int64_t sets = by_heads.size(0), length = by_heads.size(2);
    return by_heads.transpose(1, 2)
        .reshape({sets, length, config.kv_heads, config.heads / config.kv_heads, config.head_dim})
        .sum(3)
        .reshape({sets * length, config.kv_heads * config.head_dim});
}

} // namespace

at::Tensor attend(const NetworkPass& pass, const StConfig& config, std::int64_t sets, const at::Tensor& query,
                  const at::Tensor& key, const at::Tensor& value) {
    pass.job->check_cancelled();
    const SetRun run{0, sets, query.size(0) / sets};
    at::Tensor q = query.detach(), k = key.detach();
    const at::Tensor v = by_head(config, run, value.detach(), config.kv_heads);
    at::Tensor out;
    if (config.mask_attn) {
        out = as_rows(config, v).contiguous();
        record(out, {query, key, value}, [config, run, q, k](std::vector<at::Tensor>& g) {
            const at::Tensor back = by_head(config, run, g[0].contiguous(), config.heads);
            return std::vector{at::zeros_like(q), at::zeros_like(k), shared_heads(config, back)};
        });
        return out;
    }
    const bool causal = !config.bidirectional;
    if (causal) {
        rotate_positions(config, run, q, config.heads);
        rotate_positions(config, run, k, config.kv_heads);
    }
    q = by_head(config, run, q, config.heads);
    k = by_head(config, run, k, config.kv_heads);
    const auto [attended, weights] = at::_scaled_dot_product_flash_attention_for_cpu(q, k, v, 0.0, causal);
    out = as_rows(config, attended).detach();
    record(out, {query, key, value},
           [config, run, causal, q, k, v, attended = attended, weights = weights,
            job = pass.job](std::vector<at::Tensor>& g) {
               job->check_cancelled();
               const at::Tensor back = by_head(config, run, g[0].contiguous(), config.heads);
               const auto [dq, dk, dv] = at::_scaled_dot_product_flash_attention_for_cpu_backward(
                   back, q, k, v, attended, weights, 0.0, causal);
               at::Tensor query_gradient = as_rows(config, dq), key_gradient = shared_heads(config, dk);
               if (causal) {
                   rotate_positions(config, run, query_gradient, config.heads, true);
                   rotate_positions(config, run, key_gradient, config.kv_heads, true);
               }
               return std::vector{query_gradient, key_gradient, shared_heads(config, dv)};
           });
    return out;
}

} // namespace ember

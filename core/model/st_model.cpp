#include "core/model/st_model.hpp"

#include <algorithm>
#include <string>

#include "core/base/error.hpp"
#include "core/model/attention.hpp"
#include "core/model/kernels.hpp"
#include "core/model/products.hpp"
#include "core/model/st_network.hpp"

namespace ember {

namespace {

/// A [rows × width] tensor on borrowed memory that is only read.
at::Tensor borrow(std::span<const float> values, std::int64_t width) {
    return at::from_blob(const_cast<float*>(values.data()),
                         {static_cast<std::int64_t>(values.size()) / width, width}, at::kFloat);
}

/// The work buffers: kept between batches, because fresh memory of this size costs a page fault every 4 KiB.
struct Buffers {
    std::int64_t rows = 0;
    at::Tensor hidden, normed, basal, query, key, value, attended, gate, up, first, second;

    void reserve(std::int64_t wanted, const StConfig& config) {
        if (wanted <= rows) {
            return;
        }
        rows = wanted;
        const auto make = [&](std::int64_t width) { return at::empty({rows, width}, at::kFloat); };
        const auto queries = config.heads * config.head_dim, keys = config.kv_heads * config.head_dim;
        for (at::Tensor* tensor : {&hidden, &normed, &basal, &first, &second}) {
            *tensor = make(config.hidden_dim);
        }
        query = make(queries);
        attended = make(queries);
        key = make(keys);
        value = make(keys);
        gate = make(config.intermediate_dim);
        up = make(config.intermediate_dim);
    }
};

/// Where the cells and the special tokens of each set stand in the packed rows.
struct Layout {
    std::int64_t cells = 0, rows = 0;
    std::vector<SetRun> runs;
    std::vector<std::int64_t> first_cell, first_row, lengths; ///< of each set; first_row is its first cell's
    bool before = false, after = false;                       ///< batch token, confidence token

    Layout(const std::vector<std::int64_t>& set_lengths, bool token_before, bool token_after)
        : lengths(set_lengths), before(token_before), after(token_after) {
        for (const std::int64_t length : lengths) {
            const std::int64_t whole = length + before + after;
            if (runs.empty() || runs.back().length != whole) {
                runs.push_back({rows, 0, whole});
            }
            ++runs.back().sets;
            first_cell.push_back(cells);
            first_row.push_back(rows + before);
            cells += length;
            rows += whole;
        }
    }
};

at::Tensor rows_of(const at::Tensor& buffer, std::int64_t rows) {
    return buffer.narrow(0, 0, rows);
}

} // namespace

struct StModel::Network {
    CheckpointPtr checkpoint;
    StConfig config;
    StModules modules;
    Buffers buffers;

    void see(const StageObserver& observe, std::string_view stage, const at::Tensor& x) const {
        if (observe) {
            const at::Tensor dense = x.contiguous();
            observe(stage, dense.size(0), dense.size(1), dense.data_ptr<float>());
        }
    }

    void norm(const at::Tensor& x, const at::Tensor& weight, at::Tensor& out) const {
        const auto* from = x.data_ptr<float>();
        const auto* scale = weight.data_ptr<float>();
        auto* to = out.data_ptr<float>();
        const auto eps = static_cast<float>(config.rms_norm_eps);
        parallel(x.size(0), 16, [&](std::int64_t first, std::int64_t last) {
            kernels::rms_norm(first, last, x.size(1), from, scale, eps, to);
        });
    }

    /// hidden = basal encoding + pert encoding + batch encoding, with the special tokens around each set.
    void assemble(const StBatch& batch, const Layout& layout, const at::Tensor& basal,
                  at::Tensor& hidden) const {
        const std::int64_t width = config.hidden_dim;
        const float* encodings = batch.pert_encodings.data();
        const float* batches =
            batch.batch_index.empty() ? nullptr : modules.batch_encoder.const_data_ptr<float>();
        const auto* from = basal.const_data_ptr<float>();
        auto* to = hidden.data_ptr<float>();
        parallel(static_cast<std::int64_t>(layout.lengths.size()), 1,
                 [&](std::int64_t first, std::int64_t last) {
                     for (auto set = static_cast<std::size_t>(first); set < static_cast<std::size_t>(last);
                          ++set) {
                         float* row = to + layout.first_row[set] * width;
                         if (layout.before) {
                             std::copy_n(modules.batch_token.const_data_ptr<float>(), width, row - width);
                         }
                         for (std::int64_t i = 0; i < layout.lengths[set]; ++i, row += width) {
                             const auto cell = static_cast<std::size_t>(layout.first_cell[set] + i);
                             kernels::add(0, width, from + static_cast<std::int64_t>(cell) * width,
                                          encodings + batch.pert_index[cell] * width, row);
                             if (batches) {
                                 kernels::add(0, width, row, batches + batch.batch_index[cell] * width, row);
                             }
                         }
                         if (layout.after) {
                             std::copy_n(modules.confidence->token.const_data_ptr<float>(), width, row);
                         }
                     }
                 });
    }

    /// sum += attention on the rows of x, which may be `sum`.
    void add_attention(std::size_t index, const Layout& layout, const at::Tensor& x, at::Tensor& sum,
                       JobContext& job, const StageObserver& observe) {
        const BackboneLayer& layer = modules.layers[index];
        const std::string stage = "layer" + std::to_string(index);
        at::Tensor normed = rows_of(buffers.normed, layout.rows), query = rows_of(buffers.query, layout.rows);
        at::Tensor key = rows_of(buffers.key, layout.rows), value = rows_of(buffers.value, layout.rows);
        at::Tensor attended = rows_of(buffers.attended, layout.rows);

        norm(x, layer.input_norm, normed);
        see(observe, stage + "_input_layernorm", normed);
        if (!config.mask_attn) {
            apply(layer.query, normed, query, job);
            apply(layer.key, normed, key, job);
            see(observe, stage + "_q_proj", query);
            see(observe, stage + "_k_proj", key);
        }
        apply(layer.value, normed, value, job);
        see(observe, stage + "_v_proj", value);
        attended = attend(config, layout.runs, query, key, value, attended, job);
        see(observe, stage + "_o_proj_in", attended);
        accumulate(layer.output, attended, sum, job);
    }

    /// sum += MLP of the rows of x, which may be `sum`.
    void add_mlp(std::size_t index, const Layout& layout, const at::Tensor& x, at::Tensor& sum,
                 JobContext& job, const StageObserver& observe) {
        const BackboneLayer& layer = modules.layers[index];
        at::Tensor normed = rows_of(buffers.normed, layout.rows);
        at::Tensor gate = rows_of(buffers.gate, layout.rows), up = rows_of(buffers.up, layout.rows);
        norm(x, layer.post_attention_norm, normed);
        see(observe, "layer" + std::to_string(index) + "_post_attention_layernorm", normed);
        apply(layer.gate, normed, gate, job);
        apply(layer.up, normed, up, job);
        parallel(gate.numel(), 1 << 14, [&](std::int64_t first, std::int64_t last) {
            kernels::silu_multiply(first, last, gate.data_ptr<float>(), up.data_ptr<float>());
        });
        accumulate(layer.down, gate, sum, job);
    }

    void run_layer(std::size_t index, const Layout& layout, at::Tensor& hidden, JobContext& job,
                   const StageObserver& observe) {
        add_attention(index, layout, hidden, hidden, job, observe);
        add_mlp(index, layout, hidden, hidden, job, observe);
        see(observe, "layer" + std::to_string(index), hidden);
    }

    /// The same between hyper-connections; `block` [rows × H] is room for a block's result.
    at::Tensor run_mixed_layer(std::size_t index, const Layout& layout, const at::Tensor& carried,
                               at::Tensor& block, JobContext& job, const StageObserver& observe) {
        const LayerMixers& mixers = modules.mixers[index];
        const MixedInput first = mix_before(mixers.attention, carried, config.mixers.iterations);
        add_attention(index, layout, first.input, block.zero_(), job, observe);
        const at::Tensor between = mix_after(mixers.attention, first, block);
        const MixedInput second = mix_before(mixers.mlp, between, config.mixers.iterations);
        add_mlp(index, layout, second.input, block.zero_(), job, observe);
        return mix_after(mixers.mlp, second, block);
    }

    /// All layers, in place in `hidden`.
    void run_backbone(const StBatch& batch, const Layout& layout, at::Tensor& hidden, JobContext& job,
                      const StageObserver& observe) {
        const MixerConfig& mixers = config.mixers;
        at::Tensor carried;
        if (mixers.enabled) {
            carried = mixers.of_features ? hidden.clone() : open_streams(hidden, mixers.streams);
        }
        for (std::size_t layer = 0; layer < modules.layers.size(); ++layer) {
            if (mixers.enabled) {
                carried = run_mixed_layer(layer, layout, carried, hidden, job, observe);
            } else {
                run_layer(layer, layout, hidden, job, observe);
            }
            if (batch.on_progress) {
                batch.on_progress(static_cast<double>(layer + 1) /
                                  static_cast<double>(modules.layers.size() + 1));
            }
        }
        if (mixers.enabled) {
            hidden.copy_(mixers.of_features ? carried : close_streams(carried));
        }
    }

    /// The cells' rows of `normed` without the special tokens, plus the basal encoding where the residual is
    /// taken.
    at::Tensor take_cells(const Layout& layout, const at::Tensor& normed, const at::Tensor& basal) {
        const bool residual = config.predict_residual && config.output_space != OutputSpace::all;
        const std::int64_t width = config.hidden_dim;
        at::Tensor out = rows_of(buffers.hidden, layout.cells);
        auto* to = out.data_ptr<float>();
        for (std::size_t set = 0; set < layout.lengths.size(); ++set) {
            const float* from = normed.const_data_ptr<float>() + layout.first_row[set] * width;
            const float* add = basal.const_data_ptr<float>() + layout.first_cell[set] * width;
            float* row = to + layout.first_cell[set] * width;
            parallel(layout.lengths[set] * width, 1 << 14, [&](std::int64_t first, std::int64_t last) {
                if (residual) {
                    kernels::add(first, last, from, add, row);
                } else {
                    std::copy(from + first, from + last, row + first);
                }
            });
        }
        return out;
    }

    at::Tensor normed_linear(const NormedLinear& layer, const at::Tensor& x, JobContext& job) const {
        at::Tensor out = at::empty({x.size(0), layer.linear.outputs()}, at::kFloat);
        apply(layer.linear, x, out, job);
        return at::gelu(at::layer_norm(out, {out.size(1)}, layer.norm_weight, layer.norm_bias, 1e-5));
    }

    std::vector<float> confidence_of(const Layout& layout, const at::Tensor& normed, JobContext& job) const {
        const auto sets = static_cast<std::int64_t>(layout.lengths.size());
        at::Tensor tokens = at::empty({sets, config.hidden_dim}, at::kFloat);
        for (std::size_t set = 0; set < layout.lengths.size(); ++set) {
            tokens.select(0, static_cast<std::int64_t>(set))
                .copy_(normed.select(0, layout.first_row[set] + layout.lengths[set]));
        }
        const ConfidenceHead& head = *modules.confidence;
        const at::Tensor inner = normed_linear(head.second, normed_linear(head.first, tokens, job), job);
        at::Tensor out = at::empty({sets, 1}, at::kFloat);
        apply(head.last, inner, out, job);
        out.relu_();
        return {out.const_data_ptr<float>(), out.const_data_ptr<float>() + sets};
    }

    at::Tensor decode(const at::Tensor& prediction, JobContext& job) const {
        const GeneDecoder& decoder = *modules.gene_decoder;
        at::Tensor x = prediction, before;
        for (std::size_t j = 0; j < decoder.blocks.size(); ++j) {
            at::Tensor next = normed_linear(decoder.blocks[j], x, job);
            if (decoder.residual && j % 2 == 1) {
                next.add_(x);
            }
            x = next;
        }
        at::Tensor out = at::empty({x.size(0), decoder.last.outputs()}, at::kFloat);
        apply(decoder.last, x, out, job);
        return out.relu_();
    }

    /// prediction = up(gelu(down(prediction + basal))), the residual of output space "all".
    void down_then_up(const at::Tensor& basal_cells, at::Tensor& prediction, JobContext& job) const {
        prediction.add_(basal_cells);
        at::Tensor inner = at::empty({prediction.size(0), modules.down->outputs()}, at::kFloat);
        apply(*modules.down, prediction, inner, job);
        activate(Activation::gelu, inner);
        apply(*modules.up, inner, prediction, job);
    }
};

StModel::StModel(CheckpointPtr checkpoint, StConfig config) : network_(std::make_unique<Network>()) {
    const c10::InferenceMode inference;
    network_->modules = read_modules(*checkpoint, config);
    network_->checkpoint = std::move(checkpoint);
    network_->config = std::move(config);
}

StModel::~StModel() = default;

const StConfig& StModel::config() const noexcept {
    return network_->config;
}

std::vector<float> StModel::encode_perturbations(std::span<const float> vectors) {
    const c10::InferenceMode inference;
    const StConfig& config = network_->config;
    const at::Tensor x = borrow(vectors, config.pert_dim);
    at::Tensor first = at::empty({x.size(0), config.hidden_dim}, at::kFloat),
               second = at::empty({x.size(0), config.hidden_dim}, at::kFloat);
    std::vector<float> encodings(static_cast<std::size_t>(first.numel()));
    at::Tensor out = borrow(encodings, config.hidden_dim);
    JobContext unwatched;
    apply(network_->modules.pert_encoder, config.activation, x, first, second, out, unwatched);
    return encodings;
}

void StModel::forward(const StBatch& batch, StOutput& output, JobContext& job, const StageObserver& observe) {
    const c10::InferenceMode inference;
    Network& net = *network_;
    const StConfig& config = net.config;
    Buffers& buffers = net.buffers;
    const Layout layout(batch.set_lengths, net.modules.batch_token.defined(),
                        net.modules.confidence.has_value());
    buffers.reserve(layout.rows, config);

    const at::Tensor cells = borrow(batch.basal, config.input_dim);
    at::Tensor basal = rows_of(buffers.basal, layout.cells);
    apply(net.modules.basal_encoder, config.activation, cells, buffers.first, buffers.second, basal, job);
    net.see(observe, "basal_encoder", basal);

    at::Tensor hidden = rows_of(buffers.hidden, layout.rows), normed = rows_of(buffers.normed, layout.rows);
    net.assemble(batch, layout, basal, hidden);
    net.see(observe, "transformer_in", hidden);
    net.run_backbone(batch, layout, hidden, job, observe);
    net.norm(hidden, net.modules.final_norm, normed);
    net.see(observe, "transformer", normed);

    const at::Tensor taken = net.take_cells(layout, normed, basal);
    net.see(observe, "project_out_in", taken);
    output.prediction.resize(static_cast<std::size_t>(layout.cells * config.output_dim));
    at::Tensor prediction = borrow(output.prediction, config.output_dim);
    apply(net.modules.project_out, config.activation, taken, buffers.first, buffers.second, prediction, job);
    net.see(observe, "project_out", prediction);
    if (net.modules.down) {
        net.down_then_up(cells, prediction, job);
        net.see(observe, "final_down_then_up", prediction);
    }
    if (config.final_relu) {
        prediction.relu_();
    }
    output.confidence.clear();
    if (net.modules.confidence) {
        output.confidence = net.confidence_of(layout, normed, job);
    }
    output.genes.clear();
    if (batch.decode_genes && net.modules.gene_decoder) {
        const at::Tensor genes = net.decode(prediction, job);
        output.genes.assign(genes.const_data_ptr<float>(), genes.const_data_ptr<float>() + genes.numel());
    }
}

} // namespace ember

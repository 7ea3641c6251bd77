// Forward pass of an ST model beside the matrix products that it consists of, in one run on one machine:
//   infer_bench [--run DIR] [--cells 4096] [--threads N] [--rounds 3]
// Without --run: random weights in the size of ST-Tahoe. Prints one line of JSON.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <random>
#include <string>

#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/mm.h>
#include <c10/core/InferenceMode.h>
#include <sys/resource.h>

#include "core/base/threads.hpp"
#include "core/model/st_model.hpp"

namespace {

using namespace ember;
using Clock = std::chrono::steady_clock;

/// Weights in memory instead of a file.
class RandomWeights final : public Checkpoint {
public:
    RandomWeights() {
        linear("pert_encoder", 4, 1138, 1488);
        add("basal_encoder.weight", {1488, 2000});
        add("basal_encoder.bias", {1488});
        for (int i = 0; i < 6; ++i) {
            const std::string layer = "transformer_backbone.layers." + std::to_string(i) + ".";
            for (const char* name : {"q_proj", "k_proj", "v_proj", "o_proj"}) {
                add(layer + "self_attn." + name + ".weight", {1488, 1488});
            }
            add(layer + "mlp.gate_proj.weight", {5952, 1488});
            add(layer + "mlp.up_proj.weight", {5952, 1488});
            add(layer + "mlp.down_proj.weight", {1488, 5952});
            add(layer + "input_layernorm.weight", {1488});
            add(layer + "post_attention_layernorm.weight", {1488});
        }
        add("transformer_backbone.norm.weight", {1488});
        linear("project_out", 4, 1488, 2000);
        hyper_parameters_ = {{"input_dim", 2000},
                             {"hidden_dim", 1488},
                             {"output_dim", 2000},
                             {"pert_dim", 1138},
                             {"cell_set_len", 256},
                             {"embed_key", "X_hvg"},
                             {"output_space", "gene"},
                             {"predict_residual", true},
                             {"use_basal_projection", false},
                             {"gene_decoder_bool", false},
                             {"transformer_backbone_key", "llama"},
                             {"transformer_backbone_kwargs",
                              {{"bidirectional_attention", true},
                               {"num_attention_heads", 12},
                               {"num_key_value_heads", 12},
                               {"head_dim", 124}}}};
    }
    const std::filesystem::path& path() const override { return path_; }
    const std::string& format() const override { return format_; }
    const std::vector<TensorView>& tensors() const override { return views_; }
    const TensorView* find(const std::string& name) const override {
        const auto at =
            std::find_if(views_.begin(), views_.end(), [&](const auto& v) { return v.name == name; });
        return at == views_.end() ? nullptr : &*at;
    }
    const nlohmann::json& hyper_parameters() const override { return hyper_parameters_; }
    std::optional<std::int64_t> epoch() const override { return {}; }
    std::optional<std::int64_t> global_step() const override { return {}; }
    bool has_optimizer_state() const override { return false; }
    std::uint64_t file_bytes() const override { return 0; }
    std::string fingerprint() const override { return {}; }

private:
    void add(const std::string& name, std::vector<std::int64_t> shape) {
        std::int64_t count = 1;
        for (const auto extent : shape) {
            count *= extent;
        }
        auto& values = memory_.emplace_back(static_cast<std::size_t>(count));
        std::uniform_real_distribution<float> spread(-0.03f, 0.03f);
        for (float& value : values) {
            value = shape.size() == 1 ? 1.0f : spread(random_);
        }
        std::vector<std::int64_t> strides(shape.size(), 1);
        if (shape.size() == 2) {
            strides[0] = shape[1];
        }
        views_.push_back({name, ScalarType::float32, std::move(shape), std::move(strides),
                          reinterpret_cast<const std::byte*>(values.data())});
    }
    void linear(const std::string& prefix, int layers, std::int64_t inputs, std::int64_t outputs) {
        for (int i = 0; i < layers; ++i) {
            const std::string name = prefix + "." + std::to_string(3 * i);
            const std::int64_t to = i + 1 == layers ? outputs : 1488;
            add(name + ".weight", {to, i == 0 ? inputs : 1488});
            add(name + ".bias", {to});
        }
    }

    std::mt19937 random_{1};
    std::vector<std::vector<float>> memory_;
    std::vector<TensorView> views_;
    std::filesystem::path path_ = "random weights";
    std::string format_ = "memory";
    nlohmann::json hyper_parameters_;
};

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// The Linear layers of one pass over `rows` cells: width in, width out, how often.
struct Product {
    std::int64_t inputs, outputs;
    int times;
};

std::vector<Product> products(const StConfig& c) {
    const auto queries = c.heads * c.head_dim, keys = c.kv_heads * c.head_dim;
    const int layers = static_cast<int>(c.layers);
    return {{c.input_dim, c.hidden_dim, 1},
            {c.hidden_dim, queries, layers},
            {c.hidden_dim, keys, 2 * layers},
            {queries, c.hidden_dim, layers},
            {c.hidden_dim, c.intermediate_dim, 2 * layers},
            {c.intermediate_dim, c.hidden_dim, layers},
            {c.hidden_dim, c.hidden_dim, static_cast<int>(c.decoder_layers) - 1},
            {c.hidden_dim, c.output_dim, 1}};
}

/// Seconds that the products of `rows` cells take alone, each on weights of its own, into memory that is
/// there.
class ProductMix {
public:
    ProductMix(const StConfig& config, std::int64_t rows) {
        const c10::InferenceMode inference;
        for (const Product& product : products(config)) {
            for (int i = 0; i < product.times; ++i) {
                weights_.push_back(at::empty({product.outputs, product.inputs}, at::kFloat).fill_(0.01));
            }
            for (const std::int64_t width : {product.inputs, product.outputs}) {
                if (!buffers_.contains(width)) {
                    buffers_[width] = {at::empty({rows, width}, at::kFloat).fill_(0.5),
                                       at::empty({rows, width}, at::kFloat).fill_(0.5)};
                }
            }
        }
    }
    double run() {
        const c10::InferenceMode inference;
        const auto start = Clock::now();
        for (const at::Tensor& weight : weights_) {
            at::mm_out(buffers_[weight.size(0)].second, buffers_[weight.size(1)].first, weight.t());
        }
        return seconds_since(start);
    }

private:
    std::vector<at::Tensor> weights_;
    std::map<std::int64_t, std::pair<at::Tensor, at::Tensor>> buffers_;
};

/// Processor seconds of all threads: comparable on a busy machine, because waiting threads sleep.
double processor_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

struct Options {
    std::string run;
    std::int64_t cells = 4096;
    int threads = 0, rounds = 3;
};

Options parse(int argc, char** argv) {
    Options options;
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string name = argv[i], value = argv[i + 1];
        if (name == "--run") {
            options.run = value;
        } else if (name == "--cells") {
            options.cells = std::stoll(value);
        } else if (name == "--threads") {
            options.threads = std::stoi(value);
        } else if (name == "--rounds") {
            options.rounds = std::stoi(value);
        } else {
            std::fprintf(stderr, "infer_bench: unknown option %s\n", name.c_str());
            std::exit(2);
        }
    }
    return options;
}

StModel open_model(const Options& options) {
    CheckpointPtr checkpoint;
    if (options.run.empty()) {
        checkpoint = std::make_shared<RandomWeights>();
        return StModel(checkpoint, read_st_config(*checkpoint, nullptr));
    }
    const RunDirectory run = open_run_directory(options.run);
    checkpoint = Checkpoint::open(run.default_checkpoint());
    return StModel(checkpoint, read_st_config(*checkpoint, &run));
}

} // namespace

int main(int argc, char** argv) {
    const Options options = parse(argc, argv);
    at::set_num_threads(options.threads > 0 ? options.threads : thread_budget());
    StModel model = open_model(options);
    const StConfig& config = model.config();
    const std::int64_t length = config.cell_set_len,
                       sets = std::max<std::int64_t>(1, cells_per_pass / length);
    const std::int64_t rows = sets * length, passes = std::max<std::int64_t>(1, options.cells / rows);

    std::mt19937 random(0);
    std::gamma_distribution<float> expression(0.3f, 1.0f);
    std::vector<float> basal(static_cast<std::size_t>(rows * config.input_dim));
    for (float& value : basal) {
        value = expression(random);
    }
    std::vector<float> pert(static_cast<std::size_t>(config.pert_dim), 0.0f);
    pert[3 % pert.size()] = 1.0f;
    const std::vector<std::int32_t> zero(static_cast<std::size_t>(rows), 0);
    JobContext job;
    StOutput output;
    const auto forward = [&] {
        const auto start = Clock::now();
        const std::vector<float> encodings = model.encode_perturbations(pert);
        const StBatch batch{std::vector<std::int64_t>(static_cast<std::size_t>(sets), length),
                            basal,
                            encodings,
                            zero,
                            config.batch_encoder ? std::span<const std::int32_t>(zero)
                                                 : std::span<const std::int32_t>{},
                            false,
                            {}};
        for (std::int64_t pass = 0; pass < passes; ++pass) {
            model.forward(batch, output, job);
        }
        return seconds_since(start);
    };
    ProductMix mix(config, rows);
    forward();
    mix.run();
    std::vector<double> forward_seconds, mix_seconds, fractions, processor_fractions;
    for (int round = 0; round < options.rounds; ++round) {
        double products_alone = 0;
        const double before = processor_seconds();
        for (std::int64_t pass = 0; pass < passes; ++pass) {
            products_alone += mix.run();
        }
        const double between = processor_seconds();
        forward_seconds.push_back(forward());
        processor_fractions.push_back((between - before) / (processor_seconds() - between));
        mix_seconds.push_back(products_alone);
        fractions.push_back(products_alone / forward_seconds.back());
    }
    double flops = 0;
    for (const Product& product : products(config)) {
        flops += 2.0 * static_cast<double>(product.inputs * product.outputs * product.times);
    }
    const auto cells = static_cast<double>(passes * rows);
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const nlohmann::json report = {{"cells", cells},
                                   {"threads", at::get_num_threads()},
                                   {"cells_per_second", cells / median(forward_seconds)},
                                   {"gemm_mix_cells_per_second", cells / median(mix_seconds)},
                                   {"gemm_mix_gflops", flops * cells / median(mix_seconds) / 1e9},
                                   {"fraction", median(fractions)},
                                   {"processor_time_fraction", median(processor_fractions)},
                                   {"peak_rss_mb", usage.ru_maxrss / 1024}};
    std::printf("%s\n", report.dump().c_str());
    return 0;
}

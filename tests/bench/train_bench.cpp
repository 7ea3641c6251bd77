// Whole training steps of an ST model (forward, energy loss, backward, clip, Adam) beside the matrix products
// that they consist of:
//   train_bench [--sets 1] [--steps 4] [--threads N] [--precision float32|bfloat16] [--lora]
//   [--checkpointing]
//               [--dropout 0.1] [--hidden 1488]
// Random weights and cells in the size of ST-Tahoe, sets of 256. Prints one line of JSON.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include <ATen/ops/mm.h>
#include <ATen/ops/zeros.h>
#include <sys/resource.h>

#include "core/base/threads.hpp"
#include "core/experiment/counter_random.hpp"
#include "core/training/autograd.hpp"
#include "core/training/optimizer.hpp"
#include "core/training/training_loss.hpp"

namespace {

using namespace ember;
using Clock = std::chrono::steady_clock;

constexpr std::int64_t set_len = 256, genes = 2000, perturbations = 1138, plates = 14;

struct Options {
    std::int64_t sets = 1, steps = 4, hidden = 1488;
    int threads = 0;
    double dropout = 0.1;
    bool lora = false, checkpointing = false;
    TrainPrecision precision = TrainPrecision::float32;
};

Options parse(int argc, char** argv) {
    Options options;
    for (int i = 1; i < argc; ++i) {
        const std::string name = argv[i];
        if (name == "--lora" || name == "--checkpointing") {
            (name == "--lora" ? options.lora : options.checkpointing) = true;
            continue;
        }
        const std::string value = i + 1 < argc ? argv[++i] : "";
        if (name == "--sets") {
            options.sets = std::stoll(value);
        } else if (name == "--steps") {
            options.steps = std::stoll(value);
        } else if (name == "--hidden") {
            options.hidden = std::stoll(value);
        } else if (name == "--threads") {
            options.threads = std::stoi(value);
        } else if (name == "--dropout") {
            options.dropout = std::stod(value);
        } else if (name == "--precision") {
            options.precision = value == "bfloat16" ? TrainPrecision::bfloat16 : TrainPrecision::float32;
        } else {
            std::fprintf(stderr, "train_bench: unknown option %s\n", name.c_str());
            std::exit(2);
        }
    }
    return options;
}

nlohmann::json model_kwargs(const Options& options) {
    return {{"hidden_dim", options.hidden},
            {"cell_set_len", set_len},
            {"n_encoder_layers", 4},
            {"n_decoder_layers", 4},
            {"batch_encoder", true},
            {"use_basal_projection", false},
            {"transformer_backbone_key", "llama"},
            {"transformer_backbone_kwargs",
             {{"bidirectional_attention", true},
              {"intermediate_size", 4 * options.hidden},
              {"num_hidden_layers", 6},
              {"num_attention_heads", 12},
              {"num_key_value_heads", 12}}}};
}

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

double processor_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Cells as half-normal numbers.
at::Tensor random_cells(std::int64_t cells, std::uint64_t seed) {
    at::Tensor x = at::empty({cells, genes}, at::kFloat);
    CounterRandom random(seed, {});
    auto* values = x.data_ptr<float>();
    for (std::int64_t i = 0; i < x.numel(); ++i) {
        const double sum = random.uniform() + random.uniform() + random.uniform() + random.uniform() - 2;
        values[i] = static_cast<float>(std::max(0.0, 1.7 * sum));
    }
    return x;
}

struct Batch {
    NetworkInput input;
    LossBatch loss;

    explicit Batch(const Options& options) {
        const std::int64_t cells = options.sets * set_len;
        const at::TensorOptions whole(at::kLong);
        at::Tensor pert_rows = at::zeros({1, perturbations}, at::TensorOptions(at::kFloat));
        pert_rows.data_ptr<float>()[3] = 1;
        input = {options.sets,
                 set_len,
                 random_cells(cells, 1),
                 pert_rows,
                 at::zeros({cells}, whole),
                 at::zeros({cells}, whole)};
        loss = {options.sets, set_len, random_cells(cells, 2), input.basal, {}, {}, {}, {}};
    }
};

/// GFLOP/s of a product of the largest layer, the measure of what is possible.
double product_peak(const Options& options) {
    const at::NoGradGuard off;
    const std::int64_t rows = options.sets * set_len, inner = 4 * options.hidden;
    const at::Tensor x = at::empty({rows, options.hidden}, at::kFloat).fill_(0.5),
                     weight = at::empty({inner, options.hidden}, at::kFloat).fill_(0.01);
    at::Tensor out = at::empty({rows, inner}, at::kFloat);
    at::mm_out(out, x, weight.t());
    double best = 1e9;
    for (int i = 0; i < 5; ++i) {
        const auto start = Clock::now();
        at::mm_out(out, x, weight.t());
        best = std::min(best, seconds_since(start));
    }
    return 2e-9 * static_cast<double>(rows * inner * options.hidden) / best;
}

/// Multiplications and additions of a step: forward, and twice as many backward. The encoder of
/// perturbations is left out, as the cells of a perturbation share most of it.
double step_flops(const TrainableNetwork& network, std::int64_t cells) {
    double weights = 0;
    for (const NetworkParameter& parameter : network.parameters()) {
        const bool per_cell =
            parameter.held() && parameter.shape.size() == 2 && !parameter.name.starts_with("gene_decoder.") &&
            !parameter.name.starts_with("pert_encoder.0") && !parameter.name.starts_with("batch_encoder.");
        weights +=
            per_cell ? (parameter.trained() ? 3.0 : 2.0) * static_cast<double>(parameter.value.numel()) : 0;
    }
    return 2 * weights * static_cast<double>(cells);
}

struct StepTimes {
    double forward = 0, backward = 0, optimizer = 0, processor = 0, loss = 0;
    double whole() const { return forward + backward + optimizer; }
};

StepTimes run_step(TrainableNetwork& network, Optimizer& optimizer, const Batch& batch, std::int64_t step,
                   const OptimizerSettings& settings) {
    JobContext job;
    StepTimes times;
    const DropoutKey key{42, static_cast<std::uint64_t>(step), 0, true};
    const double processor = processor_seconds();
    auto start = Clock::now();
    optimizer.clear_gradients();
    const NetworkOutput output = network.forward(batch.input, key, job);
    TrainingLoss loss = training_loss(network, output, batch.loss, {}, {}, key, job);
    times.forward = seconds_since(start);
    start = Clock::now();
    torch::autograd::backward({loss.total});
    times.backward = seconds_since(start);
    start = Clock::now();
    optimizer.step(learning_rate(settings, step, 1000), optimizer.gradient_norm());
    times.optimizer = seconds_since(start);
    times.processor = processor_seconds() - processor;
    times.loss = loss.main;
    return times;
}

} // namespace

int main(int argc, char** argv) {
    const Options options = parse(argc, argv);
    at::set_num_threads(options.threads > 0 ? options.threads : thread_budget());
    NetworkSettings settings;
    settings.dropout = options.dropout;
    settings.lora.enable = options.lora;
    settings.gradient_checkpointing = options.checkpointing;
    settings.precision = options.precision;
    const StConfig config =
        fresh_st_config(model_kwargs(options), "X_hvg", "gene", genes, genes, genes, perturbations, plates);
    TrainableNetwork network(config, settings, 0);
    const OptimizerSettings optimizer_settings;
    Optimizer optimizer(network.parameters(), optimizer_settings);
    const Batch batch(options);

    std::vector<StepTimes> steps;
    for (std::int64_t step = 0; step < options.steps; ++step) {
        steps.push_back(run_step(network, optimizer, batch, step, optimizer_settings));
    }
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const StepTimes& best =
        *std::min_element(steps.size() > 1 ? steps.begin() + 1 : steps.begin(), steps.end(),
                          [](const StepTimes& a, const StepTimes& b) { return a.whole() < b.whole(); });
    std::vector<double> losses, processor;
    for (const StepTimes& times : steps) {
        losses.push_back(times.loss);
        processor.push_back(times.processor);
    }
    const double flops = step_flops(network, options.sets * set_len), peak = product_peak(options);
    const nlohmann::json report = {{"sets", options.sets},
                                   {"threads", at::get_num_threads()},
                                   {"parameters", config.parameters},
                                   {"step_s_first", steps.front().whole()},
                                   {"step_s_best", best.whole()},
                                   {"forward_s", best.forward},
                                   {"backward_s", best.backward},
                                   {"optimizer_s", best.optimizer},
                                   {"step_cpu_s", processor},
                                   {"gflops", flops / (best.forward + best.backward) / 1e9},
                                   {"product_gflops", peak},
                                   {"fraction", flops / (best.forward + best.backward) / 1e9 / peak},
                                   {"peak_rss_gb", static_cast<double>(usage.ru_maxrss) / 1048576.0},
                                   {"loss", losses}};
    std::printf("%s\n", report.dump().c_str());
    return 0;
}

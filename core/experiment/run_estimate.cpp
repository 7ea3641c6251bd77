#include "core/experiment/run_estimate.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <string>

#include "core/base/matmul.hpp"

namespace ember {

namespace {

using nlohmann::json;

constexpr double library_bytes = 170e6;        ///< of the program and LibTorch
constexpr double bytes_per_second = 10e9;      ///< of the optimizer's pass over memory
constexpr double optimizer_bytes = 28;         ///< read and written per parameter
constexpr double share_of_product_speed = 0.7; ///< that a whole step reaches

/// Float operations per second of a product of matrices.
double measured_speed() {
    static const double speed = [] {
        constexpr std::int64_t n = 768;
        std::vector<float> a(n * n, 0.5F), b(n * n, 0.25F), c(n * n);
        double best = 1;
        for (int i = 0; i < 4; ++i) {
            const auto start = std::chrono::steady_clock::now();
            matmul(n, n, n, a.data(), b.data(), c.data());
            best = std::min(best,
                            std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
        }
        return 2.0 * n * n * n / best;
    }();
    return speed;
}

double real(std::int64_t value) {
    return static_cast<double>(value);
}

/// Floats that the backward pass needs per cell.
double kept_per_cell(const NetworkSize& size, const NetworkSettings& settings, const RunExtent& extent) {
    const double query = real(size.heads * size.head_dim), key = real(size.kv_heads * size.head_dim);
    double layer = 4 * real(size.hidden) + 2 * query + 2 * key + 3 * real(size.intermediate);
    if (settings.mhc.enable && settings.mhc.form == HyperConnection::paper) {
        layer += 6 * real(size.hidden * settings.mhc.streams);
    }
    const double outside = 2 * real(size.encoder_layers + size.decoder_layers) * real(size.hidden) +
                           4 * real(extent.input_dim) + 3 * real(extent.output_dim) +
                           3 * real(extent.counts_dim);
    const double layers =
        settings.gradient_checkpointing ? real(size.layers * size.hidden) + layer : real(size.layers) * layer;
    return layers + layer + outside; // one layer more: what its backward pass works with
}

std::int64_t steps_of(const TrainSettings& settings, const RunExtent& extent) {
    if (!settings.loop.max_epochs) {
        return settings.loop.max_steps;
    }
    const auto accumulation = std::max<std::int64_t>(1, settings.optimizer.accumulation);
    const auto batches = static_cast<std::int64_t>(std::max<std::uint64_t>(1, extent.batches_per_epoch));
    return std::min(settings.loop.max_steps,
                    *settings.loop.max_epochs * ((batches + accumulation - 1) / accumulation));
}

double checkpoint_bytes(const NetworkSize& size) {
    return 4 * real(size.parameters + size.zeros) + 8 * real(size.trainable);
}

double step_seconds(const NetworkSize& size, const TrainSettings& settings, double cells) {
    const double attention = 4.0 * real(size.layers * size.heads * size.head_dim * size.set_len);
    const double forward = cells * (2 * real(size.parameters - size.per_set) + attention);
    const double backward = forward * (1 + real(size.trainable) / real(size.parameters)) +
                            (settings.network.gradient_checkpointing ? forward : 0);
    const double products = (forward + backward) / (measured_speed() * share_of_product_speed);
    return products * real(std::max<std::int64_t>(1, settings.optimizer.accumulation)) +
           real(size.trainable) * optimizer_bytes / bytes_per_second;
}

std::string gigabytes(double bytes) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), bytes < 1e9 ? "%.0f MB" : "%.1f GB",
                  bytes < 1e9 ? bytes / 1e6 : bytes / 1e9);
    return text.data();
}

} // namespace

RunEstimate estimate_run(const json& config, const TrainSettings& settings, const RunExtent& extent,
                         const std::filesystem::path& run_directory, JobContext& job) {
    const json::json_pointer place("/model/kwargs");
    const NetworkSize size = network_size(config.contains(place) ? config.at(place) : json::object(),
                                          settings.network, settings.data.output_space, extent);
    const double cells = real(settings.loop.batch_sets * size.set_len);
    RunEstimate estimate;
    estimate.parameters = size.parameters;
    estimate.trainable = size.trainable;
    estimate.steps = steps_of(settings, extent);
    const double batch =
        cells * (2 * real(extent.input_dim) + real(extent.counts_dim)) * (1 + settings.data.prefetch);
    const double pairs = 6 * real(settings.loop.batch_sets) * real(size.set_len) * real(size.set_len);
    const double floats = real(size.parameters) + 3 * real(size.trainable) +
                          cells * kept_per_cell(size, settings.network, extent) + batch + pairs;
    estimate.memory_bytes = static_cast<std::uint64_t>(4 * floats + library_bytes) + extent.resident_bytes;
    estimate.available_bytes = available_memory();
    const double numbered =
        settings.loop.ckpt_every > 0 ? real(estimate.steps / settings.loop.ckpt_every) : 0;
    estimate.disk_bytes = static_cast<std::uint64_t>((2 + numbered) * checkpoint_bytes(size));
    estimate.free_disk_bytes = free_disk(run_directory);
    job.check_cancelled();
    estimate.step_seconds = step_seconds(size, settings, cells);
    const double validations =
        settings.loop.val_freq > 0 ? real(estimate.steps) / real(settings.loop.val_freq) : 1;
    estimate.total_seconds =
        real(estimate.steps) * estimate.step_seconds +
        validations * static_cast<double>(extent.val_batches) * estimate.step_seconds / 3;
    return estimate;
}

std::vector<ConfigFinding> resource_findings(const RunEstimate& estimate,
                                             const std::filesystem::path& run_directory) {
    std::vector<ConfigFinding> findings;
    if (estimate.available_bytes && estimate.memory_bytes > *estimate.available_bytes) {
        findings.push_back(
            {true, "training.batch_size", "NoMemory",
             "The run needs about " + gigabytes(static_cast<double>(estimate.memory_bytes)) + " of memory, " +
                 gigabytes(static_cast<double>(*estimate.available_bytes)) + " are free",
             "", "Use fewer or shorter sets, gradient checkpointing or LoRA, or close other programs"});
    }
    // One checkpoint more is written before it replaces another.
    const double needed = static_cast<double>(estimate.disk_bytes) * 1.5;
    if (estimate.free_disk_bytes && needed > static_cast<double>(*estimate.free_disk_bytes)) {
        findings.push_back(
            {true, "output_dir", "NoSpace",
             "The checkpoints need about " + gigabytes(needed) + " of disk, " +
                 gigabytes(static_cast<double>(*estimate.free_disk_bytes)) + " are free",
             run_directory.string(),
             "Choose another output_dir, keep fewer checkpoints, or free space with 'train prune'"});
    }
    return findings;
}

} // namespace ember

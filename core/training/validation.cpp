#include "core/training/validation.hpp"

#include <algorithm>
#include <cmath>

#include "core/base/atomic_file.hpp"
#include "core/data/npy.hpp"
#include "core/run/csv_line.hpp"
#include "core/training/autograd.hpp"
#include "core/training/batch_tensors.hpp"
#include "core/training/training_loss.hpp"

namespace ember {

namespace {

/// Every k-th validation cell, so that about `wanted` of them are kept.
class Sampler {
public:
    Sampler(const TrainingData& data, const SplitSummary& split, std::int64_t set_len, std::int64_t wanted)
        : data_(data) {
        const auto cells = static_cast<std::int64_t>(split.sets) * set_len;
        stride_ = wanted > 0 ? std::max<std::int64_t>(1, (cells + wanted - 1) / wanted) : 0;
    }

    void take(const TrainingBatch& batch, const at::Tensor& prediction, MonitorSample& sample) {
        if (stride_ == 0) {
            return;
        }
        const std::int64_t width = prediction.size(1);
        sample.width = width;
        const at::Tensor rows = prediction.contiguous();
        const float* const values = rows.const_data_ptr<float>();
        for (std::int64_t i = 0; i < batch.cells(); ++i) {
            if (seen_++ % stride_ != 0) {
                continue;
            }
            const auto cell = static_cast<std::size_t>(i);
            sample.predicted.insert(sample.predicted.end(), values + i * width, values + (i + 1) * width);
            const auto from = batch.target.begin() + static_cast<std::ptrdiff_t>(i * width);
            sample.observed.insert(sample.observed.end(), from, from + static_cast<std::ptrdiff_t>(width));
            sample.cell_type.push_back(
                label(data_.cell_types(), batch.cell_type[static_cast<std::size_t>(i / batch.set_len)]));
            sample.perturbation.push_back(label(data_.perturbations(), batch.pert[cell]));
            sample.batch.push_back(batch.batch.empty() ? "" : label(data_.batches(), batch.batch[cell]));
        }
    }

private:
    static std::string label(const LabelMap& map, std::int32_t row) {
        const auto place = static_cast<std::size_t>(row);
        return row >= 0 && place < map.labels.size() ? map.labels[place] : "";
    }

    const TrainingData& data_;
    std::int64_t stride_ = 0, seen_ = 0;
};

void write_matrix(const std::filesystem::path& file, const std::vector<float>& values, std::size_t rows,
                  std::int64_t width) {
    NpyWriter writer(file, rows, static_cast<std::uint64_t>(width));
    std::vector<std::uint64_t> order(rows);
    for (std::size_t i = 0; i < rows; ++i) {
        order[i] = i;
    }
    writer.write_rows(order, values);
    writer.finish();
}

} // namespace

ValidationResult validate(const ValidationInput& input, JobContext& job) {
    const at::NoGradGuard no_gradients;
    const StConfig& config = input.network.config();
    const SplitSummary split = input.data.summary(Split::val);
    ValidationResult result;
    Sampler sampler(input.data, split, config.cell_set_len, input.settings.loop.monitor_cells);
    const auto stream = input.data.stream(Split::val, input.settings.loop.seed, 0);
    std::map<std::string, double> weights;
    for (std::uint64_t i = 0; i < split.batches; ++i) {
        auto batch = stream->next(job);
        const BatchTensors tensors = batch_tensors(*batch, input.perturbations, input.rows, config);
        DropoutKey evaluation;
        evaluation.active = false;
        const NetworkOutput output = input.network.forward(tensors.input, evaluation, job);
        const TrainingLoss loss = validation_loss(input.network, output, tensors.compared,
                                                  input.settings.loss, input.settings.velocity, job);
        const auto cells = static_cast<double>(batch->cells());
        for (const auto& [name, value] : loss.logged) {
            if (!std::isnan(value) || name == "val_loss") {
                result.values[name] += value * cells;
                weights[name] += cells;
            }
        }
        sampler.take(*batch, output.prediction, result.sample);
        stream->recycle(std::move(batch));
    }
    for (auto& [name, value] : result.values) {
        value /= weights.at(name);
    }
    return result;
}

void write_monitor(const std::filesystem::path& run_directory, const MonitorSample& sample) {
    const std::size_t rows = sample.perturbation.size();
    if (rows == 0) {
        return;
    }
    const std::filesystem::path folder = run_directory / "monitor";
    std::filesystem::create_directories(folder);
    std::string table = "cell_type,perturbation,batch\n";
    for (std::size_t i = 0; i < rows; ++i) {
        table += csv_cell(sample.cell_type[i]) + ',' + csv_cell(sample.perturbation[i]) + ',' +
                 csv_cell(sample.batch[i]) + '\n';
    }
    write_file_atomically(folder / "cells.csv", table);
    write_matrix(folder / "observed.npy", sample.observed, rows, sample.width);
    write_matrix(folder / "predicted.npy", sample.predicted, rows, sample.width);
}

} // namespace ember

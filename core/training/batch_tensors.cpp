#include "core/training/batch_tensors.hpp"

#include <algorithm>
#include <numeric>
#include <unordered_map>

#include "core/training/autograd.hpp"

namespace ember {

namespace {

at::Tensor borrowed(std::vector<float>& values, std::int64_t rows) {
    if (values.empty()) {
        return {};
    }
    const auto width = static_cast<std::int64_t>(values.size()) / rows;
    return at::from_blob(values.data(), {rows, width}, at::kFloat);
}

/// The distinct perturbations of the batch in order of appearance, and the row of each cell.
void set_perturbations(const TrainingBatch& batch, const LabelMap& perturbations,
                       const std::vector<std::int64_t>& rows, NetworkInput& input) {
    std::unordered_map<std::int32_t, std::int64_t> place;
    std::vector<std::int64_t> chosen;
    input.pert = at::empty({batch.cells()}, at::kLong);
    auto* const cell = input.pert.mutable_data_ptr<std::int64_t>();
    for (std::size_t i = 0; i < batch.pert.size(); ++i) {
        const auto [found, is_new] = place.emplace(batch.pert[i], static_cast<std::int64_t>(chosen.size()));
        if (is_new) {
            chosen.push_back(rows[static_cast<std::size_t>(batch.pert[i])]);
        }
        cell[i] = found->second;
    }
    input.pert_rows = at::empty({static_cast<std::int64_t>(chosen.size()), perturbations.dim}, at::kFloat);
    auto* vector = input.pert_rows.mutable_data_ptr<float>();
    for (const std::int64_t row : chosen) {
        vector =
            std::copy_n(perturbations.vectors.data() + row * perturbations.dim, perturbations.dim, vector);
    }
}

} // namespace

BatchTensors batch_tensors(TrainingBatch& batch, const LabelMap& perturbations,
                           const std::vector<std::int64_t>& rows, const StConfig& config) {
    BatchTensors tensors;
    NetworkInput& input = tensors.input;
    input.sets = batch.sets;
    input.set_len = batch.set_len;
    input.basal = borrowed(batch.basal, batch.cells());
    set_perturbations(batch, perturbations, rows, input);
    if ((config.batch_encoder || config.batch_token) && !batch.batch.empty()) {
        input.batch = at::empty({batch.cells()}, at::kLong);
        std::copy(batch.batch.begin(), batch.batch.end(), input.batch.mutable_data_ptr<std::int64_t>());
    }
    LossBatch& compared = tensors.compared;
    compared.sets = batch.sets;
    compared.set_len = batch.set_len;
    compared.target = borrowed(batch.target, batch.cells());
    compared.control = input.basal;
    compared.counts = borrowed(batch.counts, batch.cells());
    compared.batch = input.batch;
    compared.velocity = borrowed(batch.velocity, batch.cells());
    if (!batch.confidence.empty()) {
        compared.confidence = at::from_blob(batch.confidence.data(), {batch.cells()}, at::kFloat);
    }
    return tensors;
}

} // namespace ember

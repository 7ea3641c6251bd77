#pragma once
// What every operation of one forward pass and its backward pass shares.

#include <memory>

#include "core/base/job.hpp"
#include "core/experiment/train_settings.hpp"
#include "core/training/buffer_pool.hpp"
#include "core/training/network.hpp"

namespace ember {

struct NetworkPass {
    JobContext* job = nullptr;
    std::shared_ptr<BufferPool> pool;      ///< of what lives within a step
    std::shared_ptr<BufferPool> gradients; ///< of the weights' gradients
    TrainPrecision precision = TrainPrecision::float32;
    DropoutKey dropout;
    std::vector<MarginErrors>* mixing = nullptr; ///< where blocks with hyper-connections put their errors

    at::Tensor like(const at::Tensor& x) const { return pool->take(x.sizes()); }
    at::Tensor gradient_of(const at::Tensor& weight) const { return gradients->take(weight.sizes()); }
};

/// The places of dropout in the network, each with masks of its own.
enum class DropoutPlace : std::uint64_t {
    pert_encoder = 100,
    basal_encoder = 200,
    project_out = 300,
    confidence = 400,
    gene_decoder = 500,
    adapters = 1000, ///< + 16 · layer + projection
};

} // namespace ember

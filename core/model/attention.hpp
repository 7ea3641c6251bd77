#pragma once
// Attention among the cells of each set.

#include <vector>

#include "core/base/job.hpp"
#include "core/model/torch.hpp"
#include "core/run/st_config.hpp"

namespace ember {

/// Neighbouring sets of equal length (special tokens included) in the packed rows of a batch.
struct SetRun {
    std::int64_t first_row = 0, sets = 0, length = 0;
    std::int64_t rows() const { return sets * length; }
};

/// softmax(q kᵀ / √d) v for every set and head; query [rows × A·d], key and value [rows × K·d]. Rotates q and
/// k in place when the model is causal (rotary position embedding). Returns [rows × A·d]; the memory may be
/// `buffer`'s.
at::Tensor attend(const StConfig& config, const std::vector<SetRun>& runs, at::Tensor& query, at::Tensor& key,
                  const at::Tensor& value, at::Tensor& buffer, JobContext& job);

} // namespace ember

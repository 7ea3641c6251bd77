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

/// Rotary position embedding in place on x [rows × heads·d], or its inverse.
void rotate_positions(const StConfig& config, const SetRun& run, at::Tensor& x, std::int64_t heads,
                      bool back = false);

/// The run's rows of x [rows × heads·d] as [sets × all query heads × length × d].
at::Tensor by_head(const StConfig& config, const SetRun& run, const at::Tensor& x, std::int64_t heads);
/// [sets × query heads × length × d] as [rows × A·d].
at::Tensor as_rows(const StConfig& config, const at::Tensor& by_heads);

/// softmax(q kᵀ / √d) v for every set and head; query [rows × A·d], key and value [rows × K·d]. Rotates q and
/// k in place when the model is causal (rotary position embedding). Returns [rows × A·d]; the memory may be
/// `buffer`'s.
at::Tensor attend(const StConfig& config, const std::vector<SetRun>& runs, at::Tensor& query, at::Tensor& key,
                  const at::Tensor& value, at::Tensor& buffer, JobContext& job);

} // namespace ember

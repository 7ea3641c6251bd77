#pragma once
// Batches made ahead of time by a thread of their own.

#include <functional>
#include <memory>

#include "core/experiment/training_data.hpp"

namespace ember {

/// Makes the batch with this number into a used batch's memory.
using BatchMaker = std::function<void(std::int64_t number, TrainingBatch& batch, JobContext& job)>;

/// Keeps `ahead` batches ready from number `first` on. The maker runs in the stream's thread only; what it
/// throws comes out of next() when that batch's turn is there. Destruction cancels the maker and waits for
/// it.
std::unique_ptr<BatchStream> prefetching_stream(BatchMaker maker, std::int64_t first, int ahead);

} // namespace ember

#pragma once
// Prediction of a whole file with an ST model, as `state tx infer` of arc-state 0.11.1 does it.

#include "core/base/infer.hpp"
#include "core/base/job.hpp"

namespace ember {

/// Errors beside those of the files: UnknownControl (label not in the data or not in the model), WrongWidth,
/// MissingMember (column, obsm key), ShapeMismatch, UsageError (options that contradict each other or the
/// file).
InferResult infer_with_st_model(const InferRequest& request, JobContext& job);

} // namespace ember

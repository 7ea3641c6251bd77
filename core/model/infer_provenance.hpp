#pragma once
// What a prediction records about itself.

#include <nlohmann/json.hpp>

#include "core/base/infer.hpp"
#include "core/base/job.hpp"
#include "core/model/infer_input.hpp"
#include "core/model/infer_labels.hpp"
#include "core/run/checkpoint.hpp"

namespace ember {

/// The object at uns/emberview/infer: program, version, input with its SHA-256, model with its fingerprint,
/// parameters, unknown perturbations with their cells, warnings. Reads the whole input file once.
nlohmann::json provenance_of(const InferRequest& request, const InferResult& result,
                             const ControlLabel& control, const ModelInput& input,
                             const Checkpoint& checkpoint, JobContext& job);

} // namespace ember

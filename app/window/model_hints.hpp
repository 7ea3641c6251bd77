#pragma once
// What a model says about the data that it expects.

#include <nlohmann/json.hpp>

#include "core/analysis/schema_guess.hpp"
#include "core/run/run_directory.hpp"

namespace ember {

/// `info` is inspect_model() of the same run.
SchemaHints hintsFrom(const RunDirectory& run, const nlohmann::json& info);

} // namespace ember

#pragma once
// The result of a prediction, for machines and for people.

#include <string>

#include <nlohmann/json.hpp>

#include "core/base/infer.hpp"

namespace ember::cli {

nlohmann::json infer_json(const InferResult& result);

/// What was predicted, where it is, and which perturbations the model does not know.
std::string infer_text(const InferResult& result);

/// "The model does not know Burn and Sham: …"; empty when it knows all.
std::string unknown_text(const InferResult& result);

} // namespace ember::cli

#pragma once
// How a prediction was made, as `infer` records it in its output.

#include <optional>

#include <QString>

#include "core/base/infer.hpp"
#include "core/data/anndata.hpp"

namespace ember {

struct PredictionRecord {
    QString modelPath, inputPath;
    InferResult result; ///< without times
};

/// The record in uns/emberview/infer; none in a file that `infer` did not write. Members that are missing or
/// of another type are taken as not recorded.
std::optional<PredictionRecord> readPredictionRecord(const AnnData& data);

} // namespace ember

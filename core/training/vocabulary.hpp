#pragma once
// The perturbations of a run that goes on from a pretrained model: what that model knows, and what is new.

#include <cstdint>
#include <vector>

#include "core/run/run_directory.hpp"

namespace ember {

/// Whether the vectors are the rows of an identity matrix.
bool is_one_hot(const LabelMap& map);

/// A map of these labels, sorted and unique, with one-hot vectors.
LabelMap one_hot_map(std::vector<std::string> labels);

/// The labels of both maps, sorted, as one-hot vectors. Maps of feature vectors are not extended: `current`
/// comes back as it is.
LabelMap extended_map(const LabelMap& pretrained, const LabelMap& current);

/// Row of `target` for each label of `source`. Every label must be there.
std::vector<std::int64_t> rows_in(const LabelMap& source, const LabelMap& target);

} // namespace ember

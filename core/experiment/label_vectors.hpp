#pragma once
// Input vectors of labels: rows of an identity matrix, or of a file of features.

#include <string>
#include <vector>

#include "core/run/run_directory.hpp"

namespace ember {

/// Row i of the identity for label i.
LabelMap one_hot_map(const std::vector<std::string>& labels);

/// A file of features (a .pt dict, name → vector) in its own order; labels that it lacks follow with zero
/// vectors, as cell-load has it, and a warning names them. Throws CannotRead and the errors of
/// label_map_from_bytes().
LabelMap feature_map(const std::filesystem::path& file, const std::vector<std::string>& labels,
                     std::vector<std::string>& warnings);

} // namespace ember

#pragma once
// Readers of a run directory's pickled files: label maps (torch.save or plain pickle) and var_dims.pkl.

#include <cstddef>
#include <span>
#include <string>

#include "core/run/run_directory.hpp"

namespace ember {

/// A dict of label → one-dimensional tensor. `bytes` may be a torch archive or a bare pickle. Errors of the
/// readers, Corrupt (not such a dict), ShapeMismatch (vectors of different lengths).
LabelMap label_map_from_bytes(std::span<const std::byte> bytes, const std::string& file,
                              bool check_sums = true);

/// The dict of var_dims.pkl (a bare pickle, or a torch archive).
VarDims var_dims_from_bytes(std::span<const std::byte> bytes, const std::string& file,
                            bool check_sums = true);

} // namespace ember

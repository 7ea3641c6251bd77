#pragma once
// numpy's scalars in pickles: a type and bytes.

#include <string>

#include "core/run/pickle_document.hpp"

namespace ember {

/// The value of a numpy scalar: text (U, S), integer, boolean or real. `dtype` is a node of kind dtype, whose
/// `real` is 1 for big-endian. Errors: Corrupt (wrong length), UnsupportedType.
PickleNode numpy_scalar(const PickleNode& dtype, const std::string& bytes, const std::string& file);

} // namespace ember

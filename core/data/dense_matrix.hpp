#pragma once
// Dense matrices in a file: a dataset of two dimensions, or a field of a compound table.

#include "core/data/matrix_spec.hpp"

namespace ember::h5 {

MatrixPtr open_dense(const MatrixSpec& spec);

} // namespace ember::h5

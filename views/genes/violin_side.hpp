#pragma once
// One half of a violin from values.

#include <vector>

#include "widgets/violin_data.hpp"

namespace ember {

/// Quartiles and density of values without NaN; see core/analysis/kernel_density.hpp.
ViolinSide violin_side(const std::vector<double>& values);

} // namespace ember

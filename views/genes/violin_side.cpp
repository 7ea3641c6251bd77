#include "views/genes/violin_side.hpp"

#include "core/analysis/kernel_density.hpp"

namespace ember {

ViolinSide violin_side(const std::vector<double>& values) {
    ViolinSide side;
    const FiveNumbers numbers = five_numbers(values);
    side.n = numbers.n;
    if (side.n == 0) {
        return side;
    }
    side.minimum = numbers.minimum;
    side.q1 = numbers.q1;
    side.median = numbers.median;
    side.q3 = numbers.q3;
    side.maximum = numbers.maximum;
    DensityCurve curve = density_curve(values);
    side.at = std::move(curve.at);
    side.density = std::move(curve.density);
    return side;
}

} // namespace ember

#include "core/analysis/group_accumulator.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ember {

void CompensatedSum::add(double term) noexcept {
    const double next = sum_ + term;
    lost_ += std::abs(sum_) >= std::abs(term) ? (sum_ - next) + term : (term - next) + sum_;
    sum_ = next;
}

void GroupAccumulator::add(const RowStatistics& row) noexcept {
    ++cells_;
    nonfinite_ += row.nonfinite;
    magnitude_.add(row.magnitude);
    if (row.finite == 0) {
        return;
    }
    const auto n = static_cast<double>(finite_), more = static_cast<double>(row.finite);
    if (finite_ == 0) {
        squares_ = row.squares;
        min_ = row.min;
        max_ = row.max;
    } else {
        const double apart = row.sum / more - sum_.value() / n;
        squares_ += row.squares + apart * apart * (n / (n + more)) * more;
        min_ = std::min(min_, row.min);
        max_ = std::max(max_, row.max);
    }
    sum_.add(row.sum);
    finite_ += row.finite;
    below_ += row.below;
}

GroupStatistics GroupAccumulator::finish(std::string group, double shift) const {
    constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
    GroupStatistics result{std::move(group), cells_,  unknown, unknown,   unknown,
                           unknown,          unknown, unknown, nonfinite_};
    if (finite_ != 0) {
        const auto n = static_cast<double>(finite_);
        result.mean = shift + sum_.value() / n;
        result.std = std::sqrt(squares_ / n);
        result.min = min_;
        result.max = max_;
        result.sparsity = static_cast<double>(below_) / n;
    }
    if (cells_ != 0) {
        result.magnitude_mean = magnitude_.value() / static_cast<double>(cells_);
    }
    return result;
}

} // namespace ember

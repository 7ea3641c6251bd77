#pragma once
// Merges the rows of a group of cells into its statistics.

#include <cstdint>
#include <string>

#include "core/analysis/prediction_statistics.hpp"
#include "core/analysis/row_statistics.hpp"

namespace ember {

/// Neumaier's compensated sum: the error does not grow with the number of terms.
class CompensatedSum {
public:
    void add(double term) noexcept;
    double value() const noexcept { return sum_ + lost_; }

private:
    double sum_ = 0, lost_ = 0;
};

/// Variances merge by Chan, Golub & LeVeque (1979), never as E[x²] − E[x]². The result depends on the order
/// of the rows only.
class GroupAccumulator {
public:
    void add(const RowStatistics& row) noexcept;

    /// Figures are NaN where the group has no finite value. `shift` as in RowStatistics.
    GroupStatistics finish(std::string group, double shift) const;

    std::uint64_t cells() const noexcept { return cells_; }

private:
    std::uint64_t cells_ = 0, finite_ = 0, nonfinite_ = 0, below_ = 0;
    CompensatedSum sum_, magnitude_;
    double squares_ = 0, min_ = 0, max_ = 0;
};

} // namespace ember

#pragma once
// Draws without replacement: the chance of an overlap of at least k between a set and a query.

#include <cstdint>

namespace ember {

/// Drawing `draws` of `universe` things of which `marked` are marked. `marked` and `draws` may not exceed the
/// universe. Fields may be any numbers otherwise; impossible overlaps have probability 0.
struct Hypergeometric {
    std::uint64_t universe = 0, marked = 0, draws = 0;

    /// Natural logarithm of P(X = overlap); -infinity when impossible.
    double log_probability(std::uint64_t overlap) const;
    /// Natural logarithm of P(X ≥ overlap): the one-sided (greater) test of Fisher.
    double log_at_least(std::uint64_t overlap) const;
    /// P(X ≥ overlap), P(X ≤ overlap).
    double at_least(std::uint64_t overlap) const;
    double at_most(std::uint64_t overlap) const;
    /// Fisher's exact test, two-sided: the sum over all overlaps that are no more likely than this one (with
    /// the relative tolerance 1e-7 of R and scipy).
    double two_sided(std::uint64_t overlap) const;
    double expected() const noexcept; ///< marked · draws / universe

    /// Sample odds ratio of the 2 × 2 table: infinite when an off-diagonal cell is empty.
    double odds_ratio(std::uint64_t overlap) const noexcept;

    std::uint64_t least() const noexcept; ///< smallest and largest possible overlap
    std::uint64_t most() const noexcept;

private:
    double log_sum(std::uint64_t first, std::uint64_t last) const;
};

} // namespace ember

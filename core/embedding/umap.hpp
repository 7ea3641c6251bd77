#pragma once
// UMAP (McInnes, Healy, Melville 2018, arXiv:1802.03426) with the parameters and meaning of umap-learn 0.5.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/base/job.hpp"
#include "core/embedding/metric.hpp"
#include "core/embedding/neighbors.hpp"

namespace ember {

enum class UmapStart { spectral, random };

struct UmapOptions {
    int neighbors = 15; ///< itself included
    double min_dist = 0.1, spread = 1.0;
    Metric metric = Metric::euclidean;
    int epochs = 0; ///< 0: umap-learn's rule, 500 up to 10,000 points, else 200
    UmapStart start = UmapStart::spectral;
    std::uint64_t seed = 42;
    int threads = 0; ///< 0: the thread budget; the result is the same with any number
    NeighborMethod method = NeighborMethod::automatic;
};

/// Throws UsageError for options out of range.
void check_umap_options(const UmapOptions& options);

/// Points on their way to the plane. create() does what comes before the layout; step() moves the points, and
/// embedding() may be drawn between steps.
class Umap {
public:
    /// `points` [rows × dims]. Rows with NaN or infinite values are left out and have NaN coordinates. Fewer
    /// points than neighbours reduce the neighbours with a warning; one point stands at the origin. Throws
    /// UsageError for options out of range, Error `ShapeMismatch`, `NoPoints`.
    static Umap create(std::span<const float> points, std::uint64_t rows, std::uint64_t dims,
                       const UmapOptions& options, JobContext& job);
    Umap(Umap&&) noexcept;
    Umap& operator=(Umap&&) noexcept;
    ~Umap();

    /// Moves on by up to this many epochs; after Cancelled the object is where the last whole epoch left it.
    void step(int epochs, JobContext& job);
    int epoch() const noexcept;  ///< epochs done
    int epochs() const noexcept; ///< epochs in all
    bool done() const noexcept { return epoch() >= epochs(); }

    /// [rows × 2]; valid until the next step().
    std::span<const float> embedding() const noexcept;
    const std::vector<std::uint64_t>& left_out() const noexcept;
    const NeighborTable& neighbors() const noexcept; ///< among the rows that were not left out
    const UmapOptions& options() const noexcept;     ///< with the epochs and neighbours in use
    double a() const noexcept;                       ///< of the curve 1 / (1 + a d^2b)
    double b() const noexcept;

    /// Places new points [rows × dims] among these, which stay: [rows × 2], NaN for rows that are not finite.
    std::vector<float> transform(std::span<const float> points, std::uint64_t rows, JobContext& job) const;

private:
    struct State;
    explicit Umap(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace ember

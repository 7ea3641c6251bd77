#pragma once
// Cells of several matrices over the same genes, in memory: sparse rows where that is smaller.

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/job.hpp"
#include "core/data/matrix.hpp"

namespace ember {

/// One cell's values: all of them, or those that are not zero.
struct CellRow {
    std::span<const float> values;
    std::span<const std::uint32_t> genes; ///< ascending; of each value, when sparse
    bool sparse = false;
};

/// What the values of a matrix look like.
struct ValueLimits {
    double min = 0, max = 0;
    bool fractions = false;      ///< some value is not whole
    std::uint64_t nonfinite = 0; ///< values that are NaN or infinite; they are kept as zero
};

class CellPool {
public:
    explicit CellPool(std::uint64_t genes) : genes_(genes) {}

    /// Appends the rows of a matrix and returns the first one's number. Column j of the matrix is gene
    /// `gene_of_column[j]`; −1: left out.
    std::uint32_t add(const Matrix& matrix, std::span<const std::int32_t> gene_of_column, ValueLimits& range,
                      JobContext& job);

    /// Appends one row [genes] and returns its number.
    std::uint32_t add_row(std::span<const double> values);

    std::uint64_t genes() const noexcept { return genes_; }
    std::uint64_t rows() const noexcept { return place_.size(); }
    CellRow row(std::uint32_t number) const;
    /// Writes all values of a row to `out` [genes].
    void read(std::uint32_t number, float* out) const;

private:
    struct Chunk {
        bool sparse = false;
        std::vector<std::uint32_t> indptr, genes;
        std::vector<float> values;
    };
    struct Place {
        std::uint32_t chunk, row;
    };
    static Chunk packed(std::span<const float> dense, std::uint64_t genes);
    void append(std::vector<Chunk>&& chunks, std::span<const std::uint32_t> rows);

    std::uint64_t genes_;
    std::vector<Chunk> chunks_;
    std::vector<Place> place_; ///< [rows]
};

} // namespace ember

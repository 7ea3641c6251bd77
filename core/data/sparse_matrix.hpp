#pragma once
// Sparse matrices in a file, compressed by rows (CSR) or by columns (CSC).

#include <mutex>

#include "core/data/matrix_spec.hpp"

namespace ember::h5 {

/// The three arrays of a sparse matrix, checked as they are read. "Major" is the compressed axis: rows of a
/// CSR matrix, columns of a CSC matrix.
class SparseArrays {
public:
    explicit SparseArrays(const MatrixSpec& spec)
        : values_(spec.values),
          indices_(spec.indices),
          indptr_(spec.indptr),
          minor_(spec.info.encoding == MatrixEncoding::csr ? spec.info.cols : spec.info.rows) {}

    /// Start of each major slice, [major + 1], read and checked once. Throws BadSparse.
    const std::vector<std::uint64_t>& starts() const;

    /// Entries [first, first + count): minor indices (checked) and values.
    template<typename T>
    void read(std::uint64_t first, std::uint64_t count, std::vector<std::uint32_t>& indices,
              std::vector<T>& values) const;
    void read_indices(std::uint64_t first, std::uint64_t count, std::vector<std::uint32_t>& indices) const;

    const Dataset& values() const noexcept { return *values_; }

private:
    DatasetPtr values_, indices_, indptr_;
    std::uint64_t minor_;
    mutable std::once_flag once_;
    mutable std::vector<std::uint64_t> starts_;
};

extern template void SparseArrays::read(std::uint64_t, std::uint64_t, std::vector<std::uint32_t>&,
                                        std::vector<float>&) const;
extern template void SparseArrays::read(std::uint64_t, std::uint64_t, std::vector<std::uint32_t>&,
                                        std::vector<double>&) const;

/// The end of the run of slices from `first` whose entries number at most `most` (at least one slice).
std::uint64_t slice_run_end(const std::vector<std::uint64_t>& starts, std::uint64_t first,
                            std::uint64_t most);

MatrixPtr open_csr(const MatrixSpec& spec);
MatrixPtr open_csc(const MatrixSpec& spec);

} // namespace ember::h5

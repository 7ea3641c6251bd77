#pragma once
// A matrix in a file, opened lazily and read in bounded blocks of rows.

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/job.hpp"

namespace ember {

enum class MatrixEncoding { dense, csr, csc };

/// "dense", "csr" or "csc".
const char* to_string(MatrixEncoding encoding) noexcept;

/// What is known about a matrix without reading its values.
struct MatrixInfo {
    std::string name;                 ///< HDF5 path without leading slash: "X", "layers/counts", "obsm/X_pca"
    std::uint64_t rows = 0, cols = 0; ///< [cells × genes] or [cells × components]
    MatrixEncoding encoding = MatrixEncoding::dense;
    std::string dtype;               ///< numpy's name of the stored type: "float32", "uint8", ">f4"
    std::uint64_t stored = 0;        ///< stored values: rows · cols when dense, entries when sparse
    std::uint64_t storage_bytes = 0; ///< bytes that values (and indices) take in the file
    std::string compression;         ///< "", "gzip", "lzf", "blosc", "zstd" …
    bool needs_double = false;       ///< values do not fit float32 exactly (float64, 32- and 64-bit integers)
    bool contiguous = false;         ///< a row lies together in the file, and is read without its neighbours
    std::uint64_t chunk_rows = 0;    ///< rows that are decoded together; 0: contiguous, or not known
};

/// Some consecutive rows, dense or sparse. Spans are valid during the visit only.
template<typename T>
struct RowBlock {
    std::uint64_t first_row = 0, rows = 0, cols = 0;
    bool sparse = false;
    std::span<const T> dense;              ///< [rows × cols] row-major, when not sparse
    std::span<const std::uint64_t> indptr; ///< [rows + 1], starts at 0, when sparse
    std::span<const std::uint32_t>
        indices; ///< column of each stored value; any order, may repeat (values add up)
    std::span<const T> values;
};

/// Thread-safe; keeps its file open. Values convert to T on reading (float16, integers, booleans, either byte
/// order). Reading throws Corrupt, Truncated, BadSparse, UnsupportedFilter or ExternalLinkRefused, naming
/// file and member.
class Matrix {
public:
    virtual ~Matrix();
    const MatrixInfo& info() const noexcept { return info_; }
    std::uint64_t rows() const noexcept { return info_.rows; }
    std::uint64_t cols() const noexcept { return info_.cols; }

    /// Streams all rows in order, in blocks of bounded size (some 16 MiB), sparse matrices as sparse blocks
    /// (CSC is converted in bounded passes). Checks cancel between blocks; progress is the visitor's
    /// business.
    virtual void for_each_block(const std::function<void(const RowBlock<float>&)>& visit,
                                JobContext& job) const = 0;
    virtual void for_each_block(const std::function<void(const RowBlock<double>&)>& visit,
                                JobContext& job) const = 0;

    /// Dense copy of rows [first, first + count) into `out` [count × cols].
    virtual void read_rows(std::uint64_t first, std::uint64_t count, std::span<float> out) const = 0;

    /// Dense copy of the given rows (ascending, no repeats) into `out` [rows.size() × cols], reading each
    /// chunk of the file at most once.
    virtual void gather_rows(std::span<const std::uint64_t> rows, std::span<float> out,
                             JobContext& job) const = 0;

protected:
    explicit Matrix(MatrixInfo info) : info_(std::move(info)) {}
    MatrixInfo info_;
};

using MatrixPtr = std::shared_ptr<const Matrix>;

/// Which matrix of a data set is meant.
struct MatrixSource {
    enum class Kind { x, layer, obsm, raw_x };
    Kind kind = Kind::x;
    std::string key; ///< of the layer or obsm
    bool operator==(const MatrixSource&) const = default;
};

/// "X", "layers/counts", "obsm/X_pca" or "raw/X".
std::string to_string(const MatrixSource& source);

} // namespace ember

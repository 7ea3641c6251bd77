#pragma once
// Where a matrix lies in a file, and how to open it.

#include <optional>
#include <string>

#include "core/data/hdf5_dataset.hpp"
#include "core/data/matrix.hpp"

namespace ember::h5 {

/// A matrix whose datasets are open; exactly one of `dense`, `field` and the sparse triple is used.
struct MatrixSpec {
    MatrixInfo info;
    std::string key;  ///< HDF5 path
    DatasetPtr dense; ///< [rows × cols], or [rows] as one column
    DatasetPtr table; ///< compound dataset of which `field` is the matrix
    std::string field;
    DatasetPtr values, indices, indptr; ///< sparse
};

/// What kind of matrix the object at `key` is, from its attributes and the shapes of its parts; reads no
/// values. `name` is how users call it. Without a value when the object says that it is nothing ("null").
/// Throws MissingMember, BadSparse, ShapeMismatch, UnknownEncoding, UnsupportedType or ExternalLinkRefused.
std::optional<MatrixSpec> describe_matrix(const FilePtr& file, const std::string& key,
                                          const std::string& name);

/// A field of a compound table as a matrix (obsm before AnnData 0.7).
MatrixSpec describe_field(const DatasetPtr& table, const std::string& field, const std::string& name);

/// The sparse matrix from its three arrays, whose parts are checked against each other.
MatrixSpec describe_sparse(const FilePtr& file, const std::string& key, const std::string& name,
                           MatrixEncoding encoding, std::uint64_t rows, std::uint64_t cols);

/// Throws ShapeMismatch unless the matrix is [rows × cols]; without `cols`, any width will do.
void require_shape(const File& file, const MatrixSpec& spec, std::uint64_t rows,
                   std::optional<std::uint64_t> cols);

MatrixPtr open_matrix(const MatrixSpec& spec);

} // namespace ember::h5

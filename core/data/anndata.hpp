#pragma once
// An .h5ad file (AnnData on disk), both generations of the format, or a 10x Genomics .h5 matrix. Opened
// lazily and read-only; file locking is off, so that a notebook may hold the file. Format:
// https://anndata.readthedocs.io/en/latest/fileformat-prose.html; before 0.7: compound obs/var tables.

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/data/column.hpp"
#include "core/data/matrix.hpp"

namespace ember {

/// Name and storage type of a column, known without reading it.
struct ColumnInfo {
    std::string name;
    std::string dtype; ///< see Column::dtype
};

/// A member of obsm, varm, obsp: a matrix (possibly sparse) or a data frame.
struct MemberInfo {
    std::string key;
    std::uint64_t rows = 0, cols = 0;
    bool data_frame = false; ///< a table of columns, not a matrix
};

/// Thread-safe. Errors: NotHdf5, Truncated, Corrupt, BadSparse, MissingMember, ShapeMismatch,
/// UnknownEncoding, UnsupportedType, UnsupportedFilter, BadCategorical, BadText, BadLink,
/// ExternalLinkRefused, BoundedDepth; each names the file, the HDF5 path and a remedy. Nothing is allocated
/// from a declared shape before it agrees with obs, var and the storage.
class AnnData {
public:
    /// Opens the file and checks its structure: shapes, encodings, names' lengths. Reads no matrix values.
    static std::shared_ptr<const AnnData> open(const std::filesystem::path& file);
    virtual ~AnnData();

    virtual const std::filesystem::path& path() const = 0;
    virtual const std::string&
    generation() const = 0; ///< "anndata 0.7+", "anndata before 0.7", "10x Genomics"
    virtual std::uint64_t n_obs() const = 0;
    virtual std::uint64_t n_vars() const = 0;
    virtual bool has_x() const = 0;

    /// Names are read on first use and kept.
    virtual const std::vector<std::string>& obs_names() const = 0;
    virtual const std::vector<std::string>& var_names() const = 0;

    virtual const std::vector<ColumnInfo>& obs_columns() const = 0; ///< in the file's column order
    virtual const std::vector<ColumnInfo>& var_columns() const = 0;
    /// Reads one column (cached). Throws Error `MissingMember` with the nearest names.
    virtual std::shared_ptr<const Column> obs(const std::string& name) const = 0;
    virtual std::shared_ptr<const Column> var(const std::string& name) const = 0;

    virtual const std::vector<std::string>& layers() const = 0;
    virtual const std::vector<MemberInfo>& obsm() const = 0;
    virtual const std::vector<MemberInfo>& varm() const = 0;
    virtual const std::vector<MemberInfo>& obsp() const = 0;
    virtual const std::vector<std::string>& uns_keys() const = 0;
    virtual std::optional<MemberInfo> raw_x() const = 0;

    /// Opens a matrix lazily. Throws MissingMember with the nearest names, UnsupportedType for a data frame.
    virtual MatrixPtr matrix(const MatrixSource& source) const = 0;

    /// Gene names of raw, when it exists.
    virtual std::vector<std::string> raw_var_names() const = 0;

    /// A part of uns as JSON: scalars, strings, arrays up to 10,000 values, nested groups up to a bounded
    /// depth; larger things as {"shape": …, "dtype": …}. `path` is "" for all, or "neighbors/params".
    virtual nlohmann::json uns(const std::string& path) const = 0;

    /// `uns/<column>_colors` as "#rrggbb" in category order; empty when absent.
    virtual std::vector<std::string> colors(const std::string& column) const = 0;
};

using AnnDataPtr = std::shared_ptr<const AnnData>;

} // namespace ember

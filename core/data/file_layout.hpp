#pragma once
// What an opened data file contains: everything that is known before values are read.

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/data/anndata.hpp"
#include "core/data/matrix_spec.hpp"
#include "core/data/table_source.hpp"

namespace ember::h5 {

/// A member of obsm, varm or obsp: a matrix, a data frame, or neither.
struct Member {
    MemberInfo info;
    std::optional<MatrixSpec> matrix;
    std::optional<TableSource> table;
    std::string problem; ///< why it is neither
};

struct FileLayout {
    std::string generation;
    std::uint64_t n_obs = 0, n_vars = 0;
    TableSource obs, var;
    std::optional<TableSource> raw_var;
    std::optional<MatrixSpec> x, raw_x;
    std::vector<std::pair<std::string, MatrixSpec>> layers;
    std::vector<Member> obsm, varm, obsp;
    std::vector<std::string> uns_keys; ///< without the category lists of old tables
};

/// Recognises the format and checks the structure. Errors: see AnnData::open().
FileLayout read_layout(const FilePtr& file);

/// The same for each format.
FileLayout read_group_layout(const FilePtr& file);    ///< AnnData 0.7 and later
FileLayout read_compound_layout(const FilePtr& file); ///< AnnData before 0.7
FileLayout read_tenx_layout(const FilePtr& file, const std::string& group);

/// Members of a group of matrices or data frames with the given number of rows; none when it is absent.
std::vector<Member> describe_members(const FilePtr& file, const std::string& key, std::uint64_t rows,
                                     std::optional<std::uint64_t> cols);

/// X, layers and raw, checked against n_obs and n_vars.
void describe_matrices(const FilePtr& file, FileLayout& layout);

} // namespace ember::h5

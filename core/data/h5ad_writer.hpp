#pragma once
// Writing .h5ad files that anndata reads back equal, streaming.

#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/base/job.hpp"
#include "core/data/anndata.hpp"

namespace ember {

/// Which rows of the source go to the output; empty: all, in order. Repeats are allowed.
using RowSelection = std::vector<std::uint64_t>;

/// Writes a copy of `source` with members added or replaced. The target appears whole at finish(), or not at
/// all. Everything of the source is kept (matrices, raw, uns, unknown members), copied chunk by chunk without
/// decoding where rows stay as they are, so the memory used is bounded.
class H5adCopy {
public:
    /// `keep` selects rows (every per-cell member is subset; obsp is dropped when rows change, and said in
    /// the log).
    H5adCopy(const AnnData& source, const std::filesystem::path& target, RowSelection keep, JobContext& job);
    ~H5adCopy();

    /// Starts a dense float32 member [rows × cols], written in blocks by write_rows(); replaces one of that
    /// name. `member` is "X", "layers/<key>" or "obsm/<key>".
    void begin_dense(const std::string& member, std::uint64_t cols);
    /// Rows may come in any order; each row once.
    void write_rows(const std::string& member, std::span<const std::uint64_t> rows,
                    std::span<const float> values);

    void set_obs(const Column& column);                                ///< adds or replaces a column of obs
    void set_uns(const std::string& key, const nlohmann::json& value); ///< objects become groups
    void rename_obs(std::vector<std::string> names);                   ///< new cell names [rows]

    /// Completes the file and moves it to its place. Without it the destructor removes the temporary file.
    void finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// A new file from parts; for tests, the demo and exports of small data.
struct NewAnnData {
    std::vector<std::string> obs_names, var_names;
    std::vector<Column> obs, var;
    std::vector<float> x; ///< [cells × genes] dense; may be empty (no X)
    std::vector<std::pair<std::string, std::vector<float>>> obsm; ///< key, [cells × components] dense
    nlohmann::json uns = nlohmann::json::object();
};
void write_h5ad(const NewAnnData& data, const std::filesystem::path& target);

} // namespace ember

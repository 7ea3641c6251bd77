#pragma once
// What is inside a data file, as JSON in the form of the test corpus's manifest.

#include <filesystem>

#include <nlohmann/json.hpp>

#include "core/base/job.hpp"
#include "core/data/anndata.hpp"

namespace ember {

/// `verify` reads everything and adds sums, extremes and counts of non-finite values; without it only what is
/// cheap.
///
/// Fields: path, bytes, generation, shape, X {kind, dtype, stored, compression, storage_bytes; with verify
/// also sum_finite, sum_squares_finite, min_finite, max_finite, n_nonfinite, nonzero, row_sum_first,
/// row_sum_last, col_sum_first, col_sum_last}, obs_names_first_last, var_names_first_last, obs {column:
/// {dtype, n_missing, categories (first 12), n_categories, ordered, counts | sum}}, var_columns, obsm {key:
/// [shape, summary]}, varm, obsp, layers, raw_shape, raw_X, uns_keys.
nlohmann::json inspect_anndata(const AnnData& data, bool verify, JobContext& job);

} // namespace ember

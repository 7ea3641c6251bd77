#pragma once
// Copies matrices and data frames to an output file, whole or with some rows only, keeping their types.

#include "core/data/h5ad_writer.hpp"
#include "core/data/matrix_spec.hpp"
#include "core/data/table_source.hpp"
#include "core/data/tree_copy.hpp"

namespace ember::h5 {

/// Writes the matrix as `name` under `parent`; `keep` empty: all rows.
void copy_matrix(const MatrixSpec& spec, const RowSelection& keep, TreeCopier& copier, Output& output,
                 JobContext& job, hid_t parent, const std::string& name);

/// Writes the data frame anew in the present encoding; `keep` empty: all rows.
void copy_table(const File& file, const TableSource& table, const RowSelection& keep, Output& output,
                JobContext& job, hid_t parent, const std::string& name);

} // namespace ember::h5

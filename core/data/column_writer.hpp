#pragma once
// Columns, data frames and annotations in the encodings of AnnData 0.8 and later.

#include <nlohmann/json.hpp>

#include "core/data/column.hpp"
#include "core/data/hdf5_output.hpp"

namespace ember::h5 {

/// Adds the column to the group of a data frame, replacing one of that name. Does not touch the column order.
void write_column(Output& output, hid_t table, const Column& column);

/// Makes an empty data frame with the given row names; columns are added and then listed by finish_table().
Handle begin_table(Output& output, hid_t parent, const std::string& name, const std::string& index_name,
                   const std::vector<std::string>& row_names);
void finish_table(Output& output, hid_t table, const std::vector<std::string>& column_names);

/// Writes JSON below `parent`: objects become groups, lists of texts, numbers or booleans arrays, lists of
/// equally long lists of numbers matrices, and other lists texts of JSON. A '/' in a key becomes '_', since
/// HDF5 would take it for a path.
void write_json(Output& output, hid_t parent, const std::string& key, const nlohmann::json& value);

} // namespace ember::h5

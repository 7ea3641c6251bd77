#pragma once
// The names of selected cells as a table.

#include <filesystem>
#include <string>

#include "core/base/cell_selection.hpp"
#include "core/base/job.hpp"
#include "core/data/anndata.hpp"

namespace ember {

/// Writes a CSV with the columns `cell` (name) and `row` (zero-based, in the file), and a .json beside it
/// that says where it came from. Throws Error `CannotWrite` or ResourceError `NoSpace`, and `ShapeMismatch`
/// when the selection is one of another number of cells.
void write_cell_names(const AnnData& data, const CellSelection& selection, const std::string& title,
                      const std::filesystem::path& csv, JobContext& job);

} // namespace ember

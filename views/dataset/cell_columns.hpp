#pragma once
// Columns of a data set as the cell table wants them. Called in a job: ranks take a sort.

#include <memory>
#include <vector>

#include "core/data/anndata.hpp"
#include "widgets/cell_table_model.hpp"

namespace ember {

/// Column 0 of the table: the cells' names.
CellColumn cellNamesColumn(std::shared_ptr<const AnnData> data);

/// Keeps the column alive; copies no values but ranks.
CellColumn cellColumn(std::shared_ptr<const Column> column);

/// Stands for a column that cannot be read: every cell says so.
CellColumn unreadableColumn(const QString& why);

/// Names for the table's head: "cell", then obs in the file's order.
std::vector<CellColumnTitle> cellColumnTitles(const AnnData& data);

} // namespace ember

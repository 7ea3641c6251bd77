#pragma once
// Copies what is selected in a table as tab-separated text, for spreadsheets.

class QAbstractItemModel;
class QAbstractItemView;
class QModelIndex;
class QString;

namespace ember {

/// Role that gives a cell's value at full precision; the shown text is used where a model lacks it.
constexpr int exactTextRole = 0x0100 + 71; // Qt::UserRole + 71

/// The selected cells (everything when nothing is selected) with the header line; rows in shown order.
QString selectionAsTsv(const QAbstractItemView& view);

/// Adds Copy (Ctrl+C) and Select all to the view as actions and context menu.
void addCopyActions(QAbstractItemView* view);

} // namespace ember

#pragma once
// A field that completes the names of genes.

#include <functional>

#include <QStringList>

#include "views/workspace.hpp"

class QCompleter;
class QLineEdit;

namespace ember {

/// Reads the names of a matrix's columns in a job; `use` is called in the GUI thread unless `guard` is gone
/// by then.
void readGeneNames(Workspace& workspace, const DatasetDocument& document, const MatrixSource& source,
                   QObject* guard, std::function<void(const QStringList&)> use);

/// Gives the field a completer that finds names by any part of them; the field owns it.
QCompleter* completeNames(QLineEdit* field, const QStringList& names);

} // namespace ember

#pragma once
// What a pane can show of a document, and what it shows when nothing was chosen.

#include <vector>

#include <QString>

#include "views/embedding/pane_settings.hpp"
#include "views/workspace.hpp"

namespace ember {

/// Members of obsm that can be drawn (matrices with at least one column and as many rows as cells), those
/// with two or three columns first.
std::vector<EmbeddingChoice> embeddingsOf(const AnnData& data);

/// Automatic and unavailable choices become what is best for this document: of a prediction its own UMAP
/// (`X_pred_umap` when the file has it), of a data set the embedding of the file.
EmbeddingChoice resolved(const EmbeddingChoice& choice, DocumentRef document, const DatasetDocument& data);
ColorChoice resolved(const ColorChoice& choice, const DatasetDocument& data);

/// Columns that can colour cells: groups, then numbers.
QStringList colorColumns(const DatasetDocument& data);

/// The values that a document is about: what the model predicted, or X.
MatrixSource mainSource(const Workspace& workspace, DocumentRef document);

/// Shown in the box: "UMAP of X", "X_pca".
QString embeddingText(const EmbeddingChoice& choice, const MatrixSource& source);
QString colorText(const ColorChoice& choice);

/// The open documents of these cells with values of their own, `document` first.
std::vector<DocumentRef> documentsWithCellsOf(const Workspace& workspace, DocumentRef document);

} // namespace ember

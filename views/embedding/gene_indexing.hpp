#pragma once
// Genes of big matrices are indexed in the background once the first one has been asked for.

#include "views/workspace.hpp"

namespace ember {

/// Starts the job "Indexing genes of …" for this matrix of the document, unless it has run or the matrix is
/// quick to read without. It ends with the document. Its failure costs time only, so it stays in the job
/// list.
void indexGenes(Workspace& workspace, DocumentRef document, const MatrixSource& source);

} // namespace ember

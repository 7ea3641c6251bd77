#pragma once
// What the forms of the Genes view offer: the groups of a data set and its matrices of genes, read in a job.

#include <map>
#include <memory>
#include <vector>

#include <QString>
#include <QStringList>

#include "views/document.hpp"

namespace ember {

struct GeneContext {
    QStringList columns;                   ///< obs columns with at least two groups
    std::map<QString, QStringList> labels; ///< of each, those that have cells, in category order
    std::vector<MatrixSource> sources;     ///< whose columns are genes
    Schema schema;
    bool hasColumn(const QString& column) const { return labels.contains(column); }
    QStringList labelsOf(const QString& column) const;
    /// The source called so ("obsm/X_hvg"), else `fallback` where it is one of them, else the first.
    MatrixSource source(const QString& name, const MatrixSource& fallback = {}) const;
};

using GeneContextPtr = std::shared_ptr<const GeneContext>;

/// Columns with more than 300 groups are left out: names of cells.
GeneContextPtr read_gene_context(const AnnData& data, const QStringList& columns, const Schema& schema,
                                 JobContext& job);

} // namespace ember

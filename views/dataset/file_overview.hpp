#pragma once
// The members of a data file that are known without reading their values, gathered off the GUI thread.

#include <vector>

#include <QString>
#include <QStringList>

#include "core/base/job.hpp"
#include "core/data/anndata.hpp"

namespace ember {

/// One matrix of the file. When it cannot be opened, `error` says why and the figures are zero.
struct MatrixLine {
    QString name; ///< "X", "layers/counts", "obsm/X_pca", "raw/X"
    MatrixInfo info;
    bool table = false; ///< a data frame in obsm: columns, no matrix
    QString error;
};

struct FileOverview {
    std::vector<MatrixLine> matrices;
    QStringList uns; ///< keys, with a short value where it is a scalar: "log1p", "organism = human"
    QString origin;  ///< the text in uns/origin: where the cells come from, whether they were measured
    QStringList varColumns;
    std::uint64_t fileBytes = 0;
};

FileOverview readOverview(const AnnData& data, JobContext& job);

} // namespace ember

#pragma once
// The points of the six-panel figure: an embedding of the file, or one computed from the values.

#include <QString>

#include <nlohmann/json.hpp>

#include "core/base/job.hpp"
#include "core/data/anndata.hpp"
#include "widgets/point_order.hpp"

namespace ember {

struct FigureEmbedding {
    SharedPoints points; ///< [cells × 2]; NaN: the cell has no place
    QString name;        ///< of the axes: "UMAP"
    bool ranked = false; ///< of one dimension; the second is the share of points up to it
    QString note;        ///< where it comes from, one sentence
    nlohmann::json provenance;
};

/// `key` of obsm; when empty X_pred_umap if the file has it, else 50 principal components, then UMAP. Values
/// that cannot be embedded (a single cell) give no points and a note that says why. Throws MissingMember,
/// Cancelled.
FigureEmbedding embeddingForFigure(const AnnData& data, const MatrixSource& source, const std::string& key,
                                   std::uint64_t seed, JobContext& job);

} // namespace ember

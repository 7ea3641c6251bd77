#pragma once
// What the six-panel figure of a prediction shows, as plain values: the picture, its tables and its legends
// all come from this one model.

#include <filesystem>
#include <utility>
#include <vector>

#include <QString>
#include <QStringList>

#include "core/analysis/condition_difference.hpp"
#include "core/analysis/prediction_statistics.hpp"
#include "core/base/job.hpp"
#include "core/data/anndata.hpp"
#include "widgets/bar_data.hpp"
#include "widgets/histogram_data.hpp"
#include "widgets/message_bar.hpp"
#include "widgets/point_cloud_figure.hpp"

namespace ember {

struct SixPanelRequest {
    std::filesystem::path adata;
    MatrixSource source;
    /// Columns of obs; empty: there is none, and the panels that need it say so.
    std::string condition, timepoint, celltype, replicate;
    std::string embedding; ///< key of obsm; empty: X_pred_umap if there, else PCA and UMAP of the values
    SharedPoints points;   ///< [cells × 2] at hand already, in place of `embedding`; null: none
    QString pointsName, pointsNote; ///< of those: "UMAP", and where they come from
    std::uint64_t seed = 42;
    int permutations = 999;
    double threshold = 0; ///< of the sparsity
};

/// Columns as the schema has them.
SixPanelRequest sixPanelRequest(const AnnData& data, const MatrixSource& source, const Schema& schema);

struct SixPanelData {
    QString title;
    BarMessage verdict;    ///< the banner's own words
    QStringList notes;     ///< what was left out, sampled or computed; one sentence each
    QString provenance;    ///< JSON
    SharedPoints points;   ///< [cells × 2]
    QString embeddingName; ///< "UMAP"
    bool ranked = false;   ///< one dimension only: upwards stands the share of points up to it
    PointColors byCondition, byTimepoint, byCelltype;
    HistogramData magnitudes;
    BarData means, sparsity;
    ConditionDifferenceRequest differenceRequest;
    ConditionDifferenceResult difference;
    StatisticsResult statistics;
    /// The same comparison by time point and by cell type, where there are such columns.
    std::vector<std::pair<ConditionDifferenceRequest, ConditionDifferenceResult>> others;
};

/// Statistics, comparison of conditions and, unless the file has one, an embedding; hashes the input. Throws
/// the reader's errors, MissingMember, NotGroups, Cancelled.
SixPanelData gatherSixPanels(const AnnData& data, const SixPanelRequest& request, JobContext& job);

} // namespace ember

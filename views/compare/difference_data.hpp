#pragma once
// Genes by condition: mean expression predicted less real, or changes from the control observed beside
// predicted, as a clustered map; and one group's genes predicted against real.

#include <memory>
#include <string>
#include <vector>

#include <QColor>
#include <QStringList>

#include "core/analysis/group_means.hpp"
#include "views/compare/compare_set.hpp"
#include "widgets/heat_map_data.hpp"
#include "widgets/scatter_data.hpp"

namespace ember {

/// The means of one file's groups by perturbation, then cell type and time point where the columns exist.
struct FileMeans {
    QString name, path;
    QColor color;
    bool isReal = false;
    std::shared_ptr<const GroupMeans> means;
};

struct DifferenceRequest {
    std::vector<FileMeans> files;   ///< the real cells first, where they are open
    std::vector<std::string> genes; ///< [genes]
    CompareColumns columns;
    DifferenceSettings settings;
};

struct DifferencePictures {
    HeatMapData map;
    std::vector<int> mapGenes; ///< [rows of the map] gene
    ScatterData scatter;
    QStringList genes; ///< [points of the scatter plot]
    QStringList perturbations, cellTypes,
        times;            ///< that can be chosen; those with most cells first, times in order
    QString perturbation; ///< the one that is shown
    QString problem;      ///< why there is no scatter plot; empty: there is one
};

/// Genes that differ most, clustered by correlation (average linkage); at most this many.
constexpr int most_map_genes = 60;

/// Throws Cancelled.
DifferencePictures difference_pictures(const DifferenceRequest& request, JobContext& job);

} // namespace ember

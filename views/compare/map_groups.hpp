#pragma once
// Arrows and paths over the maps: where groups of cells lie, from their labels and places.

#include <memory>
#include <vector>

#include <QPointF>
#include <QStringList>

#include "core/data/anndata.hpp"
#include "views/compare/compare_set.hpp"
#include "widgets/point_cloud_arrows.hpp"
#include "widgets/point_order.hpp"

namespace ember {

/// The labels of a file's cells. A column that the file lacks is one group without a name.
struct MapGroups {
    CategoricalColumn perturbation, cellType, time;
};

/// Reads the columns. Throws the reader's errors and NotGroups.
MapGroups map_groups(const AnnData& data, const CompareColumns& columns);

/// "day10" before "day14" before "day2 later": numbers inside names count as numbers.
std::vector<int> natural_order(const std::vector<std::string>& names);

/// One file on the map.
struct MapFileView {
    SharedPoints xy;
    std::shared_ptr<const MapGroups> groups;
    bool isComplete() const { return xy && groups; }
};

/// Cells of one perturbation, cell type and time point; an empty name: all.
struct MapGroupKey {
    std::string perturbation, cellType, time;
};

/// Median x and median y of the group's cells; NaN when it has none.
QPointF groupCentre(const MapFileView& file, const MapGroupKey& key);

/// Arrows of the file `shown`, held against the `real` cells (`sameCells`: row by row). `cellType` as in
/// MapSettings. `ofCells` draws every cell; the plot thins them out and says so.
CloudArrows mapArrows(MapArrows kind, const MapFileView& real, const MapFileView& shown, bool sameCells,
                      const std::string& control, const std::string& cellType);

/// A path per perturbation and cell type through the centres at all time points: the real ones, and those of
/// `shown` dashed beside them when it is a prediction. Without a chosen cell type, of perturbed cells only.
std::vector<CloudTrajectory> mapPaths(const MapFileView& real, const MapFileView& shown, bool isPrediction,
                                      const std::string& control, const std::string& cellType);

} // namespace ember

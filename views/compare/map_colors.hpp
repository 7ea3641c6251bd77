#pragma once
// The colours of one compared file on the maps: what its cells are, or how far they are from a reference.

#include "views/compare/compare_set.hpp"
#include "views/embedding/coloring_store.hpp"

namespace ember {

/// Automatic and unavailable choices become what is best for these files.
MapColor resolved(const MapColor& color, const CompareSet& set, const Workspace& workspace);

/// Which colours of the store a file has; empty: one colour, for `reason`.
struct MapColorKey {
    QString key;
    QString reason; ///< why this file has no colours of its own: "the reference"; may be empty
};

/// `color` is resolved.
MapColorKey mapColorKey(const MapColor& color, const ComparedFile& file, const CompareSet& set,
                        const Workspace& workspace);

/// Starts reading what is absent.
void wantMapColors(ColoringStore& store, const MapColor& color, const ComparedFile& file,
                   const CompareSet& set, const Workspace& workspace);

/// Gives all the same range of values, around zero for signed ones.
void shareRange(std::vector<PointColors*> all);

/// Shown in the box: "Distance from the real cells".
QString mapColorText(const MapColor& color);

} // namespace ember

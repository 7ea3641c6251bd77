#pragma once
// Colours of cells by what the file says of them.

#include "core/data/anndata.hpp"
#include "views/embedding/pane_settings.hpp"
#include "widgets/point_colors.hpp"

namespace ember {

/// Groups take the file's own `uns/<column>_colors` where it has them, else the palette; numbers a colour
/// map. Throws what reading the column throws.
PointColors column_coloring(const AnnData& data, const std::string& column);

/// One gene of X or of `source`. Throws MissingMember with the nearest names.
PointColors gene_coloring(const AnnData& data, const MatrixSource& source, const std::string& gene,
                          JobContext& job);

PointColors magnitude_coloring(std::vector<float> magnitude, const MatrixSource& source);

/// Any choice; reads what it needs.
PointColors cell_coloring(const AnnData& data, const ColorChoice& choice, const MatrixSource& source,
                          JobContext& job);

} // namespace ember

#pragma once
// The figures of a report.

#include <optional>

#include "views/report/report_cells.hpp"
#include "views/report/report_document.hpp"

namespace ember {

/// Pearson of the change per cell type, with intervals and the baseline that knows no model.
ReportFigure changeFigure(const CompareResult& result, const PerturbationChange& change);

/// Real and predicted cells, by perturbation and by cell type.
ReportFigure cellsFigure(const ReportCells& cells);

/// Observed against predicted change, gene by gene, for the main cell types; none when nothing can be drawn.
std::optional<ReportFigure> genesFigure(const CompareResult& result, const PerturbationChange& change);

/// The genes that change most × cell types, observed beside predicted.
std::optional<ReportFigure> heatFigure(const CompareResult& result, const PerturbationChange& change);

/// Judged types with most cells, those in which a model is blind among them.
std::vector<std::size_t> mainTypes(const PerturbationChange& change, std::size_t most);

} // namespace ember

#pragma once
// Predicted cells among the real ones: their nearest real cell, and the type of the cells around them.

#include <cstdint>
#include <vector>

#include "core/evaluation/score_sheet.hpp"

namespace ember {

/// All rows of a pool in principal components of the real cells.
struct CellPlaces {
    std::uint64_t dims = 0;
    std::vector<float> points; ///< [rows of the pool × dims]
};

/// 50 components, or as many as there can be, of the real cells that are compared. Empty with fewer than 3
/// cells.
CellPlaces place_cells(const ComparedCells& cells, JobContext& job);

/// One value per cell; NaN where it is not defined or not asked for (control cells).
struct CellValues {
    std::vector<double> nearest;  ///< cosine distance to the nearest real cell of its perturbation and type
    std::vector<double> own_type; ///< 1: most of the 15 nearest real cells are of its type, else 0
};

struct CellValueChoice {
    bool nearest = true, own_type = true;
};

/// Of any cells among the real ones; a cell is never its own neighbour. The classifier knows at most 20,000
/// real cells, drawn with the seed.
CellValues measure_cells(const ComparedCells& cells, const LabelledCells& of, const CellPlaces& places,
                         const CellValueChoice& choice, std::uint64_t seed, JobContext& job);

/// Means of `values` over the cells of each row of the sheet, as `metric`.
void score_cell_means(ScoreSheet& sheet, const std::string& metric, const LabelledCells& cells,
                      const std::vector<double>& values);

} // namespace ember

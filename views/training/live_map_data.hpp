#pragma once
// The map of a run's validation predictions: predicted and observed cells in one UMAP.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/job.hpp"

namespace ember {

struct LiveMapData {
    std::uint64_t cells = 0; ///< of the fixed sample
    std::vector<float> xy;   ///< [2 · cells × 2]: observed cells, then predicted ones
    std::vector<std::string> cell_type, perturbation; ///< [cells]; empty without cells.csv
    std::int64_t time = 0;                            ///< RunSnapshot::monitor_time that it was made from
};

/// Reads monitor/{observed,predicted}.npy and cells.csv and lays both out together; turned and mirrored so
/// that it fits `before`, so that the eye can follow a cell from one validation to the next. Throws what the
/// readers throw, ShapeMismatch when the two do not belong together.
LiveMapData make_live_map(const std::filesystem::path& run_directory, const LiveMapData* before,
                          JobContext& job);

/// Turns or mirrors `xy` [rows × 2] about its middle such that it lies as near as possible to `like`.
void align_plane(std::vector<float>& xy, const std::vector<float>& like);

} // namespace ember

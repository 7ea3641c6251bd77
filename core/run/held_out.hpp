#pragma once
// Which cells a run's data configuration (arc-state's TOML file) kept out of training.

#include <filesystem>
#include <string>
#include <vector>

#include "core/run/run_directory.hpp"

namespace ember {

/// A cell type of a data set whose perturbed cells were not trained on.
struct HeldOut {
    std::string dataset, cell_type;
    std::vector<std::string> perturbations; ///< empty: all of them
    std::string split;                      ///< "val" or "test"
    bool operator==(const HeldOut&) const = default;
};

struct HeldOutCells {
    std::filesystem::path file; ///< that says so; empty when it was not found
    std::vector<HeldOut> parts;
};

/// From `data.kwargs.toml_config_path`: as it stands, in the run directory, or beside it. Sections `zeroshot`
/// ("data.type" = "test") and `fewshot."data.type"` (val = […], test = […]); everything else is passed over.
HeldOutCells read_held_out(const RunDirectory& run);

/// The same from the text of such a file.
std::vector<HeldOut> parse_held_out(const std::string& toml);

} // namespace ember

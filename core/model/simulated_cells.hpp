#pragma once
// The table of --tsv: how many simulated cells each perturbation gets.

#include <filesystem>
#include <string>
#include <vector>

namespace ember {

struct SimulatedCells {
    std::string pert;
    long long cells = 0; ///< at most 100 million
};

/// Reads the columns perturbation and num_cells of a table separated by tabs. Throws CannotRead, BadTable.
std::vector<SimulatedCells> read_simulated_cells(const std::filesystem::path& file);

} // namespace ember

#pragma once
// Small files of labelled cells, and settings that read them.

#include <filesystem>
#include <string>
#include <vector>

#include "core/experiment/training_data.hpp"
#include "tests/core/data/hdf5_fixture.hpp"

namespace ember::test {

struct CellTable {
    std::vector<std::string> cell_type, perturbation, batch; ///< [cells]
    std::vector<std::string> genes;
    std::vector<float> values; ///< [cells × genes]
    std::size_t cells() const { return cell_type.size(); }
};

/// Cells of types A, B, C, perturbations P and Q, control `ctrl`, batches b1 and b2, in random order. Value 0
/// of a cell is its number; a third of the others is not zero.
CellTable random_cells(std::size_t cells, std::size_t genes, unsigned seed);

void write_cells(const std::filesystem::path& file, const CellTable& table, const Storage& storage,
                 const std::string& matrix = "obsm/X_hvg");

/// Adds obsm/velocity_latent [cells × width] and obs/velocity_confidence to a file.
void add_velocity(const std::filesystem::path& file, const std::vector<float>& velocity, std::size_t width,
                  const std::vector<double>& confidence);

/// Reads columns `type`, `pert` and `batch`, control `ctrl`, matrix X_hvg.
DataSettings settings_for(const std::vector<std::filesystem::path>& files);

LoopSettings sets_per_batch(std::int64_t sets);

} // namespace ember::test

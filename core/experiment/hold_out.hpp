#pragma once
// A drug-cell hold-out: some perturbations are never shown in some cell types, so that a model must carry
// over what it learnt of them from other cell types.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/job.hpp"
#include "core/experiment/split_file.hpp"

namespace ember {

struct HoldOutRequest {
    std::vector<std::filesystem::path> files;
    std::string pert_col, cell_type_col, control;
    double perturbation_share = 0.2; ///< of the perturbations, at least one
    double cell_type_share = 0.2;    ///< of the cell types, at least one
    double val_share = 0.5;          ///< of the held-out perturbations; the others are the test
    std::uint64_t seed = 42;
    std::string dataset;          ///< name in the file; empty: from the file's name
    std::filesystem::path output; ///< the TOML file that the plan is for
};

struct HeldOutGroup {
    std::string cell_type, perturbation;
    Split split = Split::test;
    std::uint64_t cells = 0;
};

struct HoldOut {
    SplitPlan plan;
    std::vector<HeldOutGroup> groups; ///< sorted by cell type and perturbation
    std::uint64_t train_cells = 0, val_cells = 0, test_cells = 0;
    std::vector<std::string> warnings;
    std::string comment; ///< how it was made, for the head of the file
};

/// Draws perturbations and cell types with `seed`; the same request gives the same plan. The control is never
/// held out, and a perturbation is drawn only if cells of another cell type show it in training, as long as
/// there is one. Throws UnknownControl, MissingMember (columns), BadSplit (shares out of (0, 1], nothing left
/// to train on or nothing held out).
HoldOut make_hold_out(const HoldOutRequest& request, JobContext& job);

} // namespace ember

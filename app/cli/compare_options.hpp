#pragma once
// The options that compare and report share.

#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "core/evaluation/compare.hpp"

namespace ember::cli {

struct CompareOptions {
    std::string real;
    std::vector<std::string> predictions, names;
    std::string real_member, pred_member; ///< "obsm/X_hvg", a bare key of obsm, "layers/…", "X"
    std::string pert_col, control_pert, celltype, time, replicate, batch, gene_sets;
    int bootstrap = 200, shuffles = 999;
    std::uint64_t seed = 42;
};

void add_compare_options(CLI::App& command, CompareOptions& options);

/// Opens the files; columns as asked for, as recorded, or guessed. Throws the reader's errors, UsageError.
CompareRequest request_of(const CompareOptions& options);

} // namespace ember::cli

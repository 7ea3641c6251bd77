#pragma once
// What a configuration leaves open and the data can tell: which files, which columns, and that "X" is a
// matrix rather than an embedding.

#include <filesystem>

#include "core/base/job.hpp"
#include "core/experiment/training_config.hpp"

namespace ember {

/// Completes `config` before it is prepared and saved:
/// - without a split file and files: the one .toml with data sets in `folder`, else its one .h5ad file;
/// - columns and a control that still have their default names, which the data lack, are guessed;
/// - embed_key=X becomes null (the matrix X) when no file has obsm/X;
/// - paths of data and checkpoints become absolute, so that the run can be resumed from any folder.
/// Each guess is a notice. Throws MissingMember (no or several candidates, naming them), UnknownControl,
/// BadSplit and the errors of opening files; reads labels, no matrices.
void complete_config(TrainingConfig& config, const std::filesystem::path& folder, JobContext& job);

} // namespace ember

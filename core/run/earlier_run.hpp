#pragma once
// What a run meets in its folder: nothing that no training wrote is ever removed, and an earlier run
// only when that is wished.

#include <filesystem>

namespace ember {

/// Throws WouldOverwrite when a fresh run may not start here: there is a file instead of a folder, something
/// that no training wrote (hidden entries are passed over), or, unless `overwrite`, checkpoints, results of
/// an evaluation (`eval_*`) or a config.yaml that no run of this program stands behind. Writes nothing.
void check_fresh_run(const std::filesystem::path& run_directory, bool overwrite);

/// Throws MissingMember when there is nothing to go on from: no config.yaml or no last.ckpt.
void check_resumable(const std::filesystem::path& run_directory);

/// Removes the files of an earlier run by their names: config.yaml, the maps, version_0/, monitor/,
/// checkpoints/*.ckpt and what was left when one of these was written half. Everything else stays.
/// Throws CannotWrite.
void clear_earlier_run(const std::filesystem::path& run_directory);

} // namespace ember

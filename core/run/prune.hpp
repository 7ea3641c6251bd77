#pragma once
// Frees disk: which checkpoints of which runs may go.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace ember {

struct CheckpointFile {
    std::filesystem::path file;
    std::uint64_t bytes = 0;
    std::int64_t step = -1; ///< when its name or content tells
    std::string why;        ///< "best", "last", "final", "step 2,000"
    bool removable = false;
};

struct PruneRules {
    bool keep_last = true, keep_final = true; ///< best is always kept
    int keep_steps = 0;                       ///< of the numbered ones, the newest so many
};

/// Run directories in and below a folder (at most 6 levels deep), sorted by path.
std::vector<std::filesystem::path> find_runs(const std::filesystem::path& folder);
/// Checkpoints of one run, newest first, with leftovers of interrupted writing.
std::vector<CheckpointFile> list_checkpoints(const std::filesystem::path& run_directory);
/// Marks what may go. A running run loses nothing.
std::vector<CheckpointFile> plan_prune(const std::filesystem::path& run_directory, const PruneRules& rules);
/// Removes exactly these; returns the bytes freed. Throws CannotWrite.
std::uint64_t prune(const std::vector<CheckpointFile>& files);

} // namespace ember

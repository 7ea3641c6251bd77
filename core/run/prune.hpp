#pragma once
// Frees disk: which checkpoints of which runs may go.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace ember {

enum class CheckpointRole { best, last, final, numbered, leftover, other };

struct CheckpointFile {
    std::filesystem::path file;
    std::uint64_t bytes = 0; ///< that removing it frees: 0 for a second name of the same content
    CheckpointRole role = CheckpointRole::other;
    std::int64_t step = -1; ///< when its name, the run's status or its content tells
    std::string
        why; ///< "best", "last", "final", "step 2,000", "interrupted writing", or its name: for display
    bool removable = false;
};

struct PruneRules {
    bool keep_last = true, keep_final = true; ///< best is always kept
    int keep_steps = 0;                       ///< of the numbered ones, the newest so many
};

/// Run directories in and below a folder (at most 6 levels deep), sorted by path. Symbolic links to folders
/// and hidden folders are passed over.
std::vector<std::filesystem::path> find_runs(const std::filesystem::path& folder);
/// Checkpoints of one run, newest first, then leftovers of interrupted writing. Symbolic links are not
/// listed, and nothing outside the run is.
std::vector<CheckpointFile> list_checkpoints(const std::filesystem::path& run_directory);
/// Marks what may go: numbered checkpoints and leftovers, and last and final when the rules let them. What a
/// symbolic link named best, last or final points to stays as that would. At least one checkpoint of a run
/// stays. A running run loses nothing; one of arc-state, which has no status, counts as running when it wrote
/// something in the last ten minutes.
std::vector<CheckpointFile> plan_prune(const std::filesystem::path& run_directory, const PruneRules& rules);
/// Removes exactly those that are marked removable; returns the bytes freed. Throws CannotWrite, and RunBusy
/// when a run was started since (then nothing of it goes).
std::uint64_t prune(const std::vector<CheckpointFile>& files);

} // namespace ember

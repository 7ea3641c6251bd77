#pragma once
// What a path names, told from its content, not from its extension.

#include <filesystem>

namespace ember {

enum class FileKind { data, run_directory, checkpoint };

struct FileIdentity {
    FileKind kind = FileKind::data;
    std::filesystem::path path; ///< the run directory, when a checkpoint inside one was given
};

/// Throws Error `MissingFile`, and `NotARunDirectory` for another folder. Files that are nothing known count
/// as data, whose reader explains what is wrong.
FileIdentity identifyFile(const std::filesystem::path& path);

} // namespace ember

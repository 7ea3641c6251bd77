#pragma once
// The folder of gene indices: names of its files, who may write, and how large it may grow.

#include <cstdint>
#include <filesystem>
#include <string>

#include "core/data/anndata.hpp"

namespace ember::gene_index {

inline constexpr std::uint64_t folder_bytes = std::uint64_t{8} << 30;

/// 64 hexadecimal digits for a matrix of a file as it is now; empty when the file cannot be read. Which parts
/// of the file are looked at says find_gene_index().
std::string key_of(const AnnData& data, const Matrix& matrix);

std::filesystem::path file_of(const std::string& key);

/// Removes what was not used for longest until the folder holds at most `most` bytes besides `keep`, and what
/// crashed builders left there over a day ago.
void make_room(const std::filesystem::path& keep, std::uint64_t most = folder_bytes) noexcept;

/// Marks a file as just used.
void touch(const std::filesystem::path& file) noexcept;

/// Held by the one builder of an index, in this process or another.
class BuildLock {
public:
    /// Waits, and hears cancel. Where the file system knows no locks, nobody waits: the last one to finish
    /// replaces the others' equal files.
    BuildLock(const std::filesystem::path& file, JobContext& job);
    ~BuildLock();
    BuildLock(const BuildLock&) = delete;
    BuildLock& operator=(const BuildLock&) = delete;

private:
    std::filesystem::path file_;
    int fd_ = -1;
};

} // namespace ember::gene_index

#include "core/run/prune.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/error.hpp"
#include "core/run/checkpoint.hpp"
#include "core/run/run_directory.hpp"
#include "core/run/run_status.hpp"

namespace ember {

namespace {

namespace fs = std::filesystem;

constexpr int deepest = 6;
constexpr std::chrono::minutes quiet_time{10};

/// A file's identity on its disk, whatever its names.
using Inode = std::pair<dev_t, ino_t>;

std::optional<struct stat> plain_file(const fs::path& file) {
    struct stat found {};
    return ::lstat(file.c_str(), &found) == 0 && S_ISREG(found.st_mode) ? std::optional(found) : std::nullopt;
}

bool is_plain_folder(const fs::path& folder) {
    std::error_code failure;
    return fs::symlink_status(folder, failure).type() == fs::file_type::directory;
}

std::vector<fs::path> entries(const fs::path& folder) {
    std::vector<fs::path> found;
    std::error_code failure;
    fs::directory_iterator entry(folder, failure);
    for (; !failure && entry != fs::directory_iterator(); entry.increment(failure)) {
        found.push_back(entry->path());
    }
    return found;
}

bool is_number(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// "step=2000" and "epoch=3-step=2000"; −1 for others.
std::int64_t step_of_name(const std::string& stem) {
    constexpr std::string_view mark = "step=";
    const std::size_t at = stem.rfind(mark);
    std::int64_t step = -1;
    if (at != std::string::npos) {
        const std::string_view digits = std::string_view(stem).substr(at + mark.size());
        if (!is_number(digits) || (at > 0 && stem[at - 1] != '-') ||
            std::from_chars(digits.data(), digits.data() + digits.size(), step).ec != std::errc()) {
            return -1;
        }
    }
    return step;
}

std::string with_thousands(std::int64_t number) {
    std::string text = std::to_string(number);
    for (std::size_t at = text.size(); at > 3; at -= 3) {
        text.insert(at - 3, ",");
    }
    return text;
}

constexpr std::array named_roles{std::pair{std::string_view("best"), CheckpointRole::best},
                                 std::pair{std::string_view("last"), CheckpointRole::last},
                                 std::pair{std::string_view("final"), CheckpointRole::final}};

/// Best, last or final, also with the version that Lightning appends (last-v1).
CheckpointRole role_of(std::string_view stem) {
    for (const auto& [name, role] : named_roles) {
        if (stem.starts_with(name)) {
            const std::string_view rest = stem.substr(name.size());
            if (rest.empty() || (rest.starts_with("-v") && is_number(rest.substr(2)))) {
                return role;
            }
        }
    }
    return step_of_name(std::string(stem)) >= 0 ? CheckpointRole::numbered : CheckpointRole::other;
}

bool is_named(CheckpointRole role) {
    return role == CheckpointRole::best || role == CheckpointRole::last || role == CheckpointRole::final;
}

std::string words_for(const CheckpointFile& file) {
    for (const auto& [name, role] : named_roles) {
        if (file.role == role) {
            return std::string(name);
        }
    }
    return file.role == CheckpointRole::numbered   ? "step " + with_thousands(file.step)
           : file.role == CheckpointRole::leftover ? "interrupted writing"
                                                   : file.file.filename().string();
}

std::optional<RunStatus> status_of(const fs::path& run_directory) {
    try {
        return read_run_status(run_directory);
    } catch (const Error&) {
        return std::nullopt;
    }
}

std::int64_t step_of_role(CheckpointRole role, const fs::path& file, const std::optional<RunStatus>& status) {
    if (status && role == CheckpointRole::best) {
        return status->best_step;
    }
    if (status && role == CheckpointRole::last) {
        return status->checkpoint_step;
    }
    try {
        return Checkpoint::open(file)->global_step().value_or(-1);
    } catch (const Error&) {
        return -1;
    }
}

bool has_status(const fs::path& run_directory) {
    std::error_code failure;
    return fs::exists(run_directory / "status.json", failure);
}

bool is_running(const fs::path& run_directory) {
    if (is_run_locked(run_directory)) {
        return true;
    }
    if (has_status(run_directory)) {
        const auto status = status_of(run_directory);
        return status && is_active(status->state);
    }
    std::vector<fs::path> files = entries(run_directory / "checkpoints");
    files.push_back(run_directory / "version_0" / "metrics.csv");
    return std::any_of(files.begin(), files.end(), [](const fs::path& file) {
        std::error_code failure;
        const auto written = fs::last_write_time(file, failure);
        return !failure && fs::file_time_type::clock::now() - written < quiet_time;
    });
}

void find_below(const fs::path& folder, int depth, std::vector<fs::path>& found) {
    if (is_run_directory(folder) || has_status(folder)) {
        found.push_back(folder);
        return;
    }
    for (const fs::path& entry : entries(folder)) {
        if (depth < deepest && is_plain_folder(entry) && !entry.filename().string().starts_with(".")) {
            find_below(entry, depth + 1, found);
        }
    }
}

/// The run's checkpoints that a link named after a role stands for.
std::map<fs::path, CheckpointRole> linked_roles(const fs::path& checkpoints) {
    std::map<fs::path, CheckpointRole> roles;
    for (const fs::path& entry : entries(checkpoints)) {
        std::error_code failure;
        const CheckpointRole role = role_of(entry.stem().string());
        if (is_named(role) && fs::is_symlink(entry, failure)) {
            const fs::path target = fs::weakly_canonical(entry, failure);
            CheckpointRole& held = roles.try_emplace(target.filename(), role).first->second;
            held = held == CheckpointRole::best ? held : role; // what is best stays whatever else it is
        }
    }
    return roles;
}

bool may_go(CheckpointRole role, const PruneRules& rules, int newer_steps) {
    switch (role) {
    case CheckpointRole::last:
        return !rules.keep_last;
    case CheckpointRole::final:
        return !rules.keep_final;
    case CheckpointRole::numbered:
        return newer_steps >= rules.keep_steps;
    case CheckpointRole::leftover:
        return true;
    case CheckpointRole::best:
    case CheckpointRole::other:
        return false;
    }
    return false;
}

Inode inode_of(const fs::path& file) {
    const auto found = plain_file(file);
    return found ? Inode{found->st_dev, found->st_ino} : Inode{};
}

} // namespace

std::vector<fs::path> find_runs(const fs::path& folder) {
    std::vector<fs::path> found;
    find_below(folder, 0, found);
    std::sort(found.begin(), found.end());
    return found;
}

std::vector<CheckpointFile> list_checkpoints(const fs::path& run_directory) {
    std::vector<CheckpointFile> files, leftovers;
    const auto status = status_of(run_directory);
    const fs::path folder = run_directory / "checkpoints";
    const auto found = is_plain_folder(folder) ? entries(folder) : std::vector<fs::path>();
    std::set<Inode> seen;
    for (const fs::path& entry : found) {
        const auto info = plain_file(entry);
        if (!info) {
            continue;
        }
        CheckpointFile file;
        file.file = entry;
        const bool is_new = seen.insert({info->st_dev, info->st_ino}).second;
        file.bytes = is_new ? static_cast<std::uint64_t>(info->st_size) : 0;
        const std::string name = entry.filename().string(), stem = entry.stem().string();
        if (name.starts_with(".") && name.ends_with(".part")) {
            file.role = CheckpointRole::leftover;
            file.why = words_for(file);
            leftovers.push_back(std::move(file));
        } else if (entry.extension() == ".ckpt") {
            file.role = role_of(stem);
            file.step = is_named(file.role) ? step_of_role(file.role, entry, status) : step_of_name(stem);
            file.why = words_for(file);
            files.push_back(std::move(file));
        }
    }
    std::sort(files.begin(), files.end(), [](const CheckpointFile& a, const CheckpointFile& b) {
        return std::pair(-a.step, a.file) < std::pair(-b.step, b.file);
    });
    files.insert(files.end(), leftovers.begin(), leftovers.end());
    return files;
}

std::vector<CheckpointFile> plan_prune(const fs::path& run_directory, const PruneRules& rules) {
    std::vector<CheckpointFile> files = list_checkpoints(run_directory);
    if (is_running(run_directory)) {
        return files;
    }
    const auto linked = linked_roles(run_directory / "checkpoints");
    int newer_steps = 0;
    std::size_t kept = 0;
    for (CheckpointFile& file : files) {
        const auto role = linked.find(file.file.filename());
        file.removable = may_go(role == linked.end() ? file.role : role->second, rules, newer_steps);
        newer_steps += file.role == CheckpointRole::numbered ? 1 : 0;
        kept += !file.removable && file.role != CheckpointRole::leftover ? 1 : 0;
    }
    if (kept == 0 && !files.empty() && files.front().role != CheckpointRole::leftover) {
        files.front().removable = false;
    }
    // A content goes only with the last of its names.
    std::map<Inode, std::vector<CheckpointFile*>> names;
    for (CheckpointFile& file : files) {
        names[inode_of(file.file)].push_back(&file);
    }
    for (auto& [inode, same] : names) {
        const auto stays =
            std::find_if(same.begin(), same.end(), [](auto* file) { return !file->removable; });
        if (stays != same.end() && same.size() > 1) {
            std::uint64_t bytes = 0;
            for (CheckpointFile* file : same) {
                bytes += std::exchange(file->bytes, 0);
            }
            (*stays)->bytes = bytes;
        }
    }
    return files;
}

std::uint64_t prune(const std::vector<CheckpointFile>& files) {
    for (const CheckpointFile& file : files) {
        const fs::path run_directory = file.file.parent_path().parent_path();
        if (file.removable && is_run_locked(run_directory)) {
            throw Error("RunBusy", "The run was started meanwhile; nothing was removed",
                        {run_directory.string(), "", {}}, "Free its disk when it has ended");
        }
    }
    std::uint64_t freed = 0;
    for (const CheckpointFile& file : files) {
        const auto info = plain_file(file.file);
        if (!file.removable || !info) {
            continue;
        }
        if (::unlink(file.file.c_str()) != 0 && errno != ENOENT) {
            throw Error("CannotWrite", std::string("A checkpoint cannot be removed: ") + std::strerror(errno),
                        {file.file.string(), "", {}}, "Check that you may write to its folder");
        }
        freed += info->st_nlink == 1 ? static_cast<std::uint64_t>(info->st_size) : 0;
    }
    return freed;
}

} // namespace ember

// What the machine has left: memory, disk, speed.

#include <algorithm>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>

#include <sys/statvfs.h>

#include "core/experiment/run_estimate.hpp"

namespace ember {

namespace {

namespace fs = std::filesystem;
constexpr std::uint64_t unlimited = std::numeric_limits<std::uint64_t>::max();

std::uint64_t number_in(const fs::path& file) {
    std::ifstream text(file);
    std::uint64_t number = unlimited;
    return text >> number ? number : unlimited; // "max" is no number
}

/// "MemAvailable: 123 kB"
std::uint64_t free_of_machine() {
    std::ifstream file("/proc/meminfo");
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("MemAvailable:")) {
            std::istringstream text(line.substr(13));
            std::uint64_t kilobytes = 0;
            text >> kilobytes;
            return kilobytes * 1024;
        }
    }
    return unlimited;
}

/// Page cache counts as used there, but gives way.
std::uint64_t free_of_group(const fs::path& folder, const char* limit, const char* used) {
    const std::uint64_t most = number_in(folder / limit), now = number_in(folder / used);
    if (most == unlimited || now == unlimited || most > (1ULL << 60U)) {
        return unlimited;
    }
    std::uint64_t cache = 0;
    std::ifstream file(folder / "memory.stat");
    for (std::string key; file >> key;) {
        std::uint64_t value = 0;
        file >> value;
        if (key == "inactive_file" || key == "active_file") {
            cache += value;
        }
    }
    return most > now - std::min(now, cache) ? most - (now - std::min(now, cache)) : 0;
}

std::uint64_t free_of_groups() {
    std::uint64_t least =
        std::min(free_of_group("/sys/fs/cgroup", "memory.max", "memory.current"),
                 free_of_group("/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes"));
    std::ifstream file("/proc/self/cgroup");
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("0::/")) {
            const fs::path root = "/sys/fs/cgroup";
            for (fs::path group = line.substr(4); !group.empty(); group = group.parent_path()) {
                least = std::min(least, free_of_group(root / group, "memory.max", "memory.current"));
            }
        }
    }
    return least;
}

} // namespace

std::optional<std::uint64_t> available_memory() {
    const std::uint64_t least = std::min(free_of_machine(), free_of_groups());
    return least == unlimited ? std::nullopt : std::optional(least);
}

std::optional<std::uint64_t> free_disk(const fs::path& path) {
    std::error_code failure;
    fs::path folder = fs::absolute(path, failure);
    while (!folder.empty() && !fs::exists(folder, failure) && folder != folder.parent_path()) {
        folder = folder.parent_path();
    }
    struct statvfs space {};
    if (statvfs(folder.c_str(), &space) != 0) {
        return std::nullopt;
    }
    return static_cast<std::uint64_t>(space.f_bavail) * space.f_frsize;
}

} // namespace ember

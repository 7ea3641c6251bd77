#include "core/experiment/split_pattern.hpp"

#include <algorithm>
#include <glob.h>
#include <memory>

namespace ember {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t most_alternatives = 10'000;

bool is_pattern(const std::string& text) {
    return text.find_first_of("*?[]{}") != std::string::npos;
}

bool is_data_file(const fs::path& file) {
    return file.extension() == ".h5" || file.extension() == ".h5ad";
}

bool exists_as_file(const fs::path& file) {
    std::error_code failure;
    return fs::is_regular_file(file, failure);
}

std::vector<fs::path> files_of_folder(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code failure;
    for (fs::directory_iterator entry(folder, failure), end; !failure && entry != end;
         entry.increment(failure)) {
        if (is_data_file(entry->path()) && exists_as_file(entry->path())) {
            files.push_back(entry->path());
        }
    }
    return files;
}

std::vector<fs::path> globbed(const fs::path& pattern) {
    glob_t found{};
    const std::unique_ptr<glob_t, void (*)(glob_t*)> freed(&found, globfree);
    std::vector<fs::path> files;
    if (glob(pattern.c_str(), GLOB_NOSORT, nullptr, &found) == 0) {
        files.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
    }
    return files;
}

void append(std::vector<fs::path>& files, const std::vector<fs::path>& more) {
    files.insert(files.end(), more.begin(), more.end());
}

std::string trimmed(const std::string& text) {
    const std::size_t first = text.find_first_not_of(' ');
    return first == std::string::npos ? std::string()
                                      : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

} // namespace

std::vector<std::string> expand_braces(const std::string& pattern) {
    std::vector<std::string> done, open = {pattern};
    while (!open.empty() && done.size() + open.size() < most_alternatives) {
        const std::string text = std::move(open.back());
        open.pop_back();
        const std::size_t begin = text.find('{');
        const std::size_t end = begin == std::string::npos ? begin : text.find('}', begin);
        if (end == std::string::npos || end == begin + 1) {
            done.push_back(text);
            continue;
        }
        std::vector<std::string> alternatives;
        for (std::size_t from = begin + 1; from <= end;) {
            const std::size_t to = std::min(text.find(',', from), end);
            alternatives.push_back(text.substr(0, begin) + trimmed(text.substr(from, to - from)) +
                                   text.substr(end + 1));
            from = to + 1;
        }
        open.insert(open.end(), alternatives.rbegin(), alternatives.rend());
    }
    return done;
}

std::vector<fs::path> files_of_pattern(const std::string& pattern, const fs::path& folder) {
    std::vector<fs::path> files;
    if (pattern.empty() || pattern.find('\0') != std::string::npos) {
        return files;
    }
    if (const fs::path whole = folder / pattern; !is_pattern(pattern) || exists_as_file(whole)) {
        files = exists_as_file(whole) ? std::vector<fs::path>{whole} : files_of_folder(whole);
    } else {
        for (const std::string& each : expand_braces(pattern)) {
            if (is_data_file(each)) {
                append(files, globbed(folder / each));
            } else {
                append(files, globbed(folder / each / "*.h5"));
                append(files, globbed(folder / each / "*.h5ad"));
            }
        }
    }
    std::erase_if(files, [](const fs::path& file) { return !exists_as_file(file); });
    for (fs::path& file : files) {
        file = file.lexically_normal();
    }
    std::sort(files.begin(), files.end());
    files.erase(std::unique(files.begin(), files.end()), files.end());
    return files;
}

} // namespace ember

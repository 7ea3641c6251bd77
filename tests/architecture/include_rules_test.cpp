// The floors of the house: includes point down only, and LibTorch and Qt stay where they belong.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace fs = std::filesystem;

namespace {

struct Include {
    std::string file; ///< path from the repository root
    std::string header;
    bool quoted = false;
};

bool is_source(const fs::path& file) {
    return file.extension() == ".hpp" || file.extension() == ".cpp";
}

std::vector<Include> includes_below(const std::vector<std::string>& folders) {
    static const std::regex line_pattern(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"])");
    std::vector<Include> found;
    const fs::path root = EMBER_SOURCE_DIR;
    for (const std::string& folder : folders) {
        for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
            if (!entry.is_regular_file() || !is_source(entry.path())) {
                continue;
            }
            std::ifstream stream(entry.path());
            for (std::string line; std::getline(stream, line);) {
                if (std::smatch match; std::regex_search(line, match, line_pattern)) {
                    found.push_back({fs::relative(entry.path(), root).string(), match[2], match[1] == "\""});
                }
            }
        }
    }
    return found;
}

bool starts_with(const std::string& text, const std::string& prefix) {
    return text.rfind(prefix, 0) == 0;
}

/// What each room may include of ours, besides itself.
const std::map<std::string, std::vector<std::string>> allowed = {
    {"core/base/", {}},
    {"core/data/", {"core/base/"}},
    {"core/run/", {"core/base/"}},
    {"core/analysis/", {"core/base/", "core/data/"}},
    {"core/embedding/", {"core/base/", "core/data/"}},
    {"core/genes/", {"core/base/", "core/data/", "core/run/", "core/analysis/"}},
    {"core/evaluation/", {"core/base/", "core/data/", "core/analysis/", "core/embedding/", "core/genes/"}},
    {"core/experiment/", {"core/base/", "core/data/", "core/run/", "core/analysis/", "core/genes/"}},
    {"core/model/", {"core/base/", "core/data/", "core/run/", "core/analysis/", "core/genes/"}},
    {"core/training/", {"core/base/", "core/data/", "core/run/", "core/experiment/", "core/model/"}},
    {"core/engine/", {"core/base/", "core/model/", "core/training/"}},
    {"widgets/", {"core/base/"}},
    {"views/",
     {"core/base/", "core/data/", "core/run/", "core/analysis/", "core/embedding/", "core/genes/",
      "core/evaluation/", "core/experiment/", "widgets/"}},
    {"app/",
     {"core/base/", "core/data/", "core/run/", "core/analysis/", "core/embedding/", "core/genes/",
      "core/evaluation/", "core/experiment/", "widgets/", "views/"}},
};

bool may_include(const std::string& room, const std::string& header) {
    if (starts_with(header, room)) {
        return true;
    }
    for (const std::string& below : allowed.at(room)) {
        if (starts_with(header, below)) {
            return true;
        }
    }
    return false;
}

TEST(IncludeRules, DependenciesPointDown) {
    std::size_t seen = 0;
    for (const auto& [room, below] : allowed) {
        for (const Include& include : includes_below({room})) {
            const bool ours =
                std::regex_search(include.header, std::regex("^(app|core|views|widgets|plugins)/"));
            if (ours) {
                ++seen;
                EXPECT_TRUE(may_include(room, include.header))
                    << include.file << " includes " << include.header;
            } else {
                EXPECT_FALSE(include.quoted) << include.file << ": \"" << include.header
                                             << "\" is not written from the repository root";
            }
        }
    }
    EXPECT_GT(seen, 100u) << "the scan has lost its way";
}

TEST(IncludeRules, CoreNeverIncludesQt) {
    for (const Include& include : includes_below({"core", "app/cli"})) {
        EXPECT_FALSE(std::regex_search(include.header, std::regex("^(Q[A-Z]|Qt|qcustomplot)")))
            << include.file << " includes " << include.header;
    }
}

TEST(IncludeRules, LibTorchStaysInTheEngine) {
    std::size_t torch_files = 0;
    std::string last;
    for (const Include& include : includes_below({"app", "core", "views", "widgets"})) {
        if (!std::regex_search(include.header, std::regex("^(torch|ATen|c10)/"))) {
            continue;
        }
        EXPECT_TRUE(starts_with(include.file, "core/model/") || starts_with(include.file, "core/training/") ||
                    starts_with(include.file, "core/engine/"))
            << include.file << " includes " << include.header;
        if (fs::path(include.file).extension() == ".cpp" && include.file != last) {
            ++torch_files;
            last = include.file;
        }
    }
    EXPECT_LE(torch_files, 40u) << "a LibTorch include costs 15 to 20 seconds of compile time";
}

TEST(IncludeRules, FilesFitOnAFewScreens) {
    std::vector<std::size_t> lengths;
    const fs::path root = EMBER_SOURCE_DIR;
    for (const char* folder : {"app", "core", "views", "widgets"}) {
        for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
            if (!entry.is_regular_file() || !is_source(entry.path())) {
                continue;
            }
            std::ifstream stream(entry.path());
            const auto lines = static_cast<std::size_t>(
                std::count(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>(), '\n'));
            EXPECT_LE(lines, 600u) << entry.path();
            lengths.push_back(lines);
        }
    }
    ASSERT_FALSE(lengths.empty());
    std::nth_element(lengths.begin(), lengths.begin() + static_cast<std::ptrdiff_t>(lengths.size() / 2),
                     lengths.end());
    EXPECT_LE(lengths[lengths.size() / 2], 150u) << "the median file is too long";
}

} // namespace

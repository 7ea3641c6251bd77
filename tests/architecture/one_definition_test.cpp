// Two types of one name in one program are undefined behaviour that no compiler or linker reports: the
// members of one are then taken for those of the other. So every type outside an unnamed namespace has a name
// of its own.

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace fs = std::filesystem;

namespace {

/// Names of the types that a file defines at namespace level, outside unnamed namespaces. Relies on
/// clang-format: what stands at the left margin is in a namespace.
std::vector<std::string> types_of(const fs::path& file) {
    static const std::regex definition(
        R"(^(?:template<[^>]*> )?(?:struct|class|enum class|enum|union) (\w+)(?: final)?(?: : [^;{]*)? ?\{)");
    std::vector<std::string> found;
    std::ifstream stream(file);
    bool unnamed = false;
    for (std::string line; std::getline(stream, line);) {
        if (line == "namespace {") {
            unnamed = true;
        } else if (line.starts_with("} // namespace")) {
            unnamed = false;
        } else if (std::smatch match; !unnamed && std::regex_search(line, match, definition)) {
            found.push_back(match[1]);
        }
    }
    return found;
}

TEST(OneDefinition, EveryTypeHasANameOfItsOwn) {
    std::map<std::string, std::set<std::string>> files;
    const fs::path root = EMBER_SOURCE_DIR;
    for (const char* folder : {"core", "widgets", "views", "app"}) {
        for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
            const auto ending = entry.path().extension();
            if (entry.is_regular_file() && (ending == ".hpp" || ending == ".cpp")) {
                for (const std::string& type : types_of(entry.path())) {
                    files[type].insert(fs::relative(entry.path(), root).string());
                }
            }
        }
    }
    EXPECT_GT(files.size(), 300u);
    for (const auto& [type, where] : files) {
        EXPECT_EQ(where.size(), 1u) << type << " is defined in " << *where.begin() << " and "
                                    << *where.rbegin();
    }
}

} // namespace

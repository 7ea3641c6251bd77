// Splits written as cell-load's TOML.

#include <map>
#include <sstream>

#include "core/base/atomic_file.hpp"
#include "core/experiment/split_file.hpp"
#include "core/experiment/split_pattern.hpp"

namespace ember {

namespace fs = std::filesystem;

namespace {

/// A basic string of TOML.
std::string quoted(const std::string& text) {
    constexpr char digits[] = "0123456789ABCDEF";
    std::string toml = "\"";
    for (const char c : text) {
        const auto code = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            toml += std::string("\\") + c;
        } else if (code < 0x20 || code == 0x7F) {
            toml += std::string("\\u00") + digits[code >> 4U] + digits[code & 15U];
        } else {
            toml += c;
        }
    }
    return toml + '"';
}

std::string list_of(const std::map<std::string, Split>& held, Split split) {
    std::string items;
    for (const auto& [perturbation, of] : held) {
        if (of == split) {
            items += (items.empty() ? "" : ", ") + quoted(perturbation);
        }
    }
    return items;
}

const char* name_of(Split split) {
    return split == Split::train ? "train" : split == Split::val ? "val" : "test";
}

/// As it is found from beside the TOML file.
std::string written_path(const SplitDataset& dataset, const fs::path& toml) {
    const fs::path folder = fs::absolute(toml).lexically_normal().parent_path();
    if (dataset.files.size() != 1 || dataset.pattern.find_first_of("*?[]{}") != std::string::npos) {
        const bool found = files_of_pattern(dataset.pattern, folder) == dataset.files;
        return found ? dataset.pattern : fs::absolute(dataset.pattern).string();
    }
    const fs::path file = fs::absolute(dataset.files.front()).lexically_normal();
    const fs::path relative = file.lexically_relative(folder);
    const bool below = !relative.empty() && *relative.begin() != "..";
    return (below ? relative : file).string();
}

void write_comment(std::ostringstream& toml, const std::string& comment) {
    std::istringstream lines(comment);
    for (std::string line; std::getline(lines, line);) {
        toml << "# ";
        for (const char c : line) { // control characters may not stand in a comment
            toml << (static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c);
        }
        toml << '\n';
    }
}

} // namespace

std::string split_toml(const SplitPlan& plan, const std::string& comment) {
    std::ostringstream toml, zeroshot, fewshot;
    write_comment(toml, comment);
    toml << "[datasets]\n";
    for (const SplitDataset& set : plan.datasets) {
        toml << quoted(set.name) << " = " << quoted(written_path(set, plan.file)) << '\n';
        for (const auto& [cell_type, split] : set.zeroshot) {
            zeroshot << quoted(set.name + '.' + cell_type) << " = \"" << name_of(split) << "\"\n";
        }
        for (const auto& [cell_type, held] : set.fewshot) {
            fewshot << "\n[fewshot." << quoted(set.name + '.' + cell_type) << "]\n";
            for (const Split split : {Split::val, Split::test}) {
                if (const std::string items = list_of(held, split); !items.empty()) {
                    fewshot << name_of(split) << " = [" << items << "]\n";
                }
            }
        }
    }
    toml << "\n[training]\n";
    for (const SplitDataset& set : plan.datasets) {
        if (set.trains) {
            toml << quoted(set.name) << " = \"train\"\n";
        }
    }
    toml << "\n[zeroshot]\n" << zeroshot.str() << "\n[fewshot]\n" << fewshot.str();
    return toml.str();
}

void write_split(const SplitPlan& plan, const std::string& comment) {
    write_file_atomically(plan.file, split_toml(plan, comment));
}

} // namespace ember

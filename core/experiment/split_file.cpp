#include "core/experiment/split_file.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>

// The library asserts some things that a wrong file can break ("[[[" is one), or with NDEBUG takes them for
// granted; here they are errors of the file.
#undef NDEBUG
[[noreturn]] static void refuse_toml() {
    throw std::runtime_error("unexpected character");
}
#define TOML_ASSERT(expr) ((expr) ? void() : refuse_toml())
#define TOML_EXCEPTIONS 1
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include "core/base/error.hpp"
#include "core/base/nearest_names.hpp"
#include "core/experiment/split_pattern.hpp"
#include "core/run/unicode_text.hpp"

namespace ember {

namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t largest_file = std::uintmax_t{16} << 20U;
const std::vector<std::string> table_names = {"datasets", "training", "zeroshot", "fewshot"};
const std::vector<std::string> split_names = {"train", "val", "test"};

std::optional<long long> row_of(const toml::node& node) {
    return node.source().begin.line == 0 ? std::optional<long long>()
                                         : static_cast<long long>(node.source().begin.line) - 1;
}

std::string nearest_remedy(const std::string& wrong, const std::vector<std::string>& names,
                           const std::string& otherwise) {
    const std::vector<std::string> nearest = nearest_names(wrong, names);
    return nearest.empty() ? otherwise : "Did you mean " + quoted_list(nearest) + "?";
}

class Reader {
public:
    explicit Reader(const fs::path& file) { plan_.file = file; }

    SplitPlan read() {
        const toml::table root = parse();
        for (const auto& [name, node] : root) {
            check_name(std::string(name.str()), table_names, "table", node);
        }
        datasets(table(root, "datasets"));
        training(table(root, "training"));
        zeroshot(table(root, "zeroshot"));
        fewshot(table(root, "fewshot"));
        check_used();
        return std::move(plan_);
    }

private:
    toml::table parse() const {
        const std::string content = text();
        if (!is_utf8(content)) { // of which the library expects better
            not_toml("it is not UTF-8", {});
        }
        try {
            return toml::parse(content, plan_.file.string());
        } catch (const toml::parse_error& error) {
            not_toml(std::string(error.description()), static_cast<long long>(error.source().begin.line) - 1);
        } catch (const std::runtime_error& error) {
            not_toml(error.what(), {});
        }
    }

    [[noreturn]] void not_toml(const std::string& what, std::optional<long long> row) const {
        throw Error("BadSplit", "The split file is not TOML: " + what, {plan_.file.string(), "", row},
                    "Correct that line; texts stand in quotes, lists in [ ]");
    }

    std::string text() const {
        std::error_code failure;
        if (!fs::is_regular_file(plan_.file, failure)) {
            throw Error("MissingMember", "The split file does not exist", {plan_.file.string(), "", {}},
                        "Check its name; `emberview-cli train split` makes one");
        }
        if (fs::file_size(plan_.file, failure) > largest_file) {
            throw Error("BadSplit", "The split file is larger than 16 MiB", {plan_.file.string(), "", {}},
                        "Choose a TOML file");
        }
        std::ifstream stream(plan_.file, std::ios::binary);
        std::string content{std::istreambuf_iterator<char>(stream), {}};
        if (!stream) {
            throw Error("CannotRead", "The split file cannot be read", {plan_.file.string(), "", {}},
                        "Check its permissions");
        }
        return content;
    }

    [[noreturn]] void fail(const std::string& message, const std::string& key, const toml::node& node,
                           const std::string& remedy) const {
        throw Error("BadSplit", message, {plan_.file.string(), key, row_of(node)}, remedy);
    }

    void check_name(const std::string& name, const std::vector<std::string>& known, const std::string& what,
                    const toml::node& node) const {
        if (std::find(known.begin(), known.end(), name) == known.end()) {
            fail("There is no " + what + " '" + name + "'", name, node,
                 nearest_remedy(name, known, "Use one of " + quoted_list(known)));
        }
    }

    const toml::table* table(const toml::table& root, const char* name) const {
        const toml::node* const node = root.get(name);
        if (node != nullptr && node->as_table() == nullptr) {
            fail("'" + std::string(name) + "' is not a table", name, *node,
                 "Write [" + std::string(name) + "] on a line of its own");
        }
        return node != nullptr ? node->as_table() : nullptr;
    }

    std::string text_of(const std::string& key, const toml::node& node) const {
        const auto text = node.value<std::string>();
        if (node.as_string() == nullptr || !text) {
            fail("The value of '" + key + "' is not a text", key, node, "Put it in quotes");
        }
        return *text;
    }

    void datasets(const toml::table* entries) {
        if (entries == nullptr || entries->empty()) {
            throw Error("BadSplit", "The split file names no data sets",
                        {plan_.file.string(), "datasets", {}}, "Add [datasets] with name = \"file.h5ad\"");
        }
        for (const auto& [key, node] : *entries) {
            SplitDataset dataset;
            dataset.name = key.str();
            dataset.pattern = text_of(dataset.name, node);
            if (dataset.name.find('.') != std::string::npos) {
                fail("The data set '" + dataset.name + "' has a dot in its name", dataset.name, node,
                     "Rename it: what follows the first dot is read as the cell type");
            }
            dataset.files = files_of_pattern(dataset.pattern, fs::absolute(plan_.file).parent_path());
            if (dataset.files.empty()) {
                dataset.files = files_of_pattern(dataset.pattern, fs::current_path());
            }
            if (dataset.files.empty()) {
                throw Error(
                    "MissingMember",
                    "The data set '" + dataset.name + "' has no files: '" + dataset.pattern +
                        "' finds no .h5 or .h5ad file",
                    {plan_.file.string(), dataset.name, row_of(node)},
                    "Correct the path; it is looked up beside the split file and in the working folder");
            }
            plan_.datasets.push_back(std::move(dataset));
        }
    }

    SplitDataset& dataset(const std::string& name, const std::string& key, const toml::node& node) {
        std::vector<std::string> known;
        for (SplitDataset& each : plan_.datasets) {
            if (each.name == name) {
                return each;
            }
            known.push_back(each.name);
        }
        fail("There is no data set '" + name + "'", key, node,
             nearest_remedy(name, known, "Name it under [datasets]"));
    }

    Split split_of(const std::string& name, const std::string& key, const toml::node& node) const {
        check_name(name, split_names, "split", node);
        static_cast<void>(key);
        return name == "train" ? Split::train : name == "val" ? Split::val : Split::test;
    }

    void training(const toml::table* entries) {
        if (entries == nullptr) {
            return;
        }
        for (const auto& [key, node] : *entries) {
            const std::string name(key.str());
            const std::string split = text_of(name, node);
            // as cell-load has it: only "train" makes a data set train
            dataset(name, name, node).trains = split_of(split, name, node) == Split::train;
        }
    }

    /// "wound.Mac": the data set, and what follows the first dot.
    std::pair<SplitDataset*, std::string> target(const std::string& key, const toml::node& node) {
        const std::size_t dot = key.find('.');
        if (dot == std::string::npos || dot + 1 == key.size()) {
            fail("'" + key + "' names no cell type", key, node,
                 "Write \"data set.cell type\" in quotes, for example \"wound.Mac\"");
        }
        return {&dataset(key.substr(0, dot), key, node), key.substr(dot + 1)};
    }

    void zeroshot(const toml::table* entries, const std::string& prefix = "") {
        if (entries == nullptr) {
            return;
        }
        for (const auto& [part, node] : *entries) {
            const std::string key = prefix + std::string(part.str());
            if (node.as_table() != nullptr) { // wound.Mac = "test" without quotes
                zeroshot(node.as_table(), key + '.');
                continue;
            }
            const Split split = split_of(text_of(key, node), key, node);
            const auto [set, cell_type] = target(key, node);
            set->zeroshot[cell_type] = split;
        }
    }

    static bool holds_splits(const toml::table& entries) {
        return entries.empty() || std::any_of(entries.begin(), entries.end(), [](const auto& entry) {
                   return entry.second.as_table() == nullptr;
               });
    }

    void fewshot(const toml::table* entries, const std::string& prefix = "") {
        if (entries == nullptr) {
            return;
        }
        for (const auto& [part, node] : *entries) {
            const std::string key = prefix + std::string(part.str());
            const toml::table* const inner = node.as_table();
            if (inner == nullptr) {
                fail("'" + key + "' is not a table of val and test", key, node,
                     "Write [fewshot.\"data set.cell type\"] and below it val = [\"…\"]");
            }
            if (holds_splits(*inner)) {
                few_of_type(key, *inner);
            } else {
                fewshot(inner, key + '.'); // [fewshot.wound.Mac] without quotes
            }
        }
    }

    void few_of_type(const std::string& key, const toml::table& entries) {
        const auto [set, cell_type] = target(key, entries);
        std::map<std::string, Split>& held = set->fewshot[cell_type];
        for (const auto& [name, node] : entries) {
            const Split split = split_of(std::string(name.str()), key, node);
            const toml::array* const perturbations = node.as_array();
            if (perturbations == nullptr) {
                fail("'" + std::string(name.str()) + "' is not a list of perturbations", key, node,
                     "Write " + std::string(name.str()) + " = [\"…\", \"…\"]");
            }
            for (const toml::node& item : *perturbations) {
                const std::string perturbation = text_of(key, item);
                if (split == Split::train) {
                    continue; // what is not held out trains anyway
                }
                const auto [found, added] = held.emplace(perturbation, split);
                if (!added && found->second != split) {
                    fail("'" + perturbation + "' is both validation and test", key, item,
                         "Keep it in one of the two");
                }
            }
        }
    }

    void check_used() const {
        for (const SplitDataset& set : plan_.datasets) {
            for (const auto& [cell_type, split] : set.zeroshot) {
                if (set.fewshot.count(cell_type) != 0) {
                    throw Error("BadSplit",
                                "The cell type '" + set.name + '.' + cell_type +
                                    "' is both under [zeroshot] and [fewshot]",
                                {plan_.file.string(), set.name + '.' + cell_type, {}},
                                "Keep it in one of the two");
                }
            }
        }
        const bool any =
            std::any_of(plan_.datasets.begin(), plan_.datasets.end(), [](const SplitDataset& set) {
                return set.trains || !set.zeroshot.empty() || !set.fewshot.empty();
            });
        if (!any) {
            throw Error("BadSplit", "No data set trains", {plan_.file.string(), "training", {}},
                        "Add [training] with " + plan_.datasets.front().name + " = \"train\"");
        }
    }

    SplitPlan plan_;
};

} // namespace

SplitPlan read_split_file(const fs::path& file) {
    return Reader(file).read();
}

SplitPlan split_of_files(const std::vector<fs::path>& files) {
    SplitPlan plan;
    std::set<std::string> names;
    for (const fs::path& file : files) {
        SplitDataset dataset;
        dataset.name = file.stem().string();
        std::replace(dataset.name.begin(), dataset.name.end(), '.', '_');
        for (int number = 2; !names.insert(dataset.name).second; ++number) {
            dataset.name = file.stem().string() + '_' + std::to_string(number);
            std::replace(dataset.name.begin(), dataset.name.end(), '.', '_');
        }
        dataset.pattern = file.string();
        dataset.files = {file};
        dataset.trains = true;
        plan.datasets.push_back(std::move(dataset));
    }
    return plan;
}

} // namespace ember

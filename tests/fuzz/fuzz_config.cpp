// libFuzzer: overrides, configuration files and splits never crash, and what is resolved is written and read
// back the same.

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>
#include <vector>

#include "core/base/error.hpp"
#include "core/experiment/override_grammar.hpp"
#include "core/experiment/split_file.hpp"
#include "core/experiment/train_settings.hpp"
#include "core/experiment/training_config.hpp"
#include "core/run/yaml_config.hpp"

namespace {

using namespace ember;

namespace fs = std::filesystem;

const fs::path& folder() {
    static const fs::path made = [] {
        std::string name = (fs::temp_directory_path() / "fuzz_config_XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr) {
            std::abort();
        }
        std::ofstream(fs::path(name) / "w.h5ad") << "";
        return fs::path(name);
    }();
    return made;
}

fs::path written(const char* name, const std::string& text) {
    std::ofstream(folder() / name, std::ios::binary) << text;
    return folder() / name;
}

void expect(bool holds) {
    if (!holds) {
        std::abort();
    }
}

void check_config(const TrainingConfig& config) {
    expect(parse_yaml(config_yaml(config.values), "config.yaml") == config.values);
    static_cast<void>(train_settings(config.values));
    const std::vector<std::string> again = overrides_of(config.values);
    expect(resolve_config({}, again).values == config.values);
}

void read_overrides(const std::string& text) {
    std::vector<std::string> overrides;
    for (std::size_t from = 0; from <= text.size() && overrides.size() < 8;) {
        const std::size_t to = std::min(text.find('\n', from), text.size());
        overrides.push_back(text.substr(from, to - from));
        from = to + 1;
    }
    check_config(resolve_config({}, overrides));
}

void read_value(const std::string& text) {
    const nlohmann::json value = parse_override_value(text, "key", "key");
    if (value.dump(-1, ' ', false, nlohmann::json::error_handler_t::ignore).find("null") ==
        std::string::npos) {
        expect(parse_override_value(override_value_text(value), "key", "key") == value);
    }
}

void read_split(const std::string& text) {
    SplitPlan plan = read_split_file(written("s.toml", text));
    plan.file = folder() / "again.toml";
    write_split(plan, text.substr(0, 100));
    const SplitPlan again = read_split_file(plan.file);
    expect(again.datasets.size() == plan.datasets.size());
    for (std::size_t i = 0; i < plan.datasets.size(); ++i) {
        expect(again.datasets[i].files == plan.datasets[i].files);
        expect(again.datasets[i].zeroshot == plan.datasets[i].zeroshot);
        expect(again.datasets[i].fewshot == plan.datasets[i].fewshot);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
    try {
        switch (data[0] % 4) {
        case 0:
            read_overrides(text);
            break;
        case 1:
            read_value(text);
            break;
        case 2:
            read_split(text);
            break;
        default:
            check_config(resolve_config(written("c.yaml", text), {}));
        }
    } catch (const Error&) {
        return 0; // refused
    }
    return 0;
}

#include "core/run/run_directory.hpp"

#include <algorithm>
#include <array>

#include "core/base/error.hpp"
#include "core/run/label_map.hpp"
#include "core/run/mapped_file.hpp"
#include "core/run/yaml_config.hpp"

namespace ember {

namespace {

namespace fs = std::filesystem;

constexpr std::array known_checkpoints{"final", "last", "best"};

bool is_checkpoint_name(const fs::path& file) {
    const std::string extension = file.extension().string();
    return extension == ".ckpt" || extension == ".safetensors" || extension == ".pt";
}

std::size_t rank_of(const fs::path& file) {
    const std::string stem = file.stem().string();
    return static_cast<std::size_t>(std::find(known_checkpoints.begin(), known_checkpoints.end(), stem) -
                                    known_checkpoints.begin());
}

void append_checkpoints(const fs::path& folder, bool with_pt, std::vector<fs::path>& found) {
    std::error_code failure;
    fs::directory_iterator entry(folder, failure);
    for (; !failure && entry != fs::directory_iterator(); entry.increment(failure)) {
        std::error_code unreadable;
        if (entry->is_regular_file(unreadable) && is_checkpoint_name(entry->path()) &&
            (with_pt || entry->path().extension() != ".pt")) {
            found.push_back(entry->path());
        }
    }
}

/// The run's maps are .pt files too, so beside them only the other extensions count.
std::vector<fs::path> list_checkpoints(const fs::path& directory) {
    std::vector<fs::path> found;
    append_checkpoints(directory / "checkpoints", true, found);
    append_checkpoints(directory, false, found);
    std::sort(found.begin(), found.end(), [](const fs::path& a, const fs::path& b) {
        const auto key = [](const fs::path& file) { return std::make_pair(rank_of(file), file.string()); };
        return key(a) < key(b);
    });
    return found;
}

LabelMap read_map(const fs::path& file) {
    const auto mapping = MappedFile::open(file);
    return label_map_from_bytes(mapping->bytes(), file.string());
}

LabelMap read_optional_map(const fs::path& directory, const std::string& stem) {
    for (const char* extension : {".torch", ".pt", ".pkl"}) {
        const fs::path file = directory / (stem + extension);
        if (fs::exists(file)) {
            return read_map(file);
        }
    }
    return {};
}

void require(const fs::path& file, const std::string& what) {
    if (!fs::exists(file)) {
        throw Error("MissingMember",
                    "The run directory has no " + file.filename().string() + " (" + what + ")",
                    {file.parent_path().string(), file.filename().string(), {}},
                    "Choose the folder that 'state tx train' wrote, or copy the missing file into it");
    }
}

} // namespace

nlohmann::json RunDirectory::config_at(const std::string& dotted) const {
    const nlohmann::json* value = &config;
    for (std::size_t start = 0; start <= dotted.size();) {
        const std::size_t end = std::min(dotted.find('.', start), dotted.size());
        const std::string key = dotted.substr(start, end - start);
        if (!value->is_object() || !value->contains(key)) {
            return nullptr;
        }
        value = &(*value)[key];
        start = end + 1;
    }
    return *value;
}

std::string RunDirectory::config_text(const std::string& dotted) const {
    const nlohmann::json value = config_at(dotted);
    if (value.is_null()) {
        return "";
    }
    return value.is_string() ? value.get<std::string>() : value.dump();
}

const fs::path& RunDirectory::default_checkpoint() const {
    if (checkpoints.empty()) {
        throw Error("MissingMember", "The run directory has no checkpoint",
                    {path.string(), "checkpoints", {}},
                    "Copy final.ckpt into its checkpoints folder, or name a checkpoint");
    }
    if (rank_of(checkpoints.front()) < known_checkpoints.size()) {
        return checkpoints.front();
    }
    const auto age = [](const fs::path& file) {
        std::error_code unreadable;
        const auto time = fs::last_write_time(file, unreadable);
        return unreadable ? fs::file_time_type::min() : time;
    };
    return *std::max_element(checkpoints.begin(), checkpoints.end(),
                             [&](const fs::path& a, const fs::path& b) { return age(a) < age(b); });
}

RunDirectory open_run_directory(const fs::path& directory) {
    if (!fs::is_directory(directory)) {
        throw Error("CannotRead", "There is no such run directory", {directory.string(), "", {}},
                    "Choose the folder that 'state tx train' wrote");
    }
    require(directory / "config.yaml", "the run's settings");
    require(directory / "pert_onehot_map.pt", "the perturbations that the model knows");
    RunDirectory run;
    run.path = directory;
    run.config = read_yaml(directory / "config.yaml");
    if (const fs::path dims = directory / "var_dims.pkl"; fs::exists(dims)) {
        const auto mapping = MappedFile::open(dims);
        run.var_dims = var_dims_from_bytes(mapping->bytes(), dims.string());
    }
    run.perturbations = read_map(directory / "pert_onehot_map.pt");
    run.batches = read_optional_map(directory, "batch_onehot_map");
    run.cell_types = read_optional_map(directory, "cell_type_onehot_map");
    run.checkpoints = list_checkpoints(directory);
    return run;
}

bool is_run_directory(const fs::path& directory) {
    std::error_code failure;
    return fs::is_directory(directory, failure) && fs::exists(directory / "config.yaml", failure) &&
           (fs::exists(directory / "pert_onehot_map.pt", failure) ||
            fs::is_directory(directory / "checkpoints", failure));
}

} // namespace ember

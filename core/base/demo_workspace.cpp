#include "core/base/demo_workspace.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "core/base/atomic_file.hpp"
#include "core/base/error.hpp"

namespace ember {

namespace fs = std::filesystem;

namespace {

/// A file that every copy of the demo has.
constexpr const char* mark = "wound_demo.h5ad";

std::string content_of(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    std::string content{std::istreambuf_iterator<char>(stream), {}};
    if (!stream) {
        throw Error("CannotRead", "The file cannot be read", {file.string(), {}, {}},
                    "Check its permissions");
    }
    return content;
}

bool same_content(const fs::path& a, const fs::path& b) {
    return fs::is_regular_file(b) && fs::file_size(a) == fs::file_size(b) && content_of(a) == content_of(b);
}

/// The demo's files, relative to its folder, in a fixed order.
std::vector<fs::path> files_of(const fs::path& demo) {
    std::vector<fs::path> files;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(demo)) {
        if (entry.is_regular_file()) {
            files.push_back(fs::relative(entry.path(), demo));
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

[[noreturn]] void refuse(const fs::path& existing) {
    throw Error("WouldOverwrite", "This is not a file of the demo, and it will not be overwritten",
                {existing.string(), {}, {}}, "Choose an empty or new folder for the demo");
}

/// Files still to be copied; throws when something foreign is in the way.
std::vector<fs::path> files_to_copy(const fs::path& demo, const fs::path& folder) {
    std::vector<fs::path> missing;
    for (const fs::path& file : files_of(demo)) {
        const fs::path target = folder / file;
        if (!fs::exists(fs::symlink_status(target))) {
            missing.push_back(file);
        } else if (!same_content(demo / file, target)) {
            refuse(target);
        }
    }
    const bool is_demo = fs::exists(folder / mark);
    for (const char* results : {"predictions", "tables"}) {
        if (!is_demo && fs::exists(folder / results)) {
            refuse(folder / results);
        }
    }
    return missing;
}

DemoPrediction prediction(const fs::path& folder, const std::string& data, const std::string& model,
                          std::string title) {
    DemoPrediction made;
    made.name = data.substr(0, data.find_first_of("_.")) + "_" + model;
    made.title = std::move(title);
    made.request.adata = folder / data;
    made.request.model_dir = folder / model;
    made.request.output = folder / "predictions" / (made.name + ".h5ad");
    made.request.embed_key = "X_hvg";
    made.request.batch_col = "batch";
    made.tables = folder / "tables" / made.name;
    return made;
}

DemoPrediction wound_prediction(const fs::path& folder, const std::string& model, std::string title) {
    DemoPrediction made = prediction(folder, "wound_demo.h5ad", model, std::move(title));
    made.request.pert_col = "condition";
    made.request.control_pert = "Sham";
    made.request.celltype_col = "cell_type";
    made.by = {{"condition"}, {"timepoint"}, {"cell_type"}, {"condition", "timepoint"}};
    return made;
}

DemoPrediction pbmc_prediction(const fs::path& folder) {
    DemoPrediction made =
        prediction(folder, "pbmc_phase.h5ad", "st_pbmc", "Real blood cells with the cell-cycle model");
    made.request.pert_col = "phase";
    made.request.control_pert = "G1";
    made.request.celltype_col = "bulk_labels";
    made.by = {{"phase"}, {"bulk_labels"}};
    return made;
}

} // namespace

fs::path bundled_demo() {
    std::vector<fs::path> places;
    if (const char* path = std::getenv("EMBER_DEMO"); path && *path) {
        places.emplace_back(path);
    }
    std::error_code ignored;
    places.push_back(fs::read_symlink("/proc/self/exe", ignored).parent_path().parent_path() /
                     "share/emberview/demo");
    places.emplace_back(EMBER_DEMO_SOURCE);
    for (const fs::path& place : places) {
        if (fs::exists(place / mark, ignored)) {
            return place;
        }
    }
    throw Error("DemoMissing", "The demo's files are not beside the program",
                {(places.end() - 2)->string(), {}, {}},
                "Reinstall Emberview, or set EMBER_DEMO to their folder");
}

DemoWorkspace describe_demo(const fs::path& folder) {
    return {folder,
            {folder / "wound_demo.h5ad", folder / "pbmc_phase.h5ad"},
            {folder / "st_wound", folder / "st_drug", folder / "st_pbmc"},
            {wound_prediction(folder, "st_wound", "Simulated wound cells with the wound model"),
             wound_prediction(folder, "st_drug", "Simulated wound cells with a drug model"),
             pbmc_prediction(folder)}};
}

DemoWorkspace copy_demo(const fs::path& folder, JobContext& job) {
    const fs::path demo = bundled_demo();
    try {
        const std::vector<fs::path> files = files_to_copy(demo, folder);
        job.begin("Copying the demo", files.size(), "files");
        for (std::size_t i = 0; i < files.size(); ++i) {
            job.check_cancelled();
            const fs::path target = folder / files[i];
            fs::create_directories(target.parent_path());
            write_file_atomically(target, content_of(demo / files[i]));
            job.advance_to(i + 1);
        }
    } catch (const fs::filesystem_error& error) {
        throw Error("CannotWrite", "The demo cannot be written here: " + error.code().message(),
                    {error.path1().string(), {}, {}}, "Choose a folder that you may write to");
    }
    return describe_demo(folder);
}

} // namespace ember

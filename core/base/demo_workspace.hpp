#pragma once
// The demo workspace that comes with the program: where it is, what is in it, and how it is copied.

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/infer.hpp"
#include "core/base/job.hpp"

namespace ember {

/// One of the demo's predictions: what is asked, and which tables its statistics fill.
struct DemoPrediction {
    std::string name;     ///< "wound_st_wound": name of its file and of its folder of tables
    std::string title;    ///< "Wound cells with the wound model"
    InferRequest request; ///< complete, with the output path
    std::vector<std::vector<std::string>> by; ///< groupings for StatisticsRequest::by
    std::filesystem::path tables;             ///< folder for the statistics' CSV files
};

struct DemoWorkspace {
    std::filesystem::path folder;
    std::vector<std::filesystem::path> data;   ///< .h5ad files
    std::vector<std::filesystem::path> models; ///< ST run directories
    std::vector<DemoPrediction> predictions;
};

/// The folder of the demo's files: `EMBER_DEMO`, else ../share/emberview/demo beside the program, else the
/// source tree. Read-only for the program. Throws Error `DemoMissing`.
std::filesystem::path bundled_demo();

/// What the demo holds, as paths inside `folder` (a copy, or bundled_demo() itself). Reads nothing.
DemoWorkspace describe_demo(const std::filesystem::path& folder);

/// Copies the bundled demo to `folder`, which is made when missing. Files that are there already with the
/// same content stay, so it can be repeated; nothing else is ever overwritten: throws Error `WouldOverwrite`
/// before anything is written. Also throws CannotWrite, NoSpace, Cancelled.
DemoWorkspace copy_demo(const std::filesystem::path& folder, JobContext& job);

} // namespace ember

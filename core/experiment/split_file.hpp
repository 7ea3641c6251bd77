#pragma once
// Splits of the data into training, validation and test: cell-load's TOML files, read and written.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace ember {

enum class Split { train, val, test };

/// A data set of the file: name, the files that its pattern finds (sorted), and how its cells are divided.
struct SplitDataset {
    std::string name;
    std::string pattern; ///< as written: a path, a folder, or a glob with {a,b}
    std::vector<std::filesystem::path> files;
    bool trains = false; ///< named under [training]
    std::map<std::string, Split>
        zeroshot; ///< cell type → val or test (train: also if the set does not train)
    /// cell type → perturbation → val or test; what is not listed is training
    std::map<std::string, std::map<std::string, Split>> fewshot;
};

struct SplitPlan {
    std::filesystem::path file; ///< empty: made from files without a split
    std::vector<SplitDataset> datasets;
};

/// Relative paths are looked up beside the TOML file first, then in the working directory. Throws
/// MissingMember (no such file, a data set without files), BadSplit (syntax with its line, unknown tables,
/// split names or data sets, with the nearest names).
SplitPlan read_split_file(const std::filesystem::path& file);

/// The plan as such a file, after `comment` (lines without "#"). Files in the folder of the TOML file or
/// below are written relative to it, others absolute. Read back, it is the same plan.
std::string split_toml(const SplitPlan& plan, const std::string& comment);
/// Writes it atomically to plan.file. Throws CannotWrite, NoSpace.
void write_split(const SplitPlan& plan, const std::string& comment);

/// All cells of these files train; nothing is held out.
SplitPlan split_of_files(const std::vector<std::filesystem::path>& files);

} // namespace ember

#include "core/analysis/cell_names_output.hpp"

#include "core/analysis/csv_text.hpp"
#include "core/base/atomic_file.hpp"
#include "core/base/error.hpp"
#include "core/base/fingerprint.hpp"

namespace ember {

void write_cell_names(const AnnData& data, const CellSelection& selection, const std::string& title,
                      const std::filesystem::path& csv, JobContext& job) {
    if (selection.size() != data.n_obs()) {
        throw Error("ShapeMismatch",
                    "The selection is one of " + std::to_string(selection.size()) + " cells, the file has " +
                        std::to_string(data.n_obs()),
                    {data.path().string(), {}, {}}, "Select the cells of this file again");
    }
    job.begin("Writing the cell names", 0, {});
    const std::vector<std::string>& names = data.obs_names();
    std::string table = "cell,row\n";
    selection.for_each(
        [&](std::size_t cell) { table += csv_text(names[cell]) + ',' + std::to_string(cell) + '\n'; });
    const nlohmann::json beside = {{"program", "emberview"},
                                   {"version", EMBER_VERSION},
                                   {"input",
                                    {{"file", std::filesystem::absolute(data.path()).string()},
                                     {"sha256", sha256_of_file(data.path(), job)},
                                     {"cells", data.n_obs()}}},
                                   {"selection", {{"name", title}, {"cells", selection.count()}}}};
    write_file_atomically(csv, table);
    write_file_atomically(std::filesystem::path(csv).replace_extension(".json"),
                          beside.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

} // namespace ember

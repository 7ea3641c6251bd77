#include "core/experiment/labelled_cells.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <unordered_map>

#include "core/base/nearest_names.hpp"

namespace ember {

namespace {

/// cell-load reads this column with a control of its own, whatever the option says.
constexpr const char* drug_column = "drugname_drugconc";
constexpr const char* drug_control = "[('DMSO_TF', 0.0, 'uM')]";

/// One label column over all files.
struct LabelColumn {
    std::string option, name;
    std::vector<CategoricalColumn> parts; ///< one per file
};

Error absent_column(const AnnData& data, const std::string& name, const std::string& option) {
    std::vector<std::string> names;
    for (const ColumnInfo& column : data.obs_columns()) {
        names.push_back(column.name);
    }
    std::vector<std::string> near = nearest_names(name, names);
    if (near.empty()) {
        constexpr std::size_t listed = 20;
        near.assign(names.begin(),
                    names.begin() + static_cast<std::ptrdiff_t>(std::min(listed, names.size())));
    }
    return Error("MissingMember", "The cells have no column '" + name + '\'',
                 {data.path().string(), "obs/" + name, {}},
                 "Set " + option + " to a column of the cells: " + quoted_list(near));
}

void read_part(const RunFile& file, LabelColumn& column) {
    if (column.name.empty()) { // no batches are told apart
        column.parts.push_back({{"all"}, std::vector<std::int32_t>(file.cells, 0), false});
        return;
    }
    const auto& columns = file.data->obs_columns();
    if (std::none_of(columns.begin(), columns.end(),
                     [&](const ColumnInfo& info) { return info.name == column.name; })) {
        throw absent_column(*file.data, column.name, column.option);
    }
    column.parts.push_back(as_groups(*file.data->obs(column.name)));
}

/// Labels of all parts, sorted by code point, and each cell's row of them.
void join(LabelColumn& column, std::vector<std::string>& labels, std::vector<std::int32_t>& codes) {
    std::set<std::string> all;
    for (const CategoricalColumn& part : column.parts) {
        all.insert(part.categories.begin(), part.categories.end());
    }
    labels.assign(all.begin(), all.end());
    std::unordered_map<std::string, std::int32_t> rows;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        rows.emplace(labels[i], static_cast<std::int32_t>(i));
    }
    for (CategoricalColumn& part : column.parts) {
        std::vector<std::int32_t> row_of;
        for (const std::string& label : part.categories) {
            row_of.push_back(rows.at(label));
        }
        for (const std::int32_t code : part.codes) {
            codes.push_back(code < 0 ? -1 : row_of[static_cast<std::size_t>(code)]);
        }
        part = {};
    }
}

void open_files(const SplitPlan& plan, RunCells& cells, TrainingFaults& faults, JobContext& job) {
    std::uint64_t total = 0;
    const std::string option = plan.file.empty() ? "data.kwargs.files" : "data.kwargs.toml_config_path";
    for (std::size_t dataset = 0; dataset < plan.datasets.size(); ++dataset) {
        for (const std::filesystem::path& path : plan.datasets[dataset].files) {
            job.check_cancelled();
            faults.collect(option, [&] {
                RunFile file{AnnData::open(path), dataset, static_cast<std::uint32_t>(total), 0};
                total += file.data->n_obs();
                if (total >= std::numeric_limits<std::uint32_t>::max()) {
                    throw Error("TooManyCells", "The files hold more than 4,294,967,294 cells together",
                                {path.string(), "obs", {}}, "Train on fewer files");
                }
                file.cells = static_cast<std::uint32_t>(file.data->n_obs());
                cells.files.push_back(std::move(file));
            });
        }
    }
    if (faults.empty() && cells.files.empty()) {
        faults.add(option, Error("MissingMember", "There is no file to train on",
                                 {plan.file.string(), "datasets", {}}, "Name at least one .h5ad file"));
    }
}

void find_control(const DataSettings& settings, RunCells& cells, TrainingFaults& faults) {
    const std::string wanted = settings.pert_col == drug_column ? drug_control : settings.control_pert;
    const auto found = std::lower_bound(cells.perturbations.begin(), cells.perturbations.end(), wanted);
    const bool known = found != cells.perturbations.end() && *found == wanted;
    const auto row = static_cast<std::int32_t>(found - cells.perturbations.begin());
    if (known &&
        std::find(cells.perturbation.begin(), cells.perturbation.end(), row) != cells.perturbation.end()) {
        cells.control = row;
        return;
    }
    std::vector<std::string> names = cells.perturbations;
    std::erase(names, wanted);
    const std::string* same = spelled_otherwise(wanted, names);
    const std::string near =
        same != nullptr ? '\'' + *same + '\'' : quoted_list(nearest_names(wanted, names));
    faults.add("data.kwargs.control_pert",
               Error("UnknownControl",
                     known ? "No cell is a control: '" + wanted + "' is a category without cells"
                           : "The control '" + wanted + "' is not a label of '" + settings.pert_col + '\'',
                     {cells.files.front().name(), "obs/" + settings.pert_col, {}},
                     "Set data.kwargs.control_pert to a label of the cells" +
                         (near.empty() ? std::string() : "; the nearest: " + near)));
}

void tell_missing(const RunCells& cells, std::vector<std::string>& warnings) {
    std::size_t missing = 0;
    for (std::uint32_t cell = 0; cell < cells.cells(); ++cell) {
        missing += cells.perturbation[cell] < 0 || cells.cell_type[cell] < 0 || cells.batch[cell] < 0;
    }
    if (missing > 0) {
        warnings.push_back(std::to_string(missing) + (missing == 1 ? " cell has" : " cells have") +
                           " no perturbation, cell type or batch and take no part in training");
    }
}

} // namespace

std::size_t RunCells::file_of(std::uint32_t cell) const {
    const auto after =
        std::upper_bound(files.begin(), files.end(), cell,
                         [](std::uint32_t value, const RunFile& file) { return value < file.first_cell; });
    return static_cast<std::size_t>(after - files.begin()) - 1;
}

RunCells label_cells(const SplitPlan& plan, const DataSettings& settings, TrainingFaults& faults,
                     std::vector<std::string>& warnings, JobContext& job) {
    RunCells cells;
    open_files(plan, cells, faults, job);
    if (!faults.empty()) {
        return cells;
    }
    LabelColumn columns[] = {{"data.kwargs.pert_col", settings.pert_col, {}},
                             {"data.kwargs.cell_type_key", settings.cell_type_key, {}},
                             {"data.kwargs.batch_col", settings.batch_col, {}}};
    job.begin("Reading labels", cells.files.size(), "files");
    for (LabelColumn& column : columns) {
        if (column.name.empty() && &column != &columns[2]) {
            faults.add(column.option, Error("MissingMember", "No column is named", {"", column.option, {}},
                                            "Set " + column.option + " to a column of the cells"));
            continue;
        }
        for (std::size_t i = 0; i < cells.files.size(); ++i) {
            job.check_cancelled();
            if (!faults.collect(column.option, [&] { read_part(cells.files[i], column); })) {
                break; // one file says enough
            }
        }
    }
    job.advance_to(cells.files.size());
    if (faults.empty()) {
        join(columns[0], cells.perturbations, cells.perturbation);
        join(columns[1], cells.cell_types, cells.cell_type);
        join(columns[2], cells.batches, cells.batch);
        find_control(settings, cells, faults);
        tell_missing(cells, warnings);
    }
    return cells;
}

} // namespace ember

#include "core/experiment/split_names.hpp"

#include <algorithm>
#include <set>

#include "core/base/nearest_names.hpp"

namespace ember {

namespace {

/// What the cells of one data set are.
struct Present {
    std::set<std::string> cell_types, perturbations;
    std::set<std::pair<std::string, std::string>> pairs;
};

Present present_in(std::size_t dataset, const RunCells& cells) {
    std::set<std::pair<std::int32_t, std::int32_t>> codes;
    for (const RunFile& file : cells.files) {
        if (file.dataset != dataset) {
            continue;
        }
        for (std::uint32_t cell = file.first_cell; cell < file.first_cell + file.cells; ++cell) {
            if (cells.cell_type[cell] >= 0 && cells.perturbation[cell] >= 0) {
                codes.emplace(cells.cell_type[cell], cells.perturbation[cell]);
            }
        }
    }
    Present present;
    for (const auto& [type, perturbation] : codes) {
        const std::string& type_name = cells.cell_types[static_cast<std::size_t>(type)];
        const std::string& label = cells.perturbations[static_cast<std::size_t>(perturbation)];
        present.cell_types.insert(type_name);
        present.perturbations.insert(label);
        present.pairs.emplace(type_name, label);
    }
    return present;
}

Error unknown(const SplitPlan& plan, const std::string& key, const std::string& what, const std::string& name,
              const std::set<std::string>& known) {
    const std::vector<std::string> names(known.begin(), known.end());
    const std::string near = quoted_list(nearest_names(name, names));
    return Error("BadSplit", "The split names the " + what + " '" + name + "', which no cell has",
                 {plan.file.string(), key, {}},
                 near.empty() ? "Correct the name" : "Correct the name; the nearest are " + near);
}

} // namespace

void check_split_names(const SplitPlan& plan, const RunCells& cells, TrainingFaults& faults,
                       std::vector<std::string>& warnings) {
    const std::string option = "data.kwargs.toml_config_path";
    const std::string control =
        cells.control < 0 ? std::string() : cells.perturbations[static_cast<std::size_t>(cells.control)];
    for (std::size_t d = 0; d < plan.datasets.size(); ++d) {
        const SplitDataset& dataset = plan.datasets[d];
        if (dataset.zeroshot.empty() && dataset.fewshot.empty()) {
            continue;
        }
        const Present present = present_in(d, cells);
        for (const auto& [type, split] : dataset.zeroshot) {
            if (!present.cell_types.contains(type)) {
                faults.add(option, unknown(plan, "zeroshot." + dataset.name + '.' + type, "cell type", type,
                                           present.cell_types));
            }
        }
        for (const auto& [type, held_out] : dataset.fewshot) {
            const std::string key = "fewshot." + dataset.name + '.' + type;
            if (!present.cell_types.contains(type)) {
                faults.add(option, unknown(plan, key, "cell type", type, present.cell_types));
                continue;
            }
            for (const auto& [label, split] : held_out) {
                if (!present.perturbations.contains(label)) {
                    faults.add(option, unknown(plan, key, "perturbation", label, present.perturbations));
                } else if (label == control) {
                    warnings.push_back("The control '" + label + "' is held out of " + type +
                                       ", but controls are members of every split");
                } else if (!present.pairs.contains({type, label})) {
                    warnings.push_back("No cell of " + type + " has the held-out perturbation '" + label +
                                       '\'');
                }
            }
        }
    }
}

} // namespace ember

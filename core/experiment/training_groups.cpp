#include "core/experiment/training_groups.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <tuple>

#include "core/experiment/control_pools.hpp"
#include "core/experiment/split_names.hpp"

namespace ember {

namespace {

constexpr unsigned bit(Split split) {
    return 1U << static_cast<unsigned>(split);
}

/// Cells of one file and cell type, as cell-load divides them: one subset per split.
struct Subset {
    std::uint32_t file = 0;
    std::int32_t cell_type = 0;
    std::vector<std::uint32_t> cells;
    std::vector<unsigned> splits; ///< [cells] bits of the splits that a cell is a member of
    unsigned present = 0;         ///< bits of the splits that have this subset
};

std::vector<Subset> subsets_of(const RunCells& cells) {
    std::vector<Subset> subsets;
    for (std::size_t f = 0; f < cells.files.size(); ++f) {
        std::vector<Subset> of_file(cells.cell_types.size());
        const RunFile& file = cells.files[f];
        for (std::uint32_t cell = file.first_cell; cell < file.first_cell + file.cells; ++cell) {
            const std::int32_t type = cells.cell_type[cell];
            if (type >= 0 && cells.perturbation[cell] >= 0 && cells.batch[cell] >= 0) {
                of_file[static_cast<std::size_t>(type)].cells.push_back(cell);
            }
        }
        for (std::size_t type = 0; type < of_file.size(); ++type) {
            if (!of_file[type].cells.empty()) {
                of_file[type].file = static_cast<std::uint32_t>(f);
                of_file[type].cell_type = static_cast<std::int32_t>(type);
                subsets.push_back(std::move(of_file[type]));
            }
        }
    }
    return subsets;
}

/// Perturbed cells by their bits; `control` is the bits of the controls.
void mark(Subset& subset, const RunCells& cells, const std::vector<unsigned>& of_perturbation,
          unsigned control) {
    subset.splits.clear();
    for (const std::uint32_t cell : subset.cells) {
        const std::int32_t label = cells.perturbation[cell];
        subset.splits.push_back(label == cells.control ? control
                                                       : of_perturbation[static_cast<std::size_t>(label)]);
    }
}

void divide_fewshot(Subset& subset, const RunCells& cells, const std::map<std::string, Split>& held_out) {
    std::vector<unsigned> bits(cells.perturbations.size(), bit(Split::train));
    for (std::size_t i = 0; i < bits.size(); ++i) {
        const auto found = held_out.find(cells.perturbations[i]);
        if (found != held_out.end()) {
            bits[i] = bit(found->second);
        }
    }
    mark(subset, cells, bits, 0);
    unsigned present = 0;
    for (const unsigned split : subset.splits) {
        present |= split;
    }
    // Without a perturbed cell the cell type is in no split, else it trains in any case.
    subset.present = present == 0 ? 0 : present | bit(Split::train);
    mark(subset, cells, bits, subset.present);
}

void divide(Subset& subset, const RunCells& cells, const SplitDataset& dataset) {
    const std::string& type = cells.cell_types[static_cast<std::size_t>(subset.cell_type)];
    const auto zeroshot = dataset.zeroshot.find(type);
    const auto fewshot = dataset.fewshot.find(type);
    const std::size_t labels = cells.perturbations.size();
    if (zeroshot != dataset.zeroshot.end()) {
        subset.present = bit(zeroshot->second) | bit(Split::train);
        mark(subset, cells, std::vector<unsigned>(labels, bit(zeroshot->second)), subset.present);
    } else if (fewshot != dataset.fewshot.end()) {
        divide_fewshot(subset, cells, fewshot->second);
    } else if (dataset.trains) {
        subset.present = bit(Split::train);
        mark(subset, cells, std::vector<unsigned>(labels, subset.present), subset.present);
    }
}

/// The subsets of a split, in the files' order; of the validation split a share, as cell-load keeps it: the
/// first by data set and file.
std::vector<std::size_t> subsets_in(const std::vector<Subset>& subsets, Split split, double share,
                                    const SplitPlan& plan, const RunCells& cells) {
    std::vector<std::size_t> chosen;
    for (std::size_t i = 0; i < subsets.size(); ++i) {
        if ((subsets[i].present & bit(split)) != 0) {
            chosen.push_back(i);
        }
    }
    const auto keep = static_cast<std::size_t>(std::ceil(static_cast<double>(chosen.size()) * share));
    if (keep < chosen.size()) {
        std::stable_sort(chosen.begin(), chosen.end(), [&](std::size_t a, std::size_t b) {
            const RunFile& first = cells.files[subsets[a].file];
            const RunFile& second = cells.files[subsets[b].file];
            return std::make_pair(plan.datasets[first.dataset].name, first.name()) <
                   std::make_pair(plan.datasets[second.dataset].name, second.name());
        });
        chosen.resize(std::max<std::size_t>(1, keep));
    }
    return chosen;
}

void add_groups(const Subset& subset, Split split, const DataSettings& settings, const RunCells& cells,
                ControlPools& pools, SplitCells& out) {
    using Key = std::pair<std::int32_t, std::int32_t>; // batch, perturbation
    const bool by_batch = settings.pairing == ControlPairing::batch;
    std::map<Key, std::vector<std::uint32_t>> groups;
    for (std::size_t i = 0; i < subset.cells.size(); ++i) {
        const std::uint32_t cell = subset.cells[i];
        const bool control = cells.perturbation[cell] == cells.control;
        if ((subset.splits[i] & bit(split)) != 0 && (settings.yield_controls || !control)) {
            groups[{by_batch ? cells.batch[cell] : -1, cells.perturbation[cell]}].push_back(cell);
        }
    }
    for (const auto& [key, members] : groups) {
        CellGroup group{subset.file, subset.cell_type, key.second,    key.first,
                        0,           out.cells.size(), members.size()};
        group.pool = pools.pool_of(group);
        out.groups.push_back(group);
        out.cells.insert(out.cells.end(), members.begin(), members.end());
    }
}

void check_sizes(const DataSettings& settings, const RunCells& cells, const DividedCells& divided,
                 TrainingFaults& faults) {
    constexpr std::size_t named = 30;
    std::map<std::pair<std::int32_t, std::int32_t>, std::uint64_t> counts; // over batches and files
    for (const CellGroup& group : divided.of(Split::train).groups) {
        counts[{group.cell_type, group.perturbation}] += group.count;
    }
    std::size_t few = 0;
    std::string names;
    for (const auto& [key, count] : counts) {
        if (count < static_cast<std::uint64_t>(std::max<std::int64_t>(0, settings.min_cells)) &&
            ++few <= named) {
            const CellGroup group{0, key.first, key.second, -1, 0, 0, 0};
            names +=
                (names.empty() ? "" : "; ") + group_name(group, cells) + " (" + std::to_string(count) + ')';
        }
    }
    if (few > 0) {
        names += few > named ? "; and " + std::to_string(few - named) + " more" : "";
        faults.add("data.kwargs.min_cells",
                   Error("TooFewCells",
                         "Fewer than " + std::to_string(settings.min_cells) + " cells train: " + names,
                         {cells.files.front().name(), "obs/" + settings.pert_col, {}},
                         "Lower data.kwargs.min_cells, or leave these cells out of the file"));
    }
}

} // namespace

std::string group_name(const CellGroup& group, const RunCells& cells) {
    std::string name = cells.cell_types[static_cast<std::size_t>(group.cell_type)] + ", " +
                       cells.perturbations[static_cast<std::size_t>(group.perturbation)];
    if (group.batch >= 0) {
        name += ", " + cells.batches[static_cast<std::size_t>(group.batch)];
    }
    return name;
}

DividedCells divide_cells(const SplitPlan& plan, const DataSettings& settings, const RunCells& cells,
                          TrainingFaults& faults, std::vector<std::string>& warnings, JobContext& job) {
    check_split_names(plan, cells, faults, warnings);
    std::vector<Subset> subsets = subsets_of(cells);
    for (Subset& subset : subsets) {
        job.check_cancelled();
        divide(subset, cells, plan.datasets[cells.files[subset.file].dataset]);
    }
    DividedCells divided;
    ControlPools pools(cells, settings.pairing);
    const double share = settings.val_subsample_fraction;
    for (const Split split : {Split::train, Split::val, Split::test}) {
        for (const std::size_t i : subsets_in(subsets, split, split == Split::val ? share : 1, plan, cells)) {
            job.check_cancelled();
            add_groups(subsets[i], split, settings, cells, pools,
                       divided.splits[static_cast<std::size_t>(split)]);
        }
    }
    if (divided.of(Split::val).groups.empty()) {
        divided.splits[static_cast<std::size_t>(Split::val)] = divided.of(Split::test);
        divided.val_is_test = !divided.of(Split::test).groups.empty();
    }
    if (faults.empty() && divided.of(Split::train).groups.empty()) {
        faults.add(plan.file.empty() ? "data.kwargs.files" : "data.kwargs.toml_config_path",
                   Error("BadSplit", "The split leaves no cell to train on",
                         {plan.file.string(), "training", {}},
                         "Name a data set under [training], or hold out less"));
    }
    check_sizes(settings, cells, divided, faults);
    divided.pools = pools.take(warnings);
    return divided;
}

} // namespace ember

#include "core/experiment/hold_out.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <sstream>

#include "core/base/error.hpp"
#include "core/base/nearest_names.hpp"
#include "core/data/anndata.hpp"
#include "core/experiment/counter_random.hpp"

namespace ember {

namespace {

using Names = std::vector<std::string>;

/// Cells of each perturbation (the control among them) in each cell type.
struct Census {
    std::map<std::string, std::map<std::string, std::uint64_t>> cells; ///< cell type → perturbation → cells
    std::set<std::string> perturbations;                               ///< without the control
    bool has_control = false;
};

void count_file(const HoldOutRequest& request, const std::filesystem::path& file, Census& census) {
    const AnnDataPtr data = AnnData::open(file);
    const CategoricalColumn types = as_groups(*data->obs(request.cell_type_col));
    const CategoricalColumn perturbations = as_groups(*data->obs(request.pert_col));
    for (std::size_t cell = 0; cell < types.codes.size(); ++cell) {
        if (types.codes[cell] < 0 || perturbations.codes[cell] < 0) {
            continue;
        }
        const std::string& perturbation =
            perturbations.categories[static_cast<std::size_t>(perturbations.codes[cell])];
        ++census.cells[types.categories[static_cast<std::size_t>(types.codes[cell])]][perturbation];
        if (perturbation == request.control) {
            census.has_control = true;
        } else {
            census.perturbations.insert(perturbation);
        }
    }
}

Names labels_of(const Census& census) {
    return {census.perturbations.begin(), census.perturbations.end()};
}

Census take_census(const HoldOutRequest& request, JobContext& job) {
    Census census;
    job.begin("Counting cells", request.files.size(), "files");
    for (std::size_t i = 0; i < request.files.size(); ++i) {
        job.check_cancelled();
        count_file(request, request.files[i], census);
        job.advance_to(i + 1);
    }
    const std::string file = request.files.empty() ? "" : request.files.front().string();
    if (!census.has_control) {
        const Names nearest = nearest_names(request.control, labels_of(census));
        throw Error("UnknownControl", "No cell has the control label '" + request.control + "'",
                    {file, request.pert_col, {}},
                    nearest.empty() ? "Give the label of untreated cells"
                                    : "Did you mean " + quoted_list(nearest) + "?");
    }
    if (census.perturbations.empty()) {
        throw Error("BadSplit", "All cells are controls: there is nothing to hold out",
                    {file, request.pert_col, {}}, "Choose another column of perturbations");
    }
    return census;
}

void check_share(double share, bool may_be_none, const char* option) {
    if (!(share >= 0 && share <= 1) || (share == 0 && !may_be_none)) {
        throw Error("BadSplit", std::string("The share ") + option + " is not between 0 and 1",
                    {"", option, {}}, "Give for example 0.2");
    }
}

std::size_t count_of_share(double share, std::size_t all) {
    return std::clamp<std::size_t>(static_cast<std::size_t>(std::llround(share * static_cast<double>(all))),
                                   1, all);
}

void shuffle(Names& names, std::uint64_t seed, std::uint64_t purpose) {
    CounterRandom random(seed, {purpose});
    for (std::size_t left = names.size(); left > 1; --left) {
        std::swap(names[left - 1], names[random.below(left)]);
    }
}

/// Cell types with perturbed cells and controls, drawn.
Names draw_cell_types(const HoldOutRequest& request, const Census& census) {
    Names types;
    for (const auto& [type, counts] : census.cells) {
        if (counts.size() > counts.count(request.control) && counts.count(request.control) != 0) {
            types.push_back(type);
        }
    }
    if (types.empty()) {
        throw Error("BadSplit", "No cell type has both controls and treated cells",
                    {request.files.front().string(), request.cell_type_col, {}},
                    "Choose another column of cell types");
    }
    const std::size_t count = count_of_share(request.cell_type_share, types.size());
    shuffle(types, request.seed, 1);
    types.resize(count);
    std::sort(types.begin(), types.end());
    return types;
}

/// Those present in a drawn type; first the ones that training still shows in another type.
Names draw_perturbations(const HoldOutRequest& request, const Census& census, const Names& types,
                         std::vector<std::string>& warnings) {
    Names seen, unseen;
    for (const std::string& perturbation : census.perturbations) {
        bool inside = false, outside = false;
        for (const auto& [type, counts] : census.cells) {
            const bool drawn = std::binary_search(types.begin(), types.end(), type);
            (drawn ? inside : outside) |= counts.count(perturbation) != 0;
        }
        if (inside) {
            (outside ? seen : unseen).push_back(perturbation);
        }
    }
    shuffle(seen, request.seed, 2);
    shuffle(unseen, request.seed, 3);
    const std::size_t count = count_of_share(request.perturbation_share, census.perturbations.size());
    Names drawn = seen;
    if (drawn.empty()) {
        drawn = unseen;
        warnings.emplace_back(
            "The held-out perturbations are in no other cell type: the model never sees them");
    }
    if (drawn.size() < count) {
        warnings.push_back("Only " + std::to_string(drawn.size()) + " perturbations can be held out, " +
                           std::to_string(count) + " were asked for");
    }
    drawn.resize(std::min(count, drawn.size()));
    return drawn;
}

/// The first of the drawn ones validate; one at least is left to test.
std::size_t validation_count(double share, std::size_t drawn) {
    if (drawn < 2 || share == 0) {
        return drawn == 1 && share == 1 ? 1 : 0;
    }
    const auto wanted = static_cast<std::size_t>(std::llround(share * static_cast<double>(drawn)));
    return share == 1 ? drawn : std::clamp<std::size_t>(wanted, 1, drawn - 1);
}

void hold(const HoldOutRequest& request, const Census& census, const Names& types, const Names& drawn,
          HoldOut& result) {
    const std::size_t validating = validation_count(request.val_share, drawn.size());
    std::map<std::string, Split> split_of;
    for (std::size_t i = 0; i < drawn.size(); ++i) {
        split_of[drawn[i]] = i < validating ? Split::val : Split::test;
    }
    for (const auto& [type, counts] : census.cells) {
        const bool held = std::binary_search(types.begin(), types.end(), type);
        for (const auto& [perturbation, cells] : counts) {
            const auto split = split_of.find(perturbation);
            if (!held || split == split_of.end()) {
                result.train_cells += perturbation == request.control ? 0 : cells;
                continue;
            }
            result.groups.push_back({type, perturbation, split->second, cells});
            (split->second == Split::val ? result.val_cells : result.test_cells) += cells;
        }
    }
}

void check_remainder(const HoldOutRequest& request, const HoldOut& result) {
    if (result.train_cells == 0) {
        throw Error("BadSplit", "Nothing treated is left to train on",
                    {request.files.front().string(), request.pert_col, {}},
                    "Hold out a smaller share of perturbations or cell types");
    }
    if (result.groups.empty()) {
        throw Error("BadSplit", "Nothing is held out", {request.files.front().string(), request.pert_col, {}},
                    "Use another seed or a larger share");
    }
}

SplitPlan plan_of(const HoldOutRequest& request, const HoldOut& result) {
    SplitPlan plan = split_of_files(request.files);
    plan.file = request.output;
    if (!request.dataset.empty() && plan.datasets.size() == 1) {
        plan.datasets.front().name = request.dataset;
    }
    for (SplitDataset& dataset : plan.datasets) {
        for (const HeldOutGroup& group : result.groups) {
            dataset.fewshot[group.cell_type][group.perturbation] = group.split;
        }
    }
    return plan;
}

std::string counted(std::size_t number, const std::string& noun) {
    return std::to_string(number) + ' ' + noun + (number == 1 ? "" : "s");
}

std::string comment_of(const HoldOutRequest& request, const HoldOut& result, std::size_t types,
                       std::size_t perturbations) {
    std::ostringstream comment;
    comment << "Drug-cell hold-out by emberview-cli train split: " << counted(perturbations, "perturbation")
            << " held out in " << counted(types, "cell type") << "\n(shares " << request.perturbation_share
            << " and " << request.cell_type_share << ", validation share " << request.val_share << ", seed "
            << request.seed << ").\nPerturbations: obs/" << request.pert_col << ", control "
            << request.control << ". Cell types: obs/" << request.cell_type_col
            << ".\nTreated cells: " << result.train_cells << " train, " << result.val_cells << " validation, "
            << result.test_cells << " test. All controls train.";
    return comment.str();
}

} // namespace

HoldOut make_hold_out(const HoldOutRequest& request, JobContext& job) {
    check_share(request.perturbation_share, false, "--perts");
    check_share(request.cell_type_share, false, "--cells");
    check_share(request.val_share, true, "--val-share");
    if (request.dataset.find('.') != std::string::npos) {
        throw Error("BadSplit", "The name '" + request.dataset + "' of the data set has a dot",
                    {"", "--name", {}}, "Choose a name without dots");
    }
    const Census census = take_census(request, job);
    HoldOut result;
    const Names types = draw_cell_types(request, census);
    const Names drawn = draw_perturbations(request, census, types, result.warnings);
    hold(request, census, types, drawn, result);
    check_remainder(request, result);
    if (result.val_cells == 0) {
        result.warnings.emplace_back("There are no validation cells; training validates on the test cells");
    }
    result.plan = plan_of(request, result);
    result.comment = comment_of(request, result, types.size(), drawn.size());
    return result;
}

} // namespace ember

#include "core/experiment/preparation.hpp"

#include <algorithm>
#include <optional>
#include <unordered_set>

#include "core/base/error.hpp"
#include "core/experiment/pretrained.hpp"
#include "core/experiment/row_cache.hpp"
#include "core/experiment/run_estimate.hpp"
#include "core/experiment/run_place.hpp"
#include "core/experiment/train_settings.hpp"

namespace ember {

namespace {

ConfigFinding finding_of(const std::string& option, const Error& error) {
    return {true, option, error.class_name(), error.message(), error.place_text(), error.remedy()};
}

std::int64_t whole_number(const nlohmann::json& kwargs, const char* key, std::int64_t fallback) {
    const auto found = kwargs.find(key);
    return found != kwargs.end() && found->is_number_integer() ? found->get<std::int64_t>() : fallback;
}

std::vector<ConfigFinding> remarks_of(const TrainingData& data, const TrainSettings& settings) {
    std::vector<ConfigFinding> remarks;
    const std::string option =
        settings.data.split_file.empty() ? "data.kwargs.files" : "data.kwargs.toml_config_path";
    for (const std::string& warning : data.warnings()) {
        remarks.push_back({false, option, "", warning, "", ""});
    }
    return remarks;
}

/// The copies that reading needs first.
void add_copies(const TrainingData& data, std::vector<ConfigFinding>& findings) {
    constexpr double mib = 1 << 20;
    if (data.disk_bytes() == 0) {
        return;
    }
    const std::string folder = row_cache_folder().string();
    const std::optional<std::uint64_t> free = free_disk(folder);
    const auto size = [&](std::uint64_t bytes) {
        return std::to_string(static_cast<std::int64_t>(static_cast<double>(bytes) / mib)) + " MiB";
    };
    const bool fault = free && *free < data.disk_bytes();
    findings.push_back({fault, "data.kwargs.memory_bytes", fault ? "NoSpace" : "",
                        "The cells do not fit the memory for cells and are copied once for fast reading: " +
                            size(data.disk_bytes()) + (fault ? ", and " + size(*free) + " are free" : ""),
                        folder,
                        fault ? "Free disk space, raise data.kwargs.memory_bytes, or set "
                                "data.kwargs.shuffle=windows"
                              : ""});
}

bool like_peer(const nlohmann::json& config) {
    const nlohmann::json value = config_value(config, "training.peer_compatible");
    return value.is_boolean() && value.get<bool>();
}

/// Opens the pretrained model and takes over its sizes, as the run will.
std::optional<Pretrained> open_init(nlohmann::json& config, TrainSettings& settings, Preparation& preparation,
                                    TrainingFaults& faults) {
    const std::string option = "model.kwargs.init_from";
    std::optional<Pretrained> pretrained;
    if (settings.network.init_from.empty() ||
        !faults.collect(option, [&] { pretrained = open_pretrained(settings.network.init_from); })) {
        return std::nullopt;
    }
    if (!like_peer(config)) {
        faults.collect("", [&] { // its place is the option that was set otherwise
            try {
                for (const std::string& note : adopt_architecture(config, *pretrained)) {
                    preparation.findings.push_back({false, option, "", note, "", ""});
                }
            } catch (const Error& error) {
                throw Error(error.class_name(), error.message(), {"", error.place().key, {}}, error.remedy());
            }
            settings = train_settings(config);
        });
    }
    return pretrained;
}

/// The features of the pretrained model must be the data's.
void check_features(const Pretrained& pretrained, const TrainingData& data, TrainingFaults& faults) {
    constexpr std::size_t named = 5;
    const std::string file = pretrained.checkpoint->path().string(), option = "model.kwargs.init_from";
    if (pretrained.config.input_dim != data.width()) {
        faults.add(option, Error("ShapeMismatch",
                                 "The pretrained model reads " + std::to_string(pretrained.config.input_dim) +
                                     " features, the data have " + std::to_string(data.width()),
                                 {file, "input_dim", {}},
                                 "Train on data with the same features as the pretrained model's, or without "
                                 "init_from"));
        return;
    }
    const std::vector<std::string>& theirs = pretrained.config.gene_names;
    if (!pretrained.gene_space() || theirs.size() != data.genes().size() ||
        static_cast<std::int64_t>(theirs.size()) != data.width()) {
        return; // columns without names
    }
    const std::unordered_set<std::string> known(theirs.begin(), theirs.end());
    std::size_t count = 0;
    std::string missing;
    for (const std::string& gene : data.genes()) {
        if (!known.contains(gene) && ++count <= named) {
            missing += (missing.empty() ? "" : ", ") + gene;
        }
    }
    if (count > 0) {
        faults.add(option,
                   Error("GeneMismatch",
                         "The pretrained model does not know " + std::to_string(count) +
                             " of the data's genes: " + missing + (count > named ? " …" : ""),
                         {file, "gene_names", {}},
                         "Select the model's genes in the data, or set training.peer_compatible=true to "
                         "take genes by position"));
    }
}

/// Perturbations of the new network: the pretrained model's and the new ones.
std::int64_t perturbations_of(const TrainingData& data, const std::optional<Pretrained>& pretrained) {
    std::int64_t dim = data.perturbations().dim;
    if (pretrained && pretrained->run) {
        const LabelMap& theirs = pretrained->run->perturbations;
        const auto& labels = data.perturbations().labels;
        dim = theirs.dim + std::count_if(labels.begin(), labels.end(),
                                         [&](const std::string& label) { return !theirs.find(label); });
    }
    return dim;
}

RunExtent extent_of(const TrainingData& data, const Preparation& preparation) {
    RunExtent extent;
    extent.input_dim = extent.output_dim = data.width();
    extent.pert_dim = data.perturbations().dim;
    extent.batch_dim = data.batches().dim;
    extent.counts_dim = data.counts_width();
    extent.gene_dim = data.counts_width() > 0 ? data.counts_width() : data.hvg_width();
    extent.resident_bytes = data.resident_bytes();
    extent.batches_per_epoch = preparation.train.batches;
    extent.val_batches = preparation.val.batches;
    return extent;
}

/// What the data tells: splits, remarks and cost.
void describe(const TrainingData& data, const nlohmann::json& config, const TrainSettings& settings,
              const std::optional<Pretrained>& pretrained, Preparation& preparation, TrainingFaults& faults,
              JobContext& job) {
    preparation.train = data.summary(Split::train);
    preparation.val = data.summary(Split::val);
    preparation.test = data.summary(Split::test);
    for (ConfigFinding& remark : remarks_of(data, settings)) {
        preparation.findings.push_back(std::move(remark));
    }
    add_copies(data, preparation.findings);
    if (pretrained && !like_peer(config)) {
        check_features(*pretrained, data, faults);
    }
    faults.collect("", [&] {
        const std::filesystem::path directory = run_directory_of(config);
        RunExtent extent = extent_of(data, preparation);
        extent.pert_dim = perturbations_of(data, like_peer(config) ? std::nullopt : pretrained);
        preparation.estimate = estimate_run(config, settings, extent, directory, job);
        for (ConfigFinding& finding : resource_findings(preparation.estimate, directory)) {
            preparation.findings.push_back(std::move(finding));
        }
    });
}

} // namespace

Preparation prepare_training(const TrainingConfig& given, JobContext& job) {
    Preparation preparation;
    TrainingFaults faults;
    TrainSettings settings;
    nlohmann::json config = given.values;
    if (faults.collect("", [&] { settings = train_settings(config); })) {
        TrainingFaults of_place;
        check_run_place(config, of_place);
        for (const TrainingFault& fault : of_place.all()) {
            preparation.findings.push_back(finding_of(fault.option, fault.error));
        }
        const std::optional<Pretrained> pretrained = open_init(config, settings, preparation, faults);
        constexpr std::int64_t usual_set = 512; // arc-state's preset `state`
        const std::int64_t set_len = whole_number(settings.model_kwargs, "cell_set_len", usual_set);
        TrainingFaults of_data;
        if (const auto data =
                TrainingData::open(settings.data, settings.loop, set_len, job, DataDepth::labels, of_data)) {
            describe(*data, config, settings, pretrained, preparation, faults, job);
        }
        faults.append(of_data);
    }
    for (const TrainingFault& fault : faults.all()) {
        // A configuration's own faults name their option as the place.
        preparation.findings.push_back(
            finding_of(fault.option.empty() ? fault.error.place().key : fault.option, fault.error));
    }
    return preparation;
}

} // namespace ember

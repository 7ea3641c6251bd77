#include "core/experiment/preparation.hpp"

#include "core/base/error.hpp"
#include "core/experiment/row_cache.hpp"
#include "core/experiment/run_estimate.hpp"
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
    const std::uint64_t free = free_disk(folder);
    const auto size = [&](std::uint64_t bytes) {
        return std::to_string(static_cast<std::int64_t>(static_cast<double>(bytes) / mib)) + " MiB";
    };
    const bool fault = free > 0 && free < data.disk_bytes();
    findings.push_back({fault, "data.kwargs.memory_bytes", fault ? "NoSpace" : "",
                        "The cells do not fit the memory for cells and are copied once for fast reading: " +
                            size(data.disk_bytes()) + (fault ? ", and " + size(free) + " are free" : ""),
                        folder,
                        fault ? "Free disk space, raise data.kwargs.memory_bytes, or set "
                                "data.kwargs.shuffle=windows"
                              : ""});
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

} // namespace

Preparation prepare_training(const TrainingConfig& config, JobContext& job) {
    Preparation preparation;
    TrainingFaults faults;
    TrainSettings settings;
    if (faults.collect("", [&] { settings = train_settings(config.values); })) {
        constexpr std::int64_t usual_set = 512; // arc-state's preset `state`
        const std::int64_t set_len = whole_number(settings.model_kwargs, "cell_set_len", usual_set);
        const auto data =
            TrainingData::open(settings.data, settings.loop, set_len, job, DataDepth::labels, faults);
        if (data) {
            preparation.train = data->summary(Split::train);
            preparation.val = data->summary(Split::val);
            preparation.test = data->summary(Split::test);
            preparation.findings = remarks_of(*data, settings);
            add_copies(*data, preparation.findings);
            faults.collect("", [&] {
                const std::filesystem::path directory = run_directory_of(config.values);
                preparation.estimate =
                    estimate_run(config.values, settings, extent_of(*data, preparation), directory, job);
                for (ConfigFinding& finding : resource_findings(preparation.estimate, directory)) {
                    preparation.findings.push_back(std::move(finding));
                }
            });
        }
    }
    for (const TrainingFault& fault : faults.all()) {
        // A configuration's own faults name their option as the place.
        preparation.findings.push_back(
            finding_of(fault.option.empty() ? fault.error.place().key : fault.option, fault.error));
    }
    return preparation;
}

} // namespace ember

#include "core/training/run_setup.hpp"

#include "core/base/atomic_file.hpp"
#include "core/base/error.hpp"
#include "core/experiment/pretrained.hpp"
#include "core/experiment/training_config.hpp"
#include "core/run/earlier_run.hpp"
#include "core/run/run_files.hpp"
#include "core/run/st_settings.hpp"
#include "core/training/hyper_parameters.hpp"
#include "core/training/vocabulary.hpp"
#include "core/training/weight_transfer.hpp"

namespace ember {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::int64_t default_set_len = 512;

json kwargs_of(const json& config) {
    const json::json_pointer place("/model/kwargs");
    return config.contains(place) ? config.at(place) : json::object();
}

bool peer_compatible(const json& config) {
    const json::json_pointer place("/training/peer_compatible");
    return config.contains(place) && flag_or(config.at(place), false);
}

VarDims dimensions(const RunSetup& run) {
    const TrainingData& data = *run.data;
    VarDims dims;
    dims.input_dim = dims.output_dim = data.width();
    dims.gene_dim = data.gene_count();
    dims.hvg_dim = data.hvg_width();
    dims.pert_dim = run.perturbations.dim;
    dims.batch_dim = data.batches().dim;
    dims.gene_names = data.genes();
    dims.pert_names = run.perturbations.labels;
    return dims;
}

StConfig network_configuration(const RunSetup& run, const VarDims& dims) {
    json kwargs = kwargs_of(run.config);
    const DataSettings& data = run.settings.data;
    kwargs["control_pert"] = data.control_pert;
    kwargs["basal_mapping_strategy"] = data.pairing == ControlPairing::batch ? "batch" : "random";
    StConfig config =
        fresh_st_config(kwargs, data.embed_key == "X" ? "" : data.embed_key, data.output_space,
                        *dims.input_dim, *dims.gene_dim, *dims.hvg_dim, *dims.pert_dim, *dims.batch_dim);
    config.gene_names = dims.gene_names;
    return config;
}

void check_same(const std::vector<std::string>& before, const std::vector<std::string>& now, const char* what,
                const fs::path& file) {
    if (before != now) {
        throw Error("DataChanged",
                    std::string("The data have other ") + what + " than when this run was started",
                    {file.string(), "", {}}, "Restore the data files, or start a new run with init_from");
    }
}

/// The vocabulary of the directory's own maps.
void use_saved_vocabulary(RunSetup& run) {
    const RunDirectory saved = open_run_directory(run.directory);
    run.perturbations = saved.perturbations;
    if (!saved.batches.empty()) {
        check_same(saved.batches.labels, run.data->batches().labels, "batches", run.directory);
    }
    if (!saved.var_dims.gene_names.empty() && !run.data->genes().empty()) {
        check_same(saved.var_dims.gene_names, run.data->genes(), "genes", run.directory);
    }
    for (const std::string& label : run.data->perturbations().labels) {
        if (!run.perturbations.find(label)) {
            check_same({}, {label}, "perturbations", run.directory);
        }
    }
}

void write_files(const RunSetup& run, const VarDims& dims) {
    clear_earlier_run(run.directory);
    RunDirectory files;
    files.path = run.directory;
    files.config = run.config;
    files.var_dims = dims;
    files.perturbations = run.perturbations;
    files.batches = run.data->batches();
    files.cell_types = run.data->cell_types();
    write_run_files(files, config_yaml(run.config), data_module_arguments(run.config), run.hyper_parameters);
}

} // namespace

RunSetup set_up_run(const TrainRequest& request, json config, JobContext& job) {
    RunSetup run;
    run.directory = request.run_directory;
    run.resume = request.resume;
    run.config = std::move(config);
    run.settings = train_settings(run.config);
    std::optional<Pretrained> pretrained;
    const bool like_peer = peer_compatible(run.config);
    if (!request.resume && !run.settings.network.init_from.empty()) {
        pretrained = open_pretrained(run.settings.network.init_from);
        if (!like_peer) {
            run.notes = adopt_architecture(run.config, *pretrained);
            run.settings = train_settings(run.config);
        }
    }
    const std::int64_t set_len =
        integer_or(kwargs_of(run.config).value("cell_set_len", json()), default_set_len);
    run.data = TrainingData::open(run.settings.data, run.settings.loop, set_len, job);
    run.warnings = run.data->warnings();
    job.check_cancelled();
    if (request.resume) {
        use_saved_vocabulary(run);
    } else {
        const bool extends = pretrained && pretrained->run && !like_peer;
        run.perturbations = extends ? extended_map(pretrained->run->perturbations, run.data->perturbations())
                                    : run.data->perturbations();
    }
    run.rows = rows_in(run.data->perturbations(), run.perturbations);
    const VarDims dims = dimensions(run);
    run.network = std::make_unique<TrainableNetwork>(network_configuration(run, dims), run.settings.network,
                                                     run.settings.loop.seed);
    run.hyper_parameters = hyper_parameters(run.config, dims);
    job.check_cancelled();
    if (request.resume) {
        return run;
    }
    TransferReport report;
    if (pretrained) {
        report = transfer_weights(
            *run.network, *pretrained,
            {run.perturbations, run.data->batches(), run.data->genes(), run.settings.data.control_pert},
            like_peer);
        run.notes.push_back(report.sentence());
        run.notes.insert(run.notes.end(), report.notes.begin(), report.notes.end());
    }
    write_files(run, dims);
    if (pretrained) {
        write_file_atomically(run.directory / "init_report.json", report.json().dump(2) + '\n');
    }
    return run;
}

} // namespace ember

#include "core/run/run_files.hpp"

#include "core/base/atomic_file.hpp"
#include "core/run/pickle_writer.hpp"
#include "core/run/torch_writer.hpp"
#include "core/run/yaml_text.hpp"

namespace ember {

namespace {

PickleValue number_or_none(const std::optional<std::int64_t>& number) {
    return number ? PickleValue(*number) : PickleValue();
}

} // namespace

void write_label_map(const std::filesystem::path& file, const LabelMap& map) {
    PickleValue dict = PickleValue::dict();
    std::vector<TorchStorage> storages;
    const std::span<const float> vectors(map.vectors);
    const auto dim = static_cast<std::size_t>(map.dim);
    for (std::size_t i = 0; i < map.labels.size(); ++i) {
        dict.set(PickleValue::numpy_text(map.labels[i]),
                 PickleValue::tensor(static_cast<std::int64_t>(i), ScalarType::float32, {map.dim}));
        storages.push_back({std::as_bytes(vectors.subspan(i * dim, dim)), 0});
    }
    JobContext job;
    write_torch_file(file, file.stem().string(), dict, storages, job);
}

void write_var_dims(const std::filesystem::path& file, const VarDims& dims) {
    PickleValue genes = PickleValue::list(), perturbations = PickleValue::list();
    for (const std::string& name : dims.gene_names) {
        genes.items.emplace_back(name);
    }
    for (const std::string& name : dims.pert_names) {
        perturbations.items.push_back(PickleValue::numpy_text(name));
    }
    PickleValue dict = PickleValue::dict();
    dict.set("input_dim", number_or_none(dims.input_dim)).set("gene_dim", number_or_none(dims.gene_dim));
    dict.set("hvg_dim", number_or_none(dims.hvg_dim)).set("output_dim", number_or_none(dims.output_dim));
    dict.set("pert_dim", number_or_none(dims.pert_dim)).set("gene_names", std::move(genes));
    dict.set("batch_dim", number_or_none(dims.batch_dim)).set("pert_names", std::move(perturbations));
    write_file_atomically(file, write_pickle(dict, PickleProtocol::four));
}

void write_data_module(const std::filesystem::path& file, const nlohmann::ordered_json& arguments) {
    JobContext job;
    write_torch_file(file, "archive", PickleValue(arguments), {}, job);
}

void write_hparams(const std::filesystem::path& file, const nlohmann::ordered_json& hyper_parameters) {
    write_file_atomically(file, yaml_text(hyper_parameters));
}

void write_run_files(const RunDirectory& run, const std::string& config_text,
                     const nlohmann::ordered_json& data_arguments,
                     const nlohmann::ordered_json& hyper_parameters) {
    std::filesystem::create_directories(run.path / "version_0");
    write_label_map(run.path / "pert_onehot_map.pt", run.perturbations);
    if (!run.batches.empty()) {
        write_label_map(run.path / "batch_onehot_map.torch", run.batches);
    }
    if (!run.cell_types.empty()) {
        write_label_map(run.path / "cell_type_onehot_map.torch", run.cell_types);
    }
    write_var_dims(run.path / "var_dims.pkl", run.var_dims);
    write_data_module(run.path / "data_module.torch", data_arguments);
    write_hparams(run.path / "version_0" / "hparams.yaml", hyper_parameters);
    // Last: with it the folder is a run directory.
    write_file_atomically(run.path / "config.yaml", config_text);
}

} // namespace ember

#include "core/run/run_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "archive_writer.hpp"
#include "core/run/label_map.hpp"
#include "core/run/mapped_file.hpp"
#include "core/run/torch_archive.hpp"
#include "core/run/unpickler.hpp"
#include "core/run/yaml_config.hpp"
#include "core/run/yaml_text.hpp"
#include "scratch_folder.hpp"

namespace ember {
namespace {

using test::bytes_of;
using test::ScratchFolder;
using test::text_of;

const std::filesystem::path peer_run = std::filesystem::path(EMBER_TEST_DATA) / "state/run_tiny";

void expect_same(const LabelMap& a, const LabelMap& b) {
    EXPECT_EQ(a.labels, b.labels);
    EXPECT_EQ(a.vectors, b.vectors);
    EXPECT_EQ(a.dim, b.dim);
    EXPECT_EQ(a.argmax, b.argmax);
}

/// The values of a dict of the pickle, whatever its keys are.
nlohmann::json plain(const PickleDocument& document) {
    return pickle_to_json(document, document.node(document.root), "a.pkl");
}

nlohmann::json plain_archive(const std::filesystem::path& file) {
    const auto mapped = MappedFile::open(file);
    return plain(TorchArchive(mapped->bytes(), file.string()).document());
}

TEST(RunFiles, AreThoseOfArcState) {
    const ScratchFolder folder;
    RunDirectory run = open_run_directory(peer_run);
    run.path = folder / "run";
    const auto arguments = nlohmann::ordered_json(plain_archive(peer_run / "data_module.torch"));
    const auto hyper_parameters = nlohmann::ordered_json(read_yaml(peer_run / "version_0" / "hparams.yaml"));
    write_run_files(run, text_of(peer_run / "config.yaml"), arguments, hyper_parameters);

    EXPECT_TRUE(is_run_directory(run.path));
    const RunDirectory read = open_run_directory(run.path);
    EXPECT_EQ(read.config, run.config);
    expect_same(read.perturbations, run.perturbations);
    expect_same(read.batches, run.batches);
    expect_same(read.cell_types, run.cell_types);
    EXPECT_EQ(read.var_dims.input_dim, run.var_dims.input_dim);
    EXPECT_EQ(read.var_dims.gene_dim, run.var_dims.gene_dim);
    EXPECT_EQ(read.var_dims.hvg_dim, run.var_dims.hvg_dim);
    EXPECT_EQ(read.var_dims.output_dim, run.var_dims.output_dim);
    EXPECT_EQ(read.var_dims.pert_dim, run.var_dims.pert_dim);
    EXPECT_EQ(read.var_dims.batch_dim, run.var_dims.batch_dim);
    EXPECT_EQ(read.var_dims.gene_names, run.var_dims.gene_names);
    EXPECT_EQ(read.var_dims.pert_names, run.var_dims.pert_names);
    for (const char* map : {"pert_onehot_map.pt", "batch_onehot_map.torch", "cell_type_onehot_map.torch",
                            "data_module.torch"}) {
        EXPECT_EQ(plain_archive(run.path / map), plain_archive(peer_run / map)) << map;
    }
    EXPECT_EQ(read_yaml(run.path / "version_0/hparams.yaml"), read_yaml(peer_run / "version_0/hparams.yaml"));
}

TEST(RunFiles, VarDimsInTheOrderAndProtocolOfArcState) {
    const ScratchFolder folder;
    write_var_dims(folder / "var_dims.pkl", open_run_directory(peer_run).var_dims);
    const std::string ours = text_of(folder / "var_dims.pkl"), theirs = text_of(peer_run / "var_dims.pkl");
    EXPECT_EQ(ours.substr(0, 3), theirs.substr(0, 3));
    const auto keys = [](const std::string& bytes) {
        const PickleDocument document = unpickle(bytes_of(bytes), "a.pkl", PickleSource::bare);
        std::vector<std::string> names;
        const PickleNode& root = document.node(document.root);
        for (std::size_t i = 0; i < root.items.size(); i += 2) {
            names.push_back(document.node(root.items[i]).text);
        }
        return names;
    };
    EXPECT_EQ(keys(ours), keys(theirs));
}

TEST(RunFiles, LabelsOfAnyText) {
    const ScratchFolder folder;
    LabelMap map;
    map.labels = {"", "µM 細胞 🧬", "[('DMSO_TF', 0.0, 'uM')]", std::string(400, 'a')};
    map.dim = 2;
    map.vectors = {0.5F, 1, 2, 3, 4, 5, 6, 7};
    write_label_map(folder / "pert_onehot_map.pt", map);
    const auto mapped = MappedFile::open(folder / "pert_onehot_map.pt");
    const LabelMap read = label_map_from_bytes(mapped->bytes(), "pert_onehot_map.pt");
    EXPECT_EQ(read.labels, map.labels);
    EXPECT_EQ(read.vectors, map.vectors);
}

TEST(YamlText, IsArcStatesByteForByte) {
    const std::string theirs = text_of(peer_run / "version_0/hparams.yaml");
    // The file's own order of keys, which a sorted reading loses.
    nlohmann::ordered_json ordered;
    const nlohmann::json values = parse_yaml(theirs, "hparams.yaml");
    std::istringstream lines(theirs);
    std::string top;
    for (std::string line; std::getline(lines, line);) {
        const std::size_t colon = line.find(':');
        if (colon == std::string::npos || line[0] == '-') {
            continue;
        }
        const std::string key = line.substr(0, colon);
        if (line[0] != ' ') {
            top = key;
            ordered[top] = nlohmann::ordered_json(values[top]);
            if (values[top].is_object()) {
                ordered[top] = nlohmann::ordered_json::object();
            }
        } else if (const std::string inner = key.substr(2); inner[0] != '-') {
            ordered[top][inner] = nlohmann::ordered_json(values[top][inner]);
        }
    }
    EXPECT_EQ(yaml_text(ordered), theirs);
}

TEST(YamlText, ReadsBackAsItWas) {
    const auto values =
        nlohmann::ordered_json::parse(R"({"words": ["yes", "No", "null", "~", "1e-4", "1", "", " a",
        "a ", "a: b", "a:", "a #b", "#a", "- a", "-", "it's", "\"q\"", "line\nend\ttab", "µM", "[1, 2]", "{a}", "*a",
        "&a", "!a", "%a", "@a", "`a", "0x1f", "1_000", ".5", "2020-01-01", "12:30", "=", "<<", "true", "ON",
        "data/x.h5ad", "C:\\x", "a,b", "y"], "numbers": [0, -3, 1e-5, 1.0, 2.5, 1e22, 60000000000000.0],
        "empty": [[], {}, null, true], "nested": [[1, [2, 3]], {"a": [1], "b": {"c": {}}}, [{"x": [], "y": 1}]],
        "strange key: #": {"1": 2, "yes": 3}})");
    EXPECT_EQ(parse_yaml(yaml_text(values), "a.yaml"), nlohmann::json::parse(values.dump()));
    EXPECT_EQ(yaml_text(nlohmann::ordered_json::object()), "{}\n");
}

} // namespace
} // namespace ember

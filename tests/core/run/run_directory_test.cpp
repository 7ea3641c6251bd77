#include <chrono>
#include <cstdlib>
#include <fstream>
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "core/run/checkpoint.hpp"
#include "core/run/label_map.hpp"
#include "core/run/run_directory.hpp"
#include "core/run/st_config.hpp"
#include "core/run/unpickler.hpp"
#include "tests/core/run/archive_writer.hpp"

namespace {

using namespace ember;
namespace fs = std::filesystem;

const fs::path state = fs::path(EMBER_TEST_DATA) / "state";
const fs::path demo = EMBER_DEMO;

TEST(RunDirectory, ReadsTheTinyRun) {
    const RunDirectory run = open_run_directory(state / "run_tiny");
    EXPECT_EQ(run.config_text("data.kwargs.pert_col"), "gene");
    EXPECT_EQ(run.config_at("model.kwargs.cell_set_len"), 16);
    EXPECT_THAT(run.perturbations.labels,
                ::testing::ElementsAre("control", "pert_A", "pert_B", "pert_C", "pert_D", "pert_E"));
    EXPECT_EQ(run.perturbations.dim, 6);
    EXPECT_EQ(run.perturbations.argmax[3], 3);
    EXPECT_EQ(run.perturbations.vectors[0], 1.0F);
    EXPECT_EQ(run.perturbations.vectors[1], 0.0F);
    EXPECT_THAT(run.batches.labels, ::testing::ElementsAre("b1", "b2"));
    EXPECT_THAT(run.cell_types.labels, ::testing::ElementsAre("CT0", "CT1", "CT2"));
    EXPECT_EQ(run.var_dims.input_dim, 80);
    EXPECT_EQ(run.var_dims.gene_names.size(), 80U);
    ASSERT_EQ(run.checkpoints.size(), 3U);
    EXPECT_EQ(run.checkpoints[0].filename(), "final.ckpt");
    EXPECT_EQ(run.checkpoints[1].filename(), "last.ckpt");
    EXPECT_EQ(run.checkpoints[2].filename(), "best.ckpt");
    EXPECT_EQ(run.default_checkpoint().filename(), "final.ckpt");
}

/// A copy of a run that a test may damage.
class CopiedRun {
public:
    explicit CopiedRun(const fs::path& from) {
        std::string pattern = (fs::temp_directory_path() / "ember-run-XXXXXX").string();
        path_ = mkdtemp(pattern.data());
        fs::copy(from, path_, fs::copy_options::recursive);
    }
    ~CopiedRun() { fs::remove_all(path_); }
    CopiedRun(const CopiedRun&) = delete;
    CopiedRun& operator=(const CopiedRun&) = delete;
    const fs::path& path() const { return path_; }
    void write(const std::string& file, const std::string& text) const {
        std::ofstream(path_ / file, std::ios::binary) << text;
    }
    void remove(const std::string& file) const { fs::remove_all(path_ / file); }

private:
    fs::path path_;
};

Error error_of(const std::function<void()>& action) {
    try {
        action();
    } catch (const Error& error) {
        return error;
    }
    return Error("no error", "");
}

TEST(RunDirectory, ReadsTheDemoRuns) {
    for (const char* name : {"st_drug", "st_pbmc", "st_wound"}) {
        const RunDirectory run = open_run_directory(demo / name);
        const CheckpointPtr checkpoint = Checkpoint::open(run.default_checkpoint());
        const StConfig config = read_st_config(*checkpoint, &run);
        EXPECT_EQ(config.pert_dim, run.perturbations.dim) << name;
        EXPECT_TRUE(run.perturbations.find(config.control_pert)) << name;
        EXPECT_EQ(config.gene_names, run.var_dims.gene_names) << name;
        EXPECT_EQ(checkpoint->format(), "Lightning checkpoint");
    }
    const RunDirectory drug = open_run_directory(demo / "st_drug");
    EXPECT_FALSE(drug.perturbations.find("Burn"));
    EXPECT_TRUE(open_run_directory(demo / "st_wound").perturbations.find("Burn"));
}

TEST(RunDirectory, NamesTheFileThatIsMissing) {
    for (const std::string file : {"config.yaml", "pert_onehot_map.pt"}) {
        const CopiedRun run(state / "run_tiny");
        run.remove(file);
        const Error error = error_of([&] { open_run_directory(run.path()); });
        EXPECT_EQ(error.class_name(), "MissingMember");
        EXPECT_EQ(error.place().key, file);
        EXPECT_FALSE(error.remedy().empty());
    }
    EXPECT_EQ(error_of([] { open_run_directory("no/such/run"); }).class_name(), "CannotRead");
}

TEST(RunDirectory, DoesWithoutWhatIsOptional) {
    const CopiedRun copy(state / "run_tiny");
    for (const char* file :
         {"var_dims.pkl", "batch_onehot_map.torch", "cell_type_onehot_map.torch", "checkpoints"}) {
        copy.remove(file);
    }
    const RunDirectory run = open_run_directory(copy.path());
    EXPECT_TRUE(run.batches.empty());
    EXPECT_TRUE(run.cell_types.empty());
    EXPECT_FALSE(run.var_dims.input_dim);
    EXPECT_TRUE(run.checkpoints.empty());
    EXPECT_EQ(error_of([&] { run.default_checkpoint(); }).class_name(), "MissingMember");
    EXPECT_TRUE(is_run_directory(copy.path()));
    copy.remove("pert_onehot_map.pt");
    EXPECT_FALSE(is_run_directory(copy.path()));
}

TEST(RunDirectory, OrdersCheckpointsAndPrefersTheNewestOfTheUnnamed) {
    const CopiedRun copy(state / "run_tiny_lora");
    copy.remove("checkpoints/final.ckpt");
    const auto touch = [&](const std::string& file, int seconds) {
        copy.write(file, "x");
        fs::last_write_time(copy.path() / file,
                            fs::file_time_type::clock::now() + std::chrono::seconds(seconds));
    };
    touch("checkpoints/step=200.ckpt", 0);
    touch("checkpoints/step=100.ckpt", 100);
    touch("checkpoints/notes.txt", 200);
    RunDirectory run = open_run_directory(copy.path());
    ASSERT_EQ(run.checkpoints.size(), 2U);
    EXPECT_EQ(run.default_checkpoint().filename(), "step=100.ckpt");
    touch("checkpoints/best.ckpt", 0);
    touch("checkpoints/last.ckpt", 0);
    touch("final.ckpt", 0);
    run = open_run_directory(copy.path());
    std::vector<std::string> names;
    for (const fs::path& file : run.checkpoints) {
        names.push_back(file.filename());
    }
    EXPECT_THAT(names, ::testing::ElementsAre("final.ckpt", "last.ckpt", "best.ckpt", "step=100.ckpt",
                                              "step=200.ckpt"));
    EXPECT_EQ(run.default_checkpoint().filename(), "final.ckpt");
}

TEST(RunDirectory, ReadsConfigurationByPath) {
    const RunDirectory run = open_run_directory(state / "run_tiny");
    EXPECT_EQ(run.config_text("data.kwargs.control_pert"), "control");
    EXPECT_EQ(run.config_text("data.kwargs.perturbation_features_file"), "");
    EXPECT_EQ(run.config_text("training.max_steps"), "400");
    EXPECT_TRUE(run.config_at("data.kwargs.pert_col.deeper").is_null());
    EXPECT_TRUE(run.config_at("nowhere").is_null());
    EXPECT_TRUE(run.config_at("").is_null());
}

TEST(RunDirectory, SaysWhichFileIsDamaged) {
    const CopiedRun run(state / "run_tiny");
    run.write("batch_onehot_map.torch", "garbage");
    const Error map = error_of([&] { open_run_directory(run.path()); });
    EXPECT_EQ(map.place().file, (run.path() / "batch_onehot_map.torch").string());
    run.remove("batch_onehot_map.torch");
    run.write("batch_onehot_map.pkl", "cos\nsystem\n(S'true'\ntR.");
    EXPECT_EQ(error_of([&] { open_run_directory(run.path()); }).class_name(), "RefusedGlobal");
    run.remove("batch_onehot_map.pkl");
    run.write("config.yaml", "a: [1");
    EXPECT_EQ(error_of([&] { open_run_directory(run.path()); }).class_name(), "BadConfig");
}

/// What pickle.dump writes for {"b1": tensor([1., 0.]), "b2": tensor([0., 1.])} (keys of storages shortened).
std::string bare_map(const std::string& function = "_load_from_bytes") {
    test::PickleWriter map;
    map.op('}');
    for (const int row : {0, 1}) {
        std::string stream("\x80\x02\x8a\x0al\xfc\x9c\x46\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.", 21);
        stream += test::PickleWriter().op('}').text("little_endian").op(0x88).item().done();
        stream += test::PickleWriter()
                      .mark()
                      .text("storage")
                      .global("torch", "FloatStorage")
                      .text("7")
                      .text("cpu")
                      .integer(2)
                      .op('N')
                      .op('t')
                      .op('Q')
                      .done();
        stream += test::PickleWriter().op(']').text("7").op('a').done();
        stream += test::little<std::int64_t>(2);
        stream += row == 0 ? test::floats({1, 0}) : test::floats({0, 1});
        map.text(row == 0 ? "b1" : "b2").global("torch._utils", "_rebuild_tensor_v2").mark();
        map.global("torch.storage", function).op('B');
        map.raw(test::little(static_cast<std::uint32_t>(stream.size())) + stream).op(0x85).op('R');
        map.integer(0).integers({2}).integers({1}).op(0x89);
        map.global("collections", "OrderedDict").op(')').op('R').op('t').op('R').item();
    }
    return map.done();
}

TEST(LabelMap, ReadsAPlainPickleOfTensors) {
    const std::string file = bare_map();
    const LabelMap map = label_map_from_bytes(test::bytes_of(file), "batch_onehot_map.pkl");
    EXPECT_THAT(map.labels, ::testing::ElementsAre("b1", "b2"));
    EXPECT_THAT(map.vectors, ::testing::ElementsAre(1, 0, 0, 1));
    for (std::size_t size = 0; size < file.size(); ++size) {
        const std::string cut = file.substr(0, size);
        EXPECT_NE(error_of([&] { label_map_from_bytes(test::bytes_of(cut), "m.pkl"); }).class_name(),
                  "no error");
        std::string bent = file;
        bent[size] = static_cast<char>(~bent[size]);
        error_of([&] { label_map_from_bytes(test::bytes_of(bent), "m.pkl"); });
    }
    const std::string other = bare_map("_load_from_file");
    EXPECT_EQ(error_of([&] { label_map_from_bytes(test::bytes_of(other), "m.pkl"); }).class_name(),
              "RefusedGlobal");
    EXPECT_EQ(error_of([&] { unpickle(test::bytes_of(file), "m.ckpt"); }).class_name(), "RefusedGlobal");
}

TEST(LabelMap, RefusesVectorsThatDoNotFit) {
    const auto map = [](const std::vector<std::int64_t>& first, const std::vector<std::int64_t>& second) {
        test::PickleWriter p;
        p.op('}').text("a").tensor("0", 4, first, std::vector<std::int64_t>(first.size(), 1)).item();
        p.text("b").tensor("0", 4, second, std::vector<std::int64_t>(second.size(), 1)).item();
        return error_of([&] {
                   const std::string file = test::torch_file(p.done(), {test::floats({1, 0, 0, 0})});
                   label_map_from_bytes(test::bytes_of(file), "map.pt");
               })
            .class_name();
    };
    EXPECT_EQ(map({4}, {4}), "no error");
    EXPECT_EQ(map({4}, {3}), "ShapeMismatch");
    EXPECT_EQ(map({2, 2}, {2, 2}), "ShapeMismatch");
    EXPECT_EQ(map({0}, {0}), "ShapeMismatch");
    test::PickleWriter number;
    number.op('}').text("a").integer(3).item();
    EXPECT_EQ(error_of([&] { label_map_from_bytes(test::bytes_of(number.done()), "map.pkl"); }).class_name(),
              "Corrupt");
}

TEST(VarDims, BoundsNamesThatRepeat) {
    test::PickleWriter names;
    names.text(std::string(1 << 20, 'x')).op('q').op(0).op('0').op('}').text("gene_names").op(']').mark();
    for (int i = 0; i < 200; ++i) {
        names.op('h').op(0);
    }
    names.op('e').item();
    EXPECT_EQ(
        error_of([&] { var_dims_from_bytes(test::bytes_of(names.done()), "var_dims.pkl"); }).class_name(),
        "NoMemory");
}

TEST(InspectModel, DescribesARun) {
    const nlohmann::json report = inspect_model(state / "run_tiny");
    EXPECT_EQ(report["dimensions"]["input_dim"], 80);
    EXPECT_EQ(report["dimensions"]["layers"], 2);
    EXPECT_EQ(report["vocabulary"]["perturbations"]["count"], 6);
    EXPECT_EQ(report["vocabulary"]["cell_types"]["labels"], nlohmann::json({"CT0", "CT1", "CT2"}));
    EXPECT_EQ(report["genes"]["count"], 80);
    EXPECT_EQ(report["checkpoints"].size(), 3U);
    EXPECT_EQ(report["checkpoints"][0]["file"], "checkpoints/final.ckpt");
    EXPECT_EQ(report["checkpoints"][0]["bytes"], fs::file_size(state / "run_tiny/checkpoints/final.ckpt"));
    EXPECT_EQ(report["default_checkpoint"], "checkpoints/final.ckpt");
    EXPECT_EQ(report["has_optimizer_state"], true);
    EXPECT_EQ(report["global_step"], 400);
    EXPECT_EQ(report["hyper_parameters"]["cell_set_len"], 16);
    EXPECT_EQ(report["dead_parameters"], 128 * 48);
    EXPECT_GT(report["parameters"], 40'000);
    EXPECT_FALSE(report.dump().empty());
}

TEST(InspectModel, SaysWhatIsUnusualAboutARun) {
    const auto unusual = [](const fs::path& path) { return inspect_model(path)["unusual"].dump(); };
    EXPECT_THAT(unusual(state / "run_tiny_lora"), ::testing::HasSubstr("LoRA adapters of rank 4"));
    EXPECT_THAT(unusual(state / "variants/base/weights.safetensors"),
                ::testing::HasSubstr("cannot be run as an ST model"));
    const CopiedRun copy(state / "run_tiny");
    copy.remove("batch_onehot_map.torch");
    copy.remove("var_dims.pkl");
    EXPECT_THAT(unusual(copy.path()), ::testing::HasSubstr("no batch map"));
    EXPECT_THAT(unusual(copy.path()), ::testing::HasSubstr("var_dims.pkl is missing"));
    fs::copy_file(demo / "st_wound/pert_onehot_map.pt", copy.path() / "pert_onehot_map.pt",
                  fs::copy_options::overwrite_existing);
    EXPECT_THAT(unusual(copy.path()), ::testing::HasSubstr("The control 'control' is not among"));
    copy.remove("checkpoints");
    EXPECT_THAT(unusual(copy.path()), ::testing::HasSubstr("no checkpoint"));
}

TEST(InspectModel, DescribesACheckpointWithItsRun) {
    const nlohmann::json report = inspect_model(state / "run_tiny/checkpoints/last.ckpt");
    EXPECT_EQ(report["kind"], "checkpoint");
    EXPECT_EQ(report["dimensions"]["heads"], 4);
    EXPECT_EQ(report["file_bytes"], fs::file_size(state / "run_tiny/checkpoints/last.ckpt"));
    EXPECT_EQ(report["tensors"]["basal_encoder.weight"], "float32 48 × 80");
}

TEST(InspectModel, ReadsSafetensorsInARunDirectory) {
    const CopiedRun copy(state / "run_tiny");
    copy.remove("checkpoints");
    fs::copy_file(state / "variants/base/weights.safetensors", copy.path() / "final.safetensors");
    const nlohmann::json report = inspect_model(copy.path());
    EXPECT_EQ(report["format"], "safetensors");
    EXPECT_EQ(report["dimensions"]["heads"], 4);
    EXPECT_EQ(report["dimensions"]["input_dim"], 24);
}

} // namespace

// Where predictions go, and what the options change.

#include <algorithm>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "core/data/anndata.hpp"
#include "core/data/h5ad_writer.hpp"
#include "core/data/npy.hpp"
#include "infer_case.hpp"

using namespace ember;
using namespace ember::test;
namespace fs = std::filesystem;

namespace {

std::vector<float> read_all(const AnnData& data, const MatrixSource& source) {
    const auto matrix = data.matrix(source);
    std::vector<float> values(matrix->rows() * matrix->cols());
    matrix->read_rows(0, matrix->rows(), values);
    return values;
}

const MatrixSource x_hvg{MatrixSource::Kind::obsm, "X_hvg"};

/// A file whose X has tiny's genes in another order, and `extra` genes more.
void write_shuffled(const fs::path& target, std::size_t extra, bool repeat_a_name = false) {
    const auto tiny = AnnData::open(state / "tiny.h5ad");
    const auto cells = static_cast<std::size_t>(tiny->n_obs()),
               genes = static_cast<std::size_t>(tiny->n_vars());
    const auto x = read_all(*tiny, {});
    NewAnnData made;
    made.obs_names = tiny->obs_names();
    for (const char* column : {"gene", "cell_type", "gem_group"}) {
        made.obs.push_back(*tiny->obs(column));
    }
    for (std::size_t i = 0; i < extra; ++i) {
        made.var_names.push_back("extra" + std::to_string(i));
    }
    for (std::size_t gene = genes; gene-- > 0;) {
        made.var_names.push_back(tiny->var_names()[gene]);
    }
    if (repeat_a_name) {
        made.var_names[0] = made.var_names[1];
    }
    const std::size_t width = genes + extra;
    made.x.assign(cells * width, 1.0f);
    for (std::size_t cell = 0; cell < cells; ++cell) {
        for (std::size_t gene = 0; gene < genes; ++gene) {
            made.x[cell * width + extra + genes - 1 - gene] = x[cell * genes + gene];
        }
    }
    write_h5ad(made, target);
}

std::size_t files_in(const fs::path& folder) {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

} // namespace

TEST(InferOutput, H5adOverwritesTheEmbeddingAndKeepsTheRest) {
    const Scratch scratch;
    InferRequest request = tiny_request();
    request.output = scratch / "out.h5ad";
    const InferResult result = infer(request);
    EXPECT_EQ(result.written_to, "obsm/X_hvg");
    const auto out = AnnData::open(request.output), in = AnnData::open(request.adata);
    EXPECT_LE(worst_difference(read_all(*out, x_hvg), read_npy(state / "infer_tiny.npy").values), 1e-4);
    EXPECT_EQ(read_all(*out, {}), read_all(*in, {}));
    EXPECT_EQ(out->obs_names(), in->obs_names());
    const auto provenance = out->uns("emberview/infer");
    EXPECT_EQ(provenance.at("program"), "emberview");
    EXPECT_EQ(provenance.at("parameters").at("control_pert"), "control");
    EXPECT_EQ(provenance.at("input").at("sha256").get<std::string>().size(), 64u);
}

TEST(InferOutput, ANamedKeyLeavesTheInputAlone) {
    const Scratch scratch;
    InferRequest request = tiny_request();
    request.output = scratch / "out.h5ad";
    request.obsm_key = "X_state_80";
    EXPECT_EQ(infer(request).written_to, "obsm/X_state_80");
    const auto out = AnnData::open(request.output), in = AnnData::open(request.adata);
    EXPECT_EQ(read_all(*out, x_hvg), read_all(*in, x_hvg));
    EXPECT_LE(worst_difference(read_all(*out, {MatrixSource::Kind::obsm, "X_state_80"}),
                               read_npy(state / "infer_tiny.npy").values),
              1e-4);
}

TEST(InferOutput, NpyHoldsThePredictionAndItsProvenanceStandsBeside) {
    const Scratch scratch;
    InferRequest request = tiny_request();
    request.output = scratch / "out.npy";
    infer(request);
    const NpyArray made = read_npy(request.output), expected = read_npy(state / "infer_tiny.npy");
    EXPECT_EQ(made.shape, expected.shape);
    EXPECT_LE(worst_difference({made.values.begin(), made.values.end()}, expected.values), 1e-4);
    std::ifstream in(request.output.string() + ".json");
    EXPECT_EQ(nlohmann::json::parse(in).at("parameters").at("seed"), 42);
}

TEST(InferOutput, UnknownPerturbationsAreRecorded) {
    const Scratch scratch;
    write_relabelled(scratch / "unknown.h5ad", "pert_E", "Burn");
    InferRequest request = tiny_request();
    request.adata = scratch / "unknown.h5ad";
    request.output = scratch / "out.h5ad";
    const InferResult result = infer(request);
    const auto record = AnnData::open(request.output)->uns("emberview/infer");
    EXPECT_EQ(record.at("unknown_perturbations"), nlohmann::json({"Burn"}));
    EXPECT_EQ(record.at("unknown_cells"), nlohmann::json({result.unknown.at(0).cells}));
}

TEST(InferOutput, TheSameRequestGivesTheSameNumbers) {
    EXPECT_EQ(infer(tiny_request()).prediction, infer(tiny_request()).prediction);
    InferRequest other = tiny_request();
    other.seed = 43;
    EXPECT_NE(infer(tiny_request()).prediction, infer(other).prediction);
}

TEST(InferOutput, AddedCellsComeWithNamesAndLabels) {
    const Scratch scratch;
    std::ofstream(scratch / "more.tsv") << "perturbation\tnum_cells\npert_A\t5\npert_B\t3\n";
    InferRequest request = tiny_request();
    request.tsv = scratch / "more.tsv";
    request.output = scratch / "out.h5ad";
    EXPECT_EQ(infer(request).cells, 608u);
    const auto out = AnnData::open(request.output);
    ASSERT_EQ(out->n_obs(), 608u);
    EXPECT_EQ(out->obs_names().back(), "607");
    const auto labels = as_groups(*out->obs("gene"));
    EXPECT_EQ(labels.categories[static_cast<std::size_t>(labels.codes[607])], "pert_B");
    EXPECT_EQ(labels.categories[static_cast<std::size_t>(labels.codes[600])], "pert_A");
}

TEST(InferOutput, EveryPerturbationOfTheModelOnCopiesOfControls) {
    const Scratch scratch;
    write_relabelled(scratch / "without_e.h5ad", "pert_E", "pert_D2");
    InferRequest request = tiny_request();
    request.adata = scratch / "without_e.h5ad";
    request.all_perts = true;
    request.virtual_cells_per_pert = 10;
    request.output = scratch / "out.h5ad";
    EXPECT_EQ(infer(request).cells, 610u);
    const auto out = AnnData::open(request.output);
    ASSERT_EQ(out->n_obs(), 610u);
    const auto labels = as_groups(*out->obs("gene"));
    const auto prediction = read_all(*out, x_hvg);
    for (std::size_t cell = 600; cell < 610; ++cell) {
        EXPECT_EQ(labels.categories[static_cast<std::size_t>(labels.codes[cell])], "pert_E");
        EXPECT_THAT(out->obs_names()[cell], testing::EndsWith("__virt_pert_E"));
        const auto row = prediction.begin() + static_cast<std::ptrdiff_t>(cell * 80);
        EXPECT_GT(*std::max_element(row, row + 80), 0.0f);
    }
}

TEST(InferOutput, ACategoryListedTwiceIsOnePerturbation) {
    const Scratch scratch;
    write_relabelled(scratch / "twice.h5ad", "pert_B", "pert_A");
    InferRequest request = tiny_request();
    request.adata = scratch / "twice.h5ad";
    const auto merged = infer(request).prediction;
    ASSERT_EQ(merged.size(), 600u * 80u);
    const auto data = AnnData::open(state / "tiny.h5ad");
    Column column = *data->obs("gene");
    auto& labels = std::get<CategoricalColumn>(column.data);
    const auto at = [&](const char* name) {
        return static_cast<std::int32_t>(std::find(labels.categories.begin(), labels.categories.end(), name) -
                                         labels.categories.begin());
    };
    std::replace(labels.codes.begin(), labels.codes.end(), at("pert_B"), at("pert_A"));
    JobContext job;
    H5adCopy copy(*data, scratch / "once.h5ad", {}, job);
    copy.set_obs(column);
    copy.finish();
    request.adata = scratch / "once.h5ad";
    EXPECT_EQ(infer(request).prediction, merged);
}

TEST(InferOutput, OneCellTypeOnly) {
    const Scratch scratch;
    InferRequest request = tiny_request();
    request.celltypes = {"CT2"};
    request.output = scratch / "out.h5ad";
    const InferResult result = infer(request);
    const auto out = AnnData::open(request.output);
    EXPECT_EQ(out->n_obs(), result.cells);
    EXPECT_LT(result.cells, 600u);
    const auto types = as_groups(*out->obs("cell_type"));
    for (const auto code : types.codes) {
        EXPECT_EQ(types.categories[static_cast<std::size_t>(code)], "CT2");
    }
}

TEST(GeneOrder, ColumnsArePermutedByNameAndBack) {
    const Scratch scratch;
    write_shuffled(scratch / "shuffled.h5ad", 0);
    InferRequest request = tiny_request();
    const auto expected = infer(request).prediction;
    request.adata = scratch / "shuffled.h5ad";
    request.embed_key = "X";
    const InferResult result = infer(request);
    EXPECT_THAT(result.warnings, testing::IsEmpty());
    for (std::size_t cell = 0; cell < 600; ++cell) {
        for (std::size_t gene = 0; gene < 80; ++gene) {
            ASSERT_NEAR(result.prediction[cell * 80 + 79 - gene], expected[cell * 80 + gene], 1e-4);
        }
    }
}

TEST(GeneOrder, TheModelsGenesAreFoundInAWiderMatrix) {
    const Scratch scratch;
    write_shuffled(scratch / "wide.h5ad", 9);
    InferRequest request = tiny_request();
    const auto expected = infer(request).prediction;
    request.adata = scratch / "wide.h5ad";
    request.embed_key = "X";
    request.output = scratch / "out.h5ad";
    EXPECT_EQ(infer(request).written_to, "obsm/X_state_pred");
    const auto out = AnnData::open(request.output);
    EXPECT_LE(worst_difference(read_all(*out, {MatrixSource::Kind::obsm, "X_state_pred"}),
                               {expected.begin(), expected.end()}),
              1e-4);
}

TEST(GeneOrder, RepeatedNamesAreNotTrusted) {
    const Scratch scratch;
    write_shuffled(scratch / "repeated.h5ad", 0, true);
    InferRequest request = tiny_request();
    request.adata = scratch / "repeated.h5ad";
    request.embed_key = "X";
    EXPECT_THAT(infer(request).warnings,
                testing::ElementsAre(testing::HasSubstr("79 of the model's 80 genes")));
}

TEST(Cancel, LeavesNoFile) {
    const Scratch scratch;
    struct StopWhenPredicting final : JobListener {
        std::stop_source stop;
        void on_progress(const Progress& progress) override {
            if (progress.phase == "Predicting") {
                stop.request_stop();
            }
        }
    };
    for (const char* name : {"out.h5ad", "out.npy"}) {
        StopWhenPredicting listener;
        JobContext job(&listener, listener.stop.get_token());
        InferRequest request = tiny_request();
        request.output = scratch / name;
        EXPECT_THROW(engine().infer(request, job), Cancelled);
        EXPECT_EQ(files_in(scratch.path()), 0u);
    }
}

TEST(Progress, CountsCells) {
    Listener listener;
    JobContext job(&listener);
    engine().infer(tiny_request(), job);
    std::vector<std::uint64_t> totals;
    for (const Progress& report : listener.reports) {
        if (report.phase == "Predicting") {
            EXPECT_EQ(report.unit, "cells");
            totals.push_back(report.total);
        }
    }
    EXPECT_THAT(totals, testing::Contains(600u));
}

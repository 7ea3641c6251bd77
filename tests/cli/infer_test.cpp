// `infer`: outputs, tables of options, the unknown perturbation.

#include <cmath>
#include <fstream>

#include <gmock/gmock.h>

#include "core/data/anndata.hpp"
#include "core/data/h5ad_writer.hpp"
#include "core/data/npy.hpp"
#include "program.hpp"

namespace {

using namespace ember;
using ember::test::CliTest;
using ember::test::count_of;
using ember::test::entries_of;
using ember::test::Outcome;
using testing::HasSubstr;

const std::string state = EMBER_TEST_DATA "/state/";

class Infer : public CliTest {
protected:
    std::vector<std::string> tiny(const std::string& output, std::vector<std::string> more = {}) const {
        std::vector<std::string> arguments = {"infer",
                                              "--adata",
                                              state + "tiny.h5ad",
                                              "--model-dir",
                                              state + "run_tiny",
                                              "--embed-key",
                                              "X_hvg",
                                              "--pert-col",
                                              "gene",
                                              "--celltype-col",
                                              "cell_type",
                                              "--batch-col",
                                              "gem_group",
                                              "--control-pert",
                                              "control",
                                              "--seed",
                                              "42",
                                              "--output",
                                              output};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return arguments;
    }

    /// tiny.h5ad with pert_E relabelled.
    std::string relabelled() const {
        const auto data = AnnData::open(state + "tiny.h5ad");
        Column column = *data->obs("gene");
        auto& groups = std::get<CategoricalColumn>(column.data);
        for (std::string& category : groups.categories) {
            category = category == "pert_E" ? "Burn" : category;
        }
        JobContext job;
        H5adCopy copy(*data, path("relabelled.h5ad"), {}, job);
        copy.set_obs(column);
        copy.finish();
        return path("relabelled.h5ad");
    }
};

double largest_difference(const NpyArray& a, const NpyArray& b) {
    if (a.shape != b.shape) {
        return INFINITY;
    }
    double worst = 0;
    for (std::size_t i = 0; i < a.values.size(); ++i) {
        worst = std::max(worst, std::abs(a.values[i] - b.values[i]));
    }
    return worst;
}

TEST_F(Infer, NpyEqualsTheReference) {
    const Outcome outcome = run(tiny(path("predicted.npy"), {"--json"}));
    ASSERT_EQ(outcome.status, 0) << outcome.out;
    EXPECT_EQ(outcome.json()["cells"], 600);
    EXPECT_EQ(outcome.json()["control_pert"], "control");
    EXPECT_LE(largest_difference(read_npy(path("predicted.npy")), read_npy(state + "infer_tiny.npy")), 1e-4);
    EXPECT_EQ(entries_of(folder), (std::vector<std::string>{"predicted.npy", "predicted.npy.json"}))
        << "the matrix and how it was made, nothing else";
}

TEST_F(Infer, TheModelKnowsItsOwnColumns) {
    const Outcome outcome = run({"infer", "--adata", state + "tiny.h5ad", "--model-dir", state + "run_tiny",
                                 "--output", path("predicted.npy"), "--json"});
    ASSERT_EQ(outcome.status, 0) << outcome.out;
    EXPECT_EQ(outcome.json()["pert_col"], "gene");
    EXPECT_LE(largest_difference(read_npy(path("predicted.npy")), read_npy(state + "infer_tiny.npy")), 1e-4);
}

TEST_F(Infer, AnObsmKeyKeepsTheInput) {
    const Outcome outcome = run(tiny(path("predicted.h5ad"), {"--obsm-key", "X_state_2000"}));
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("obsm/X_state_2000"));
    const auto input = AnnData::open(state + "tiny.h5ad"), output = AnnData::open(path("predicted.h5ad"));
    std::vector<float> before(80), after(80);
    input->matrix({MatrixSource::Kind::obsm, "X_hvg"})->read_rows(599, 1, before);
    output->matrix({MatrixSource::Kind::obsm, "X_hvg"})->read_rows(599, 1, after);
    EXPECT_EQ(before, after);
    output->matrix({MatrixSource::Kind::obsm, "X_state_2000"})->read_rows(599, 1, after);
    EXPECT_NE(before, after);
}

TEST_F(Infer, AnUnknownPerturbationIsWarnedOfOnceAndPredictedAsControl) {
    std::vector<std::string> arguments = tiny(path("predicted.npy"));
    arguments[2] = relabelled();
    const Outcome outcome = run(arguments);
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(count_of(outcome.err, "warning: "), 1u) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("Burn"));
    EXPECT_THAT(outcome.out, HasSubstr("does not know 'Burn'"));
    EXPECT_LE(largest_difference(read_npy(path("predicted.npy")), read_npy(state + "infer_unknown_pert.npy")),
              1e-4);
}

TEST_F(Infer, SimulatedCellsAreAppended) {
    std::ofstream(path("more.tsv")) << "perturbation\tnum_cells\npert_A\t5\npert_B\t3\n";
    const Outcome outcome = run(tiny(path("predicted.h5ad"), {"--tsv", path("more.tsv"), "--json"}));
    ASSERT_EQ(outcome.status, 0) << outcome.out;
    EXPECT_EQ(outcome.json()["cells"], 608);
    EXPECT_EQ(AnnData::open(path("predicted.h5ad"))->n_obs(), 608u);
}

TEST_F(Infer, ThreadsChangeNothingThatMatters) {
    ASSERT_EQ(run(tiny(path("one.npy"), {"--threads", "1"})).status, 0);
    ASSERT_EQ(run(tiny(path("again.npy"), {"--threads", "1"})).status, 0);
    ASSERT_EQ(run(tiny(path("two.npy"), {"--threads", "2"})).status, 0);
    EXPECT_EQ(ember::test::content_of(path("one.npy")), ember::test::content_of(path("again.npy")));
    EXPECT_LE(largest_difference(read_npy(path("one.npy")), read_npy(path("two.npy"))), 1e-5);
}

} // namespace

// What `infer` refuses, and how it says so.

#include <gmock/gmock.h>

#include "core/data/h5ad_writer.hpp"
#include "program.hpp"

namespace {

using namespace ember;
using ember::test::CliTest;
using ember::test::entries_of;
using ember::test::Outcome;
using testing::HasSubstr;

const std::string state = EMBER_TEST_DATA "/state/";

class InferErrors : public CliTest {
protected:
    Outcome infer(std::vector<std::string> more, const std::string& adata = state + "tiny.h5ad") const {
        more.insert(more.begin(), {"infer", "--adata", adata, "--model-dir", state + "run_tiny", "--json"});
        return run(more);
    }

    /// A file like tiny.h5ad with `width` columns in obsm/X_hvg, whose names are not known.
    std::string of_width(std::uint64_t width) const {
        NewAnnData data;
        TextColumn genes, types, batches;
        for (int i = 0; i < 40; ++i) {
            data.obs_names.push_back("cell" + std::to_string(i));
            genes.values.push_back(i % 2 ? "control" : "pert_A");
            types.values.push_back("CT0");
            batches.values.push_back("b1");
        }
        data.var_names = {"g"};
        data.obs = {
            {"gene", "object", genes}, {"cell_type", "object", types}, {"gem_group", "object", batches}};
        data.obsm.emplace_back("X_hvg", std::vector<float>(40 * width, 0.5F));
        write_h5ad(data, path("wide.h5ad"));
        return path("wide.h5ad");
    }
};

TEST_F(InferErrors, AnUnknownControlIsAnsweredWithTheNearest) {
    const Outcome outcome = infer({"--control-pert", "Control", "--output", path("p.npy")});
    EXPECT_EQ(outcome.status, 3);
    EXPECT_EQ(outcome.error_class(), "UnknownControl");
    EXPECT_THAT(outcome.out, HasSubstr("'control'"));
    EXPECT_TRUE(entries_of(folder).empty());
}

TEST_F(InferErrors, AnotherWidthIsExplainedAndTruncatedOnlyWhenAsked) {
    const std::string wide = of_width(83);
    const Outcome refused = infer({"--output", path("p.npy")}, wide);
    EXPECT_EQ(refused.status, 3);
    EXPECT_EQ(refused.error_class(), "WrongWidth");
    EXPECT_THAT(refused.out, HasSubstr("83"));
    EXPECT_THAT(refused.out, HasSubstr("80"));
    EXPECT_FALSE(std::filesystem::exists(path("p.npy")));
    const Outcome truncated = infer({"--output", path("p.npy"), "--truncate"}, wide);
    EXPECT_EQ(truncated.status, 0) << truncated.out;
    EXPECT_EQ(truncated.json()["width"], 80);
}

TEST_F(InferErrors, ANarrowerInputCannotBeTruncated) {
    EXPECT_EQ(infer({"--output", path("p.npy"), "--truncate"}, of_width(70)).error_class(), "WrongWidth");
}

TEST_F(InferErrors, WrongColumnsAreAnsweredWithTheNearest) {
    const Outcome outcome = infer({"--pert-col", "genes", "--output", path("p.npy")});
    EXPECT_EQ(outcome.status, 3);
    EXPECT_EQ(outcome.error_class(), "MissingMember");
    EXPECT_THAT(outcome.out, HasSubstr("'gene'"));
}

TEST_F(InferErrors, MissingFilesAreNamed) {
    EXPECT_THAT(infer({"--output", path("p.npy")}, path("none.h5ad")).out, HasSubstr(path("none.h5ad")));
    const Outcome model = run({"infer", "--adata", state + "tiny.h5ad", "--model-dir", path("none"),
                               "--output", path("p.npy"), "--json"});
    EXPECT_EQ(model.status, 3);
    EXPECT_THAT(model.out, HasSubstr(path("none")));
}

TEST_F(InferErrors, AFolderThatCannotBeWrittenIsSaidBeforeTheWork) {
    for (const char* output : {"/proc/p.h5ad", "/proc/p.npy"}) {
        const Outcome outcome = infer({"--output", output});
        EXPECT_EQ(outcome.status, 3);
        EXPECT_EQ(outcome.error_class(), "CannotWrite") << outcome.out;
    }
}

TEST_F(InferErrors, TheInputIsNeverTheOutput) {
    const std::string input = of_width(80);
    const std::string before = ember::test::content_of(input);
    EXPECT_EQ(infer({"--output", input}, input).status, 2);
    EXPECT_EQ(ember::test::content_of(input), before);
}

} // namespace

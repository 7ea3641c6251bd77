// `compare` on the demo: the drug model is exposed, the wound model's blind spot is found without help, and
// the planted programs come out.

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>

#include <gmock/gmock.h>

#include "core/data/h5ad_writer.hpp"
#include "program.hpp"

namespace {

using namespace ember;
using ember::test::CliTest;
using ember::test::content_of;
using ember::test::count_of;
using ember::test::entries_of;
using ember::test::Outcome;
using nlohmann::json;
using testing::HasSubstr;
using testing::IsSupersetOf;

const std::string real_cells = EMBER_DEMO_FILES "/wound_demo.h5ad";

std::vector<json> of_kind(const json& result, const std::string& kind, const std::string& model) {
    std::vector<json> found;
    for (const json& verdict : result["verdicts"]) {
        if (verdict["kind"] == kind && verdict["model"] == model) {
            found.push_back(verdict);
        }
    }
    return found;
}

class Compare : public CliTest {
protected:
    std::string predict(const std::string& model) const {
        const std::string output = path(model + ".h5ad");
        const Outcome outcome =
            run({"infer", "--adata", real_cells, "--model-dir", EMBER_DEMO_FILES "/" + model, "--embed-key",
                 "X_hvg", "--pert-col", "condition", "--control-pert", "Sham", "--celltype-col", "cell_type",
                 "--batch-col", "batch", "--output", output, "--quiet"});
        EXPECT_EQ(outcome.status, 0) << outcome.err;
        return output;
    }

    /// Six mice under each of ctrl and drug; gene g changes by `change(type, g)` in the cells of a type.
    template<typename Change>
    std::string write(const std::string& name, Change change, int genes = 30,
                      const std::vector<std::string>& labels = {"ctrl", "drug"}, int mice = 6) const {
        NewAnnData data;
        TextColumn condition, mouse, type;
        std::vector<float> values;
        std::uint32_t random = 1;
        for (const std::string& label : labels) {
            for (int m = 0; m < mice; ++m) {
                for (const int cell_type : {0, 1, 2}) {
                    for (int cell = 0; cell < 8; ++cell) {
                        data.obs_names.push_back("c" + std::to_string(data.obs_names.size()));
                        condition.values.push_back(label);
                        mouse.values.push_back(label + std::to_string(m));
                        type.values.push_back("type" + std::to_string(cell_type));
                        for (int gene = 0; gene < genes; ++gene) {
                            random = random * 1664525u + 1013904223u;
                            const double noise = (random >> 8) * 0x1p-24;
                            values.push_back(static_cast<float>(
                                1 + 0.2 * noise + (label == "ctrl" ? 0 : change(cell_type, gene))));
                        }
                    }
                }
            }
        }
        for (int gene = 0; gene < genes; ++gene) {
            data.var_names.push_back("Gene" + std::to_string(gene));
        }
        data.obs = {
            {"condition", "object", condition}, {"mouse", "object", mouse}, {"cell_type", "object", type}};
        data.x = values;
        write_h5ad(data, path(name));
        return path(name);
    }

    Outcome compare(std::vector<std::string> more) const {
        std::vector<std::string> arguments = {"compare", "--pert-col", "condition", "--control-pert",
                                              "ctrl",    "--quiet",    "--json"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return run(arguments);
    }
};

double real_change(int, int gene) {
    return 0.05 * (gene % 7) - 0.1;
}

TEST_F(Compare, DemoModelsAreToldApart) {
    const std::string wound = predict("st_wound"), drug = predict("st_drug");
    const Outcome outcome =
        run({"compare", "--adata-real", real_cells, "--adata-pred", wound, drug, "--gene-sets",
             EMBER_DEMO_FILES "/programs.gmt", "--outdir", path("out"), "--quiet", "--json"});
    ASSERT_EQ(outcome.status, 0) << outcome.out << outcome.err;
    const json result = outcome.json();

    const auto exposed = of_kind(result, "predicts_change", "st_drug");
    ASSERT_EQ(exposed.size(), 1u);
    EXPECT_EQ(exposed[0]["severity"], "bad");
    EXPECT_THAT(exposed[0]["title"], HasSubstr("does not predict"));
    EXPECT_NEAR(exposed[0]["test"]["value"].get<double>(), 0, 0.1);
    EXPECT_GT(exposed[0]["test"]["p"].get<double>(), 0.05);
    EXPECT_EQ(exposed[0]["test"]["n"], 18);
    EXPECT_EQ(exposed[0]["test"]["unit"], "mice");
    EXPECT_EQ(of_kind(result, "unknown_perturbation", "st_drug").size(), 1u);
    EXPECT_TRUE(of_kind(result, "blind_spot", "st_drug").empty());

    const auto blind = of_kind(result, "blind_spot", "st_wound");
    ASSERT_EQ(blind.size(), 1u) << "macrophages, and no other";
    EXPECT_THAT(blind[0]["title"], HasSubstr("Mac"));
    EXPECT_NEAR(blind[0]["test"]["value"].get<double>(), 0.08, 0.02);
    for (const json& type : result["changes"][0]["cell_types"]) {
        for (const char* good : {"Neu", "Fib", "Ker"}) {
            if (type["cell_type"] == good) {
                EXPECT_NEAR(type["pearson_of_the_change"]["st_wound"]["value"].get<double>(), 0.97, 0.01);
            }
        }
    }
    const auto pathways = of_kind(result, "pathways", "");
    ASSERT_EQ(pathways.size(), 1u);
    EXPECT_THAT(pathways[0]["sentence"], HasSubstr("inflammation (up)"));
    EXPECT_EQ(of_kind(result, "pathways_missed", "st_drug")[0]["severity"], "bad");
    EXPECT_EQ(of_kind(result, "pathways_missed", "st_wound")[0]["severity"], "good");
    EXPECT_THAT(entries_of(folder / "out"),
                IsSupersetOf({"by_cell_type.csv", "pathways.csv", "provenance.json", "verdicts.csv",
                              "verdicts.json"}));
    EXPECT_THAT(content_of(folder / "out/verdicts.csv"), HasSubstr("st_wound is blind to Burn in Mac"));
    EXPECT_EQ(json::parse(content_of(folder / "out/provenance.json"))["inputs"][0]["sha256"]
                  .get<std::string>()
                  .size(),
              64u);
}

TEST_F(Compare, ReportIsDrawnByTheWindowsProgram) {
    const std::string real = write("real.h5ad", real_change);
    const Outcome outcome = run({"report", "--adata-real", real, "--adata-pred", real, "--pert-col",
                                 "condition", "--control-pert", "ctrl", "--names", "perfect", "--output",
                                 path("new/r.html"), path("new/r.pdf"), "--quiet", "--json"});
    if (!std::filesystem::exists(std::string(std::getenv("EMBER_BIN")) +
                                 "/emberview")) { // built without window
        EXPECT_EQ(outcome.error_class(), "WindowMissing");
        return;
    }
    ASSERT_EQ(outcome.status, 0) << outcome.out << outcome.err;
    EXPECT_EQ(outcome.json()["files"].size(), 2u);
    EXPECT_THAT(content_of(folder / "new/r.html"), HasSubstr("perfect predicts the change of drug"));
    EXPECT_THAT(content_of(folder / "new/r.pdf"), HasSubstr("%PDF-1."));
    const Outcome wrong = run({"report", "--adata-real", real, "--adata-pred", real, "--output",
                               path("r.docx"), "--quiet", "--json"});
    EXPECT_EQ(wrong.status, 2);
    EXPECT_EQ(wrong.error_class(), "Usage");
    EXPECT_EQ(run({"report", "--adata-real", path("none.h5ad"), "--adata-pred", real, "--output",
                   path("r.pdf"), "--quiet", "--json"})
                  .status,
              3);
}

TEST_F(Compare, SameSeedSameBytes) {
    const std::string real = write("real.h5ad", real_change);
    const std::string pred =
        write("pred.h5ad", [](int type, int gene) { return type == 2 ? 0.0 : real_change(type, gene); });
    const Outcome one = compare({"--adata-real", real, "--adata-pred", pred, "--threads", "1"});
    const Outcome two = compare({"--adata-real", real, "--adata-pred", pred, "--threads", "4"});
    ASSERT_EQ(one.status, 0) << one.out;
    EXPECT_EQ(one.out, two.out);
}

TEST_F(Compare, ATypeWithoutARealChangeIsNoBlindSpot) {
    const auto weak = [](int type, int gene) { return type == 2 ? 0.0 : real_change(type, gene); };
    const std::string real = write("real.h5ad", weak), pred = write("pred.h5ad", weak);
    const json result = compare({"--adata-real", real, "--adata-pred", pred}).json();
    EXPECT_TRUE(of_kind(result, "blind_spot", "pred").empty());
    const json& type = result["changes"][0]["cell_types"][2];
    EXPECT_FALSE(type["judged"].get<bool>());
    EXPECT_THAT(type["why_not"], HasSubstr("halves"));
}

TEST_F(Compare, ATypeThatTheModelMissesIsOne) {
    const std::string real = write("real.h5ad", real_change);
    const std::string pred = write("pred.h5ad", [](int type, int gene) {
        return type == 2 ? 0.3 * ((gene * 5) % 3) : real_change(type, gene);
    });
    const json result = compare({"--adata-real", real, "--adata-pred", pred}).json();
    const auto blind = of_kind(result, "blind_spot", "pred");
    ASSERT_EQ(blind.size(), 1u);
    EXPECT_THAT(blind[0]["title"], HasSubstr("type2"));
}

TEST_F(Compare, OneMousePerConditionIsSaid) {
    const std::string real = write("real.h5ad", real_change, 30, {"ctrl", "drug"}, 1);
    const json result = compare({"--adata-real", real, "--adata-pred", real}).json();
    EXPECT_EQ(result["unit"], "parts of the cells");
    EXPECT_THAT(result["warnings"].dump(), HasSubstr("cells are not replicates"));
}

TEST_F(Compare, GenesInCommonAreCompared) {
    const std::string real = write("real.h5ad", real_change), pred = write("pred.h5ad", real_change, 20);
    const json result = compare({"--adata-real", real, "--adata-pred", pred}).json();
    EXPECT_EQ(result["genes"], 20);
    EXPECT_THAT(result["warnings"].dump(), HasSubstr("lacks 10 of 30 genes"));
}

TEST_F(Compare, PerturbationsOnOneSideAreNamed) {
    const std::string real = write("real.h5ad", real_change, 30, {"ctrl", "drug", "other"});
    const std::string pred = write("pred.h5ad", real_change, 30, {"ctrl", "drug", "third"});
    const json result = compare({"--adata-real", real, "--adata-pred", pred}).json();
    EXPECT_THAT(result["warnings"].dump(), HasSubstr("no prediction of other"));
    EXPECT_THAT(result["warnings"].dump(), HasSubstr("no real cells of third"));
}

TEST_F(Compare, BadInputIsNamed) {
    const std::string real = write("real.h5ad", real_change);
    EXPECT_EQ(compare({"--adata-real", path("none.h5ad"), "--adata-pred", real}).status, 3);
    EXPECT_EQ(compare({"--adata-pred", real}).status, 2);
    const Outcome wrong = run({"compare", "--adata-real", real, "--adata-pred", real, "--pert-col",
                               "condition", "--control-pert", "control", "--json", "--quiet"});
    EXPECT_EQ(wrong.status, 2);
    EXPECT_THAT(wrong.out, HasSubstr("'ctrl'"));
    const std::string other = write("other.h5ad", real_change, 2);
    EXPECT_EQ(compare({"--adata-real", real, "--adata-pred", other}).error_class(), "GenesDiffer");
    const std::string alone = write("alone.h5ad", real_change, 30, {"drug"});
    EXPECT_EQ(compare({"--adata-real", real, "--adata-pred", alone}).status, 2);
}

} // namespace

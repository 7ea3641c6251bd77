// `stats` on the fixture of the reference implementation.

#include <cmath>

#include <gmock/gmock.h>

#include "core/data/h5ad_writer.hpp"
#include "core/data/npy.hpp"
#include "program.hpp"

namespace {

using namespace ember;
using ember::test::CliTest;
using ember::test::content_of;
using ember::test::entries_of;
using ember::test::Outcome;
using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class Stats : public CliTest {
protected:
    void SetUp() override {
        CliTest::SetUp();
        fixture = json::parse(content_of(EMBER_TEST_DATA "/analysis/predstats.json"));
        const NpyArray x = read_npy(EMBER_TEST_DATA "/analysis/predstats_X.npy");
        NewAnnData data;
        for (std::size_t i = 0; i < x.shape[0]; ++i) {
            data.obs_names.push_back("cell" + std::to_string(i));
        }
        data.var_names = {"only"};
        for (const char* column : {"condition", "timepoint", "cell_type"}) {
            data.obs.push_back(
                {column, "object", TextColumn{fixture[column].get<std::vector<std::string>>(), {}}});
        }
        data.obsm.emplace_back("pred", std::vector<float>(x.values.begin(), x.values.end()));
        write_h5ad(data, path("cells.h5ad"));
    }

    void expect_group(const json& found, const json& expected, const std::string& name) const {
        EXPECT_EQ(found["cells"], expected["n"]) << name;
        for (const auto& [ours, theirs] :
             {std::pair("mean", "mean"), std::pair("std", "std_ddof0"), std::pair("min", "min"),
              std::pair("max", "max"), std::pair("sparsity", "sparsity_abs_le_thr"),
              std::pair("magnitude_mean", "magnitude_mean")}) {
            const double want = expected[theirs].get<double>();
            EXPECT_NEAR(found[ours].get<double>(), want, 1e-12 * std::abs(want)) << name << " " << ours;
        }
    }

    json fixture;
};

TEST_F(Stats, JsonEqualsTheReference) {
    const Outcome outcome =
        run({"stats", "--adata", path("cells.h5ad"), "--obsm", "pred", "--by",
             "condition,timepoint,cell_type,condition*timepoint", "--threshold", "0.01", "--json"});
    ASSERT_EQ(outcome.status, 0) << outcome.out;
    EXPECT_EQ(outcome.err, "");
    const json found = outcome.json(), expected = fixture["by_threshold"]["0.01"];
    expect_group(found["overall"], expected["all"], "overall");
    for (const char* column : {"condition", "timepoint", "cell_type"}) {
        EXPECT_EQ(found[column].size(), expected[column].size());
        for (const auto& [group, figures] : expected[column].items()) {
            expect_group(found[column][group], figures, group);
        }
    }
    EXPECT_EQ(found["condition×timepoint"].size(), 6u);
}

TEST_F(Stats, TablesAreWrittenWithTheirProvenance) {
    const Outcome outcome = run({"stats", "--adata", path("cells.h5ad"), "--obsm", "pred", "--by",
                                 "condition", "--by", "condition×cell_type", "--output", path("tables")});
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr(path("tables/by_condition.csv")));
    EXPECT_THAT(entries_of(path("tables")),
                ElementsAre("by_condition.csv", "by_condition.json", "by_condition_cell_type.csv",
                            "by_condition_cell_type.json", "overall.csv", "overall.json"));
    EXPECT_THAT(content_of(path("tables/by_condition.csv")),
                StartsWith("group,cells,mean,std,min,max,sparsity,magnitude_mean\nBurn,49,"));
    const json beside = json::parse(content_of(path("tables/overall.json")));
    EXPECT_EQ(beside["input"]["matrix"], "obsm/pred");
    EXPECT_EQ(beside["input"]["sha256"].get<std::string>().size(), 64u);
}

TEST_F(Stats, ThreadsLeaveNoTrace) {
    const std::string demo = EMBER_DEMO_FILES "/wound_demo.h5ad";
    const Outcome one =
        run({"stats", "--adata", demo, "--x", "--by", "condition", "--json", "--threads", "1"});
    const Outcome two =
        run({"stats", "--adata", demo, "--x", "--by", "condition", "--json", "--threads", "2"});
    EXPECT_EQ(one.status, 0);
    EXPECT_EQ(one.out, two.out);
}

TEST_F(Stats, WrongNamesAreAnsweredWithTheNearest) {
    const std::string file = path("cells.h5ad");
    const Outcome column = run({"stats", "--adata", file, "--obsm", "pred", "--by", "conditions", "--json"});
    EXPECT_EQ(column.status, 3);
    EXPECT_EQ(column.error_class(), "MissingMember");
    EXPECT_THAT(column.out, HasSubstr("'condition'"));
    const Outcome member = run({"stats", "--adata", file, "--obsm", "prad", "--json"});
    EXPECT_EQ(member.error_class(), "MissingMember");
    EXPECT_THAT(member.out, HasSubstr("'pred'"));
}

TEST_F(Stats, AFolderThatCannotBeWrittenIsSaid) {
    const Outcome outcome =
        run({"stats", "--adata", path("cells.h5ad"), "--obsm", "pred", "--output", "/proc/tables", "--json"});
    EXPECT_EQ(outcome.status, 3);
    EXPECT_EQ(outcome.error_class(), "CannotWrite");
}

} // namespace

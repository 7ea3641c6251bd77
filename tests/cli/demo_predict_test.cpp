// `demo --predict`: the three predictions of the demo, against those of the reference implementation.

#include <cmath>

#include <gmock/gmock.h>

#include "core/data/anndata.hpp"
#include "core/data/npy.hpp"
#include "program.hpp"

namespace {

using namespace ember;
using ember::test::CliTest;
using ember::test::content_of;
using ember::test::entries_of;
using ember::test::Outcome;
using nlohmann::json;
using testing::HasSubstr;

constexpr double tolerance = 1e-4;

void expect_group(const json& found, const json& expected, const std::string& name) {
    EXPECT_EQ(found["cells"], expected["cells"]) << name;
    for (const char* figure : {"mean", "std", "min", "max"}) {
        EXPECT_NEAR(found[figure].get<double>(), expected[figure].get<double>(), tolerance) << name << figure;
    }
    // A value within the tolerance of zero may be on either side of the threshold.
    EXPECT_NEAR(found["sparsity"].get<double>(), expected["sparsity"].get<double>(), 2e-4) << name;
    EXPECT_NEAR(found["magnitude_mean"].get<double>(), expected["magnitude_mean"].get<double>(), 2e-3)
        << name;
}

void expect_statistics(const json& found, const json& expected) {
    expect_group(found["overall"], expected["overall"], "overall");
    for (const auto& [column, groups] : expected.items()) {
        if (column == "overall" || !groups.is_object()) {
            continue;
        }
        for (const auto& [group, figures] : groups.items()) {
            ASSERT_TRUE(found[column].contains(group)) << column << " " << group;
            expect_group(found[column][group], figures, column + " " + group);
        }
    }
}

void expect_rows(const std::string& h5ad, const std::string& npy) {
    const NpyArray expected = read_npy(npy);
    const MatrixPtr matrix = AnnData::open(h5ad)->matrix({MatrixSource::Kind::obsm, "X_hvg"});
    ASSERT_EQ(matrix->cols(), expected.shape[1]);
    std::vector<float> found(expected.values.size());
    matrix->read_rows(0, expected.shape[0], found);
    double worst = 0;
    for (std::size_t i = 0; i < found.size(); ++i) {
        worst = std::max(worst, std::abs(static_cast<double>(found[i]) - expected.values[i]));
    }
    EXPECT_LE(worst, tolerance) << npy;
}

class DemoPredict : public CliTest {};

TEST_F(DemoPredict, EqualsTheReferenceAndMayBeRepeated) {
    const Outcome machine = run({"demo", path("demo"), "--predict", "--json"});
    ASSERT_EQ(machine.status, 0) << machine.out << machine.err;
    const json found = machine.json()["predictions"];
    const json expected = json::parse(content_of(EMBER_DEMO_FILES "/expected.json"));
    ASSERT_EQ(found.size(), 3u);
    const std::vector<std::string> names = {"wound", "drug", "pbmc"};
    for (std::size_t i = 0; i < names.size(); ++i) {
        SCOPED_TRACE(names[i]);
        expect_statistics(found[i]["statistics"], expected[names[i]]);
        expect_rows(found[i]["output"], EMBER_DEMO_FILES "/expected_" + names[i] + "_first200.npy");
        EXPECT_TRUE(std::filesystem::exists(found[i]["tables"][0].get<std::string>()));
    }
    EXPECT_EQ(found[0]["unknown_perturbations"].size(), 0u);
    EXPECT_THAT(found[1]["unknown_perturbations"].dump(), HasSubstr("\"Burn\""));

    const std::string table = content_of(path("demo/tables/wound_st_wound/by_condition_timepoint.csv"));
    const Outcome people = run({"demo", path("demo"), "--predict"});
    ASSERT_EQ(people.status, 0) << people.err;
    EXPECT_THAT(people.out, HasSubstr("does not know"));
    EXPECT_THAT(people.out, HasSubstr(path("demo/tables")));
    EXPECT_EQ(content_of(path("demo/tables/wound_st_wound/by_condition_timepoint.csv")), table);
    EXPECT_EQ(entries_of(path("demo/predictions")).size(), 3u);
}

} // namespace

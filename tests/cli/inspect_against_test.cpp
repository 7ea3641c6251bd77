// emberview-cli inspect RUN --against CELLS: does a model fit a data set?

#include <gmock/gmock.h>

#include "tests/cli/program.hpp"

namespace ember::test {
namespace {

using testing::HasSubstr;

class InspectAgainstTest : public CliTest {
protected:
    const std::string cells = EMBER_DEMO_FILES "/wound_demo.h5ad", drug = EMBER_DEMO_FILES "/st_drug",
                      wound = EMBER_DEMO_FILES "/st_wound";
};

TEST_F(InspectAgainstTest, TellsWhatTheModelLacks) {
    const Outcome text = run({"inspect", drug, "--against", cells});
    ASSERT_EQ(text.status, 0) << text.err;
    for (const char* part : {"Does st_drug fit wound_demo.h5ad?", "knows none of the perturbations here",
                             "serious: 'Burn' was never seen in training (1,765 cells)", "DMSO_TF_00"}) {
        EXPECT_THAT(text.out, HasSubstr(part));
    }
    const auto json = run({"inspect", wound, "--against", cells, "--expression", "--json"}).json();
    EXPECT_EQ(json["worst"], "warning");
    EXPECT_EQ(json["findings"][0]["title"], "'Burn' in 'Mac' was held out of training");
    EXPECT_EQ(json["perturbations"][0]["acquaintance"], "control");
    EXPECT_EQ(json["genes"]["treatment"], "same order");
}

TEST_F(InspectAgainstTest, RefusesWhatItCannotCompare) {
    const Outcome checkpoint = run({"inspect", drug + "/checkpoints/final.ckpt", "--against", cells});
    EXPECT_EQ(checkpoint.status, 2);
    EXPECT_THAT(checkpoint.err, HasSubstr("needs an ST run directory"));
    const Outcome column = run({"inspect", drug, "--against", cells, "--pert-col", "conditions"});
    EXPECT_EQ(column.status, 3);
    EXPECT_THAT(column.err, HasSubstr("'condition'"));
    const Outcome file = run({"inspect", drug, "--against", path("none.h5ad")});
    EXPECT_EQ(file.status, 3);
    EXPECT_EQ(run({"inspect", cells, "--pert-col", "condition"}).status, 2);
}

} // namespace
} // namespace ember::test

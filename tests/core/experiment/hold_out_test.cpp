#include "core/experiment/hold_out.hpp"

#include <gmock/gmock.h>

#include <set>

#include "scratch_folder.hpp"

namespace {

using namespace ember;
using ember::test::error_of;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class HoldOutTest : public ember::test::ScratchTest {
protected:
    /// `types` × (control and `drugs`), three cells of each.
    HoldOutRequest request(int types, int drugs) const {
        std::vector<std::string> type_labels, drug_labels;
        for (int t = 0; t < types; ++t) {
            for (int d = 0; d <= drugs; ++d) {
                type_labels.insert(type_labels.end(), 3, "type " + std::to_string(t));
                drug_labels.insert(drug_labels.end(), 3, d == 0 ? "DMSO" : "drug " + std::to_string(d));
            }
        }
        HoldOutRequest made;
        made.files = {write_cells("cells.h5ad", {{"drug", drug_labels}, {"line", type_labels}})};
        made.pert_col = "drug";
        made.cell_type_col = "line";
        made.control = "DMSO";
        made.output = folder / "split.toml";
        return made;
    }
    static HoldOut make(const HoldOutRequest& request) {
        JobContext job;
        return make_hold_out(request, job);
    }
};

TEST_F(HoldOutTest, HoldsOutAFifthOfDrugsInAFifthOfTypes) {
    const HoldOut made = make(request(5, 10));
    EXPECT_THAT(made.groups, SizeIs(2));
    std::set<std::string> types, drugs;
    for (const HeldOutGroup& group : made.groups) {
        types.insert(group.cell_type);
        drugs.insert(group.perturbation);
        EXPECT_NE(group.perturbation, "DMSO");
        EXPECT_EQ(group.cells, 3U);
    }
    EXPECT_THAT(types, SizeIs(1));
    EXPECT_THAT(drugs, SizeIs(2));
    EXPECT_EQ(made.val_cells, 3U);
    EXPECT_EQ(made.test_cells, 3U);
    EXPECT_EQ(made.train_cells, 50U * 3 - 6);
    EXPECT_THAT(made.warnings, IsEmpty());
}

TEST_F(HoldOutTest, TheSameSeedGivesTheSameFile) {
    HoldOutRequest asked = request(10, 20);
    const std::string first = split_toml(make(asked).plan, "");
    EXPECT_EQ(split_toml(make(asked).plan, ""), first);
    asked.seed = 43;
    EXPECT_NE(split_toml(make(asked).plan, ""), first);
}

TEST_F(HoldOutTest, TheFileSaysHowItWasMadeAndIsReadBack) {
    const HoldOut made = make(request(5, 10));
    write_split(made.plan, made.comment);
    const SplitPlan plan = read_split_file(folder / "split.toml");
    EXPECT_EQ(plan.datasets.front().fewshot, made.plan.datasets.front().fewshot);
    EXPECT_THAT(split_toml(made.plan, made.comment),
                HasSubstr("# (shares 0.2 and 0.2, validation share 0.5, seed 42)"));
}

TEST_F(HoldOutTest, ValidationAndTestShareNoPerturbation) {
    HoldOutRequest asked = request(10, 20);
    asked.cell_type_share = 0.5;
    const HoldOut made = make(asked);
    std::set<std::string> val, test, both;
    for (const HeldOutGroup& group : made.groups) {
        (group.split == Split::val ? val : test).insert(group.perturbation);
    }
    std::set_intersection(val.begin(), val.end(), test.begin(), test.end(), std::inserter(both, both.end()));
    EXPECT_THAT(val, SizeIs(2));
    EXPECT_THAT(test, SizeIs(2));
    EXPECT_THAT(both, IsEmpty());
}

TEST_F(HoldOutTest, OnePerturbationIsHeldOutInOneType) {
    const HoldOut made = make(request(6, 1));
    ASSERT_THAT(made.groups, SizeIs(1));
    EXPECT_EQ(made.groups.front().split, Split::test);
    EXPECT_THAT(made.warnings, SizeIs(1)); // no validation cells
    HoldOutRequest validating = request(6, 1);
    validating.val_share = 1;
    EXPECT_EQ(make(validating).groups.front().split, Split::val);
}

TEST_F(HoldOutTest, SplitsThatLeaveNothingAreRefused) {
    HoldOutRequest all = request(3, 3);
    all.perturbation_share = all.cell_type_share = 1;
    EXPECT_EQ(error_of([&] { make(all); }).class_name(), "BadSplit");
    EXPECT_EQ(error_of([&] { make(request(1, 1)); }).class_name(), "BadSplit");
    EXPECT_EQ(error_of([&] { make(request(3, 0)); }).class_name(), "BadSplit");
    for (const double share : {-0.1, 0.0, 1.5, std::nan("")}) {
        HoldOutRequest wrong = request(3, 3);
        wrong.perturbation_share = share;
        EXPECT_EQ(error_of([&] { make(wrong); }).class_name(), "BadSplit") << share;
    }
}

TEST_F(HoldOutTest, WrongNamesAreAnswered) {
    HoldOutRequest wrong = request(3, 3);
    wrong.control = "dmso";
    const Error control = error_of([&] { make(wrong); });
    EXPECT_EQ(control.class_name(), "UnknownControl");
    wrong = request(3, 3);
    wrong.cell_type_col = "cell_line";
    EXPECT_EQ(error_of([&] { make(wrong); }).class_name(), "MissingMember");
}

} // namespace

#include "core/base/nearest_names.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using Names = std::vector<std::string>;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(NearestNames, CaseCountsLittle) {
    const Names names{"Burn", "Sham"};
    EXPECT_EQ(ember::nearest_names("sham", names, 1), Names{"Sham"});
}

TEST(NearestNames, ATupleLabelIsFoundByItsDrug) {
    const Names names{"[('Doxorubicin', 0.5, 'uM')]", "[('DMSO_TF', 0.0, 'uM')]",
                      "[('Paclitaxel', 0.05, 'uM')]"};
    EXPECT_EQ(ember::nearest_names("DMSO_TF_00", names, 1), Names{"[('DMSO_TF', 0.0, 'uM')]"});
}

TEST(NearestNames, TypingErrorsAreFoundInOrderOfLikeness) {
    const Names names{"batch", "cell_type", "celltype_fine", "condition"};
    EXPECT_THAT(ember::nearest_names("cell_typ", names, 2), ElementsAre("cell_type", "celltype_fine"));
}

TEST(NearestNames, NothingAlikeGivesNothing) {
    EXPECT_THAT(ember::nearest_names("zzzz", Names{"Burn", "Sham"}), IsEmpty());
    EXPECT_THAT(ember::nearest_names("x", Names{}), IsEmpty());
}

TEST(SpelledOtherwise, FindsTheSameWordOnly) {
    const Names names{"Burn", "Sham", "[('DMSO_TF', 0.0, 'uM')]"};
    const auto found = [&](const char* wanted) {
        const std::string* name = ember::spelled_otherwise(wanted, names);
        return name == nullptr ? std::string() : *name;
    };
    EXPECT_EQ(found("sham"), "Sham");
    EXPECT_EQ(found("DMSO_TF_00"), "[('DMSO_TF', 0.0, 'uM')]");
    EXPECT_EQ(found("Sham"), "") << "is itself";
    EXPECT_EQ(found("Bur"), "") << "too short to be a beginning";
    EXPECT_EQ(found("Vehicle"), "");
    EXPECT_EQ(found(""), "");
}

TEST(QuotedList, JoinsWithCommas) {
    EXPECT_EQ(ember::quoted_list(Names{"a", "b"}), "'a', 'b'");
    EXPECT_EQ(ember::quoted_list(Names{}), "");
}

} // namespace

// Genes by condition and predicted against real, from means of groups that are known.

#include "views/compare/difference_data.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ember {
namespace {

using testing::ElementsAre;

/// Two genes; Sham and Burn in Neu (many cells) and Mac.
FileMeans file(const char* name, bool isReal, std::vector<double> mean) {
    auto means = std::make_shared<GroupMeans>();
    means->labels = {{"Sham", "Mac"}, {"Sham", "Neu"}, {"Burn", "Mac"}, {"Burn", "Neu"}};
    means->cells = {10, 30, 10, 30};
    means->genes = 2;
    means->mean = std::move(mean);
    return {name, QString("%1.h5ad").arg(name), QColor("#123456"), isReal, means};
}

DifferenceRequest request() {
    DifferenceRequest asked;
    asked.files = {file("Real cells", true, {1, 1, 2, 2, 3, 1, 6, 2}),
                   file("model", false, {1, 1, 2, 2, 1, 1, 5, 2})};
    asked.genes = {"Krt5", "Col1a1"};
    asked.columns = {"condition", "Sham", "cell_type", {}, {}};
    asked.settings.change = false;
    return asked;
}

TEST(DifferencePictures, PredictedLessRealByCellType) {
    JobContext job;
    const DifferencePictures made = difference_pictures(request(), job);
    EXPECT_EQ(made.perturbation, "Burn");
    EXPECT_EQ(made.cellTypes, QStringList({"Neu", "Mac"}));
    EXPECT_EQ(made.map.columns, QStringList({"Neu, model", "Mac, model"}));
    ASSERT_EQ(made.map.rows, QStringList({"Krt5", "Col1a1"}));
    EXPECT_THAT(made.map.values, ElementsAre(-1, -2, 0, 0));
    EXPECT_TRUE(made.map.diverging);
    // All Burn cells: 10 in Mac, 30 in Neu.
    EXPECT_THAT(made.scatter.x, ElementsAre(5.25, 1.75));
    EXPECT_THAT(made.scatter.y, ElementsAre(4, 1.75));
    EXPECT_TRUE(made.scatter.diagonal);
    EXPECT_TRUE(made.scatter.note->contains("40 real and 40 predicted cells"))
        << made.scatter.note->toStdString();
}

TEST(DifferencePictures, ChangesObservedBesidePredicted) {
    DifferenceRequest asked = request();
    asked.settings.change = true;
    asked.settings.cellType = "Mac";
    JobContext job;
    const DifferencePictures made = difference_pictures(asked, job);
    EXPECT_EQ(made.map.columns, QStringList({"Burn, observed", "Burn, model"})); // no time points
    EXPECT_THAT(made.map.values, ElementsAre(2, 0, 0, 0));
    EXPECT_THAT(made.scatter.x, ElementsAre(2, 0));
    EXPECT_THAT(made.scatter.y, ElementsAre(0, 0));
}

TEST(DifferencePictures, SayWhatIsMissing) {
    DifferenceRequest asked = request();
    asked.files.erase(asked.files.begin());
    JobContext job;
    EXPECT_FALSE(difference_pictures(asked, job).problem.isEmpty());
    asked.settings.change = true;
    EXPECT_EQ(difference_pictures(asked, job).map.columns.size(), 2);
    asked.settings.cellType = "Nobody";
    EXPECT_TRUE(difference_pictures(asked, job).map.columns.isEmpty());
    asked.columns.control = "Burn";
    EXPECT_EQ(difference_pictures(asked, job).perturbation, "Sham");
    asked.files.clear();
    EXPECT_FALSE(difference_pictures(asked, job).problem.isEmpty());
}

} // namespace
} // namespace ember

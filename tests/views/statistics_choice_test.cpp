// Which tables the Predictions view asks for.

#include <gtest/gtest.h>

#include "core/base/demo_workspace.hpp"
#include "views/embedding/statistics_choice.hpp"

namespace ember {
namespace {

class StatisticsChoiceTest : public testing::Test {
protected:
    StatisticsChoiceTest() {
        data.path = QString::fromStdString((bundled_demo() / "wound_demo.h5ad").string());
        data.data = AnnData::open(data.path.toStdString());
        data.schema = guess_schema(*data.data);
    }
    DatasetDocument data;
};

TEST_F(StatisticsChoiceTest, EveryMatrixCanBeMeasured) {
    std::vector<std::string> names;
    for (const MatrixSource& source : sourcesOf(*data.data)) {
        names.push_back(to_string(source));
    }
    const std::vector<std::string> expected{"X", "layers/counts", "layers/spliced", "layers/unspliced",
                                            "obsm/X_hvg"};
    EXPECT_EQ(names, expected);
}

TEST_F(StatisticsChoiceTest, ColumnsOfTheSchemaComeFirst) {
    const QStringList columns = groupColumns(data);
    EXPECT_EQ(columns.mid(0, 3), QStringList({"condition", "timepoint", "cell_type"}));
    EXPECT_EQ(columns.count("condition"), 1);
}

TEST_F(StatisticsChoiceTest, TheChosenGroupingLeadsAndNoneStandsTwice) {
    using Groupings = std::vector<std::vector<std::string>>;
    StatisticsChoice choice;
    choice.group = "cell_type";
    EXPECT_EQ(statisticsRequest(data, choice).by, (Groupings{{"cell_type"},
                                                             {"condition"},
                                                             {"timepoint"},
                                                             {"condition", "timepoint"},
                                                             {"condition", "timepoint", "mouse"}}));
    choice.crossed = "condition";
    EXPECT_EQ(statisticsRequest(data, choice).by.front(),
              (std::vector<std::string>{"cell_type", "condition"}));
    choice.crossed = "cell_type";
    EXPECT_EQ(statisticsRequest(data, choice).by.front(), std::vector<std::string>{"cell_type"});
    choice = {};
    EXPECT_EQ(statisticsRequest(data, choice).by.front(), std::vector<std::string>{"condition"});
}

} // namespace
} // namespace ember

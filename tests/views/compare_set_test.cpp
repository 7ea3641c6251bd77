// What is compared with what, and settings to JSON and back.

#include "views/compare/compare_set.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compare_fixture.hpp"
#include "views/compare/map_groups.hpp"

namespace ember {
namespace {

const test::MadeUpFiles& files() {
    static const test::MadeUpFiles made;
    return made;
}

TEST(CompareSet, HoldsAllPredictionsOfTheCellsAgainstTheirInput) {
    test::CompareWorkspace workspace(files().real());
    workspace.add(files().near(), "st_near");
    workspace.add(files().flat(), "st_flat");
    workspace.add(files().others(), "st_others");
    const CompareSet set = compareSet(workspace, workspace.ref(), {});
    ASSERT_EQ(set.models.size(), 2u);
    EXPECT_EQ(set.models[0].name, "st_near"); // by their paths
    EXPECT_TRUE(set.models[1].sameCells);
    ASSERT_TRUE(set.real);
    EXPECT_EQ(set.real->source, test::compared);
    EXPECT_EQ(set.columns.perturbation, "condition");
    EXPECT_EQ(set.columns.control, "Sham");
    EXPECT_EQ(set.columns.time, "timepoint");
    EXPECT_TRUE(set.problems.isEmpty());
    EXPECT_EQ(compareSet(workspace, {DocumentKind::prediction, 10}, {}).models, set.models);
}

TEST(CompareSet, SaysWhatCannotBeCompared) {
    test::CompareWorkspace workspace(files().real());
    workspace.add(files().near(), "st_near");
    workspace.add(files().narrow(), "st_narrow");
    workspace.add(files().others(), "st_others");
    CompareSettings settings;
    for (const PredictionDocument* prediction : workspace.predictions()) {
        settings.predictions << prediction->output.path;
    }
    const CompareSet set = compareSet(workspace, workspace.ref(), settings);
    ASSERT_EQ(set.models.size(), 3u);
    EXPECT_FALSE(set.models[1].hasReal);
    EXPECT_FALSE(set.models[2].sameCells);
    ASSERT_EQ(set.problems.size(), 2);
    EXPECT_TRUE(set.problems[0].contains("st_narrow predicts 20 values")) << set.problems[0].toStdString();
    EXPECT_TRUE(set.problems[1].contains("other cells"));
    EXPECT_EQ(set.comparable().size(), 3u); // real, near, others
}

TEST(CompareSet, NamesTheInputThatIsNotOpen) {
    test::CompareWorkspace workspace(files().real());
    const DocumentRef near = workspace.add(files().near(), "st_near");
    workspace.closeReal();
    const CompareSet set = compareSet(workspace, near, {});
    EXPECT_FALSE(set.real);
    EXPECT_EQ(set.realPath.toStdString(), files().real());
    EXPECT_EQ(set.comparable().size(), 1u);
}

TEST(CompareSet, ModelsOfOneNameAreToldApartByTheirFiles) {
    test::CompareWorkspace workspace(files().real());
    workspace.add(files().near(), "run");
    workspace.add(files().flat(), "run");
    EXPECT_EQ(comparedNames(workspace.predictions()), QStringList({"near", "uniform"}));
}

TEST(CompareSettings, ComeBackFromJson) {
    CompareSettings settings;
    EXPECT_EQ(compareSettingsFromJson(settingsToJson(settings)), settings);
    EXPECT_TRUE(settingsToJson(settings).isEmpty());
    settings.page = ComparePage::differences;
    settings.predictions = QStringList{"a.h5ad", "b.h5ad"};
    settings.maps = {{MapLayout::Kind::stored, "X_umap"},
                     {MapColor::Kind::geneDifference, "Krt5", "a.h5ad"},
                     MapArrows::ofGroups,
                     true,
                     "Mac"};
    settings.metrics = {"mse", "Burn", "Mac"};
    settings.differences = {false, "b.h5ad", "Burn", "Neu", "day10"};
    settings.legends["column:condition"] = QJsonObject{{"map", "magma"}};
    EXPECT_EQ(compareSettingsFromJson(settingsToJson(settings)), settings);
    EXPECT_EQ(compareSettingsFromJson({{"page", "nonsense"}, {"maps", 7}}), CompareSettings());
}

TEST(MapGroups, NumbersInNamesCountAsNumbers) {
    EXPECT_THAT(natural_order({"day14", "day2", "day10"}), testing::ElementsAre(1, 2, 0));
}

TEST(MapGroups, ArrowsLeadFromTheRealToThePredictedCentre) {
    const auto groups =
        std::make_shared<const MapGroups>(MapGroups{{{"Sham", "Burn"}, {0, 0, 0, 1, 1, 1}, false},
                                                    {{"Mac"}, {0, 0, 0, 0, 0, 0}, false},
                                                    {{"day14", "day9"}, {1, 1, 0, 1, 1, 0}, false}});
    const auto at = [&](std::vector<float> xy) {
        return MapFileView{std::make_shared<const std::vector<float>>(std::move(xy)), groups};
    };
    const float nan = std::nanf("");
    const MapFileView real = at({0, 0, 1, 0, 2, 3, 10, 10, 11, 10, 12, 10});
    const MapFileView shown = at({0, 0, 1, 1, 2, 2, nan, nan, 5, 6, 5, 8});
    EXPECT_EQ(groupCentre(real, {"Sham", "Mac", {}}), QPointF(1, 0));
    EXPECT_TRUE(std::isnan(groupCentre(real, {"Heat", {}, {}}).x()));
    const CloudArrows fromControl = mapArrows(MapArrows::fromControl, real, shown, true, "Sham", {});
    EXPECT_THAT(*fromControl.ends, testing::ElementsAre(1, 0, 5, 8));
    const CloudArrows cells = mapArrows(MapArrows::ofCells, real, shown, true, "Sham", "Mac");
    EXPECT_EQ(cells.ends->size(), 24u);
    EXPECT_TRUE(mapArrows(MapArrows::ofCells, real, shown, false, "Sham", "Mac").isEmpty());
    EXPECT_TRUE(mapArrows(MapArrows::ofGroups, real, real, true, "Sham", {}).isEmpty());
    const auto paths = mapPaths(real, shown, true, "Sham", "Mac");
    ASSERT_EQ(paths.size(), 4u); // Sham and Burn, real and predicted
    EXPECT_EQ(paths[1].name, "Mac Burn");
    EXPECT_EQ(paths[1].labels, QStringList({"day9", "day14"}));
    EXPECT_FALSE(paths[1].dashed);
    EXPECT_TRUE(paths[3].dashed);
    EXPECT_EQ(paths[3].nodes[1], QPointF(5, 8));
    EXPECT_EQ(mapPaths(real, shown, true, "Sham", {}).size(), 2u); // the perturbed ones
}

} // namespace
} // namespace ember

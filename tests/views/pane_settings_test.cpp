// What the view keeps goes to JSON and back; legends follow names.

#include <QJsonArray>

#include <gtest/gtest.h>

#include "views/embedding/legend_settings.hpp"
#include "views/embedding/pane_settings.hpp"

namespace ember {
namespace {

TEST(PaneSettings, GoToJsonAndBack) {
    PredictionSettings settings;
    settings.grouped = true;
    settings.group = "cell_type";
    settings.crossed = "condition";
    settings.values = "layers/counts";
    settings.valuesOf = "/data/a.h5ad";
    settings.panes = {{{}, {}, {ColorChoice::Kind::gene, "Krt5"}},
                      {"/data/b.h5ad",
                       {EmbeddingChoice::Kind::obsm, "X_pca"},
                       {ColorChoice::Kind::predictedGene, QString::fromUtf8("µ-Gén \"1\"")}},
                      {{}, {EmbeddingChoice::Kind::umap, {}}, {ColorChoice::Kind::magnitude, {}}}};
    settings.legends["column:condition"] = QJsonObject{{"hidden", QJsonArray{"Burn"}}};
    EXPECT_EQ(settingsFromJson(settingsToJson(settings)), settings);
}

TEST(PaneSettings, DefaultsAreNothing) {
    EXPECT_TRUE(settingsToJson({}).isEmpty());
    EXPECT_EQ(settingsFromJson({}), PredictionSettings());
}

TEST(PaneSettings, ForeignJsonIsNoHarm) {
    QJsonArray many;
    for (int pane = 0; pane < 9; ++pane) {
        many.append(QJsonObject{{"color", QJsonObject{{"kind", "sound"}, {"key", 3}}}});
    }
    const PredictionSettings settings =
        settingsFromJson({{"panes", many}, {"legends", "none"}, {"group", QJsonArray{1}}});
    EXPECT_EQ(settings.panes.size(), static_cast<std::size_t>(most_panes));
    EXPECT_EQ(settings.panes.front(), PaneSettings());
    EXPECT_FALSE(settings.grouped);
    EXPECT_TRUE(settings.legends.isEmpty());
}

class LegendSettings : public testing::Test {
protected:
    LegendSettings()
        : base(categoryPointColors(
              "condition", {"Sham", "Burn", "Naive"},
              std::make_shared<const std::vector<std::int32_t>>(std::vector<std::int32_t>{0, 1, 2, -1}))) {}
    PointColors base;
};

TEST_F(LegendSettings, ChangesComeBackAsTheyWere) {
    EXPECT_TRUE(legendToJson(base, base).isEmpty());
    PointColors edited = base;
    edited.colors.resize(3);
    edited.colors[1] = QColor("#123456");
    edited.hidden = {0, 0, 1};
    edited.order = {2, 0, 1};
    edited.missingHidden = true;
    const QJsonObject legend = legendToJson(base, edited);
    const PointColors again = withLegend(base, legend);
    EXPECT_EQ(legendToJson(base, again), legend);
    EXPECT_EQ(again.colorOf(1), QColor("#123456"));
    EXPECT_EQ(again.colorOf(0), base.colorOf(0));
    EXPECT_TRUE(again.isHidden(2));
    EXPECT_EQ(again.order, edited.order);
    EXPECT_TRUE(again.missingHidden);
}

TEST_F(LegendSettings, NamesOfAnotherFileAreSkipped) {
    const QJsonObject legend{{"colors", QJsonObject{{"Burn", "#00ff00"}, {"Other", "#ff0000"}}},
                             {"hidden", QJsonArray{"Other", "Sham"}},
                             {"order", QJsonArray{"Other", "Sham", "Burn"}}};
    const PointColors found = withLegend(base, legend);
    EXPECT_EQ(found.colorOf(1), QColor("#00ff00"));
    EXPECT_TRUE(found.isHidden(0));
    EXPECT_FALSE(found.isHidden(1));
    EXPECT_EQ(found.order, base.order);
}

TEST(LegendRange, ComesBack) {
    const PointColors base = valuePointColors(
        "Krt5", std::make_shared<const std::vector<float>>(std::vector<float>{0, 1, 2, 3, 4}));
    PointColors edited = base;
    edited.low = 0.5;
    edited.map = ColorMap::magma;
    EXPECT_EQ(withLegend(base, legendToJson(base, edited)), edited);
}

} // namespace
} // namespace ember

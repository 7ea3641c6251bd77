// The Compare view on made-up predictions: maps, colours, selection, settings, undo, and what is missing.

#include <cmath>

#include <QComboBox>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QTabBar>
#include <QUndoStack>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compare_fixture.hpp"
#include "views/compare/compare_view.hpp"
#include "views/compare/differences_page.hpp"
#include "views/compare/map_pane.hpp"
#include "views/compare/maps_page.hpp"
#include "views/compare/metrics_page.hpp"
#include "views/compare/verdict_lines.hpp"
#include "views/selections.hpp"
#include "widgets/curve_plot.hpp"
#include "widgets/empty_state.hpp"
#include "widgets/heat_map.hpp"
#include "widgets/message_bar.hpp"
#include "widgets/point_cloud_plot.hpp"
#include "widgets/scatter_plot.hpp"

namespace ember {
namespace {

const test::MadeUpFiles& files() {
    static const test::MadeUpFiles made;
    return made;
}

class CompareViewTest : public testing::Test {
protected:
    void SetUp() override { workspace = std::make_unique<test::CompareWorkspace>(files().real()); }
    /// With the places of the files, or with a UMAP of all cells.
    void open(bool umap = false) {
        view = std::make_unique<CompareView>(*workspace);
        QObject::connect(workspace.get(), &Workspace::viewSettingsWanted, view.get(),
                         [this](const QString&, const QJsonObject& settings) { view->restore(settings); });
        if (!umap) {
            view->restore({{"maps", QJsonObject{{"layout", "stored"}, {"layout_key", "X_map"}}}});
        }
        view->resize(1100, 640);
        view->show();
        view->showDocument(workspace->ref());
        ASSERT_TRUE(workspace->waitForJobs());
    }
    void openTwo(bool umap = false) {
        workspace->add(files().near(), "st_near");
        workspace->add(files().flat(), "st_flat");
        ASSERT_NO_FATAL_FAILURE(open(umap));
    }
    template<typename Widget>
    Widget& find(const char* name) {
        auto* widget = view->findChild<Widget*>(name);
        if (widget == nullptr) {
            throw std::runtime_error(std::string("no widget ") + name);
        }
        return *widget;
    }
    void choose(const char* box, const QString& text) {
        auto& combo = find<QComboBox>(box);
        ASSERT_GE(combo.findText(text), 0) << text.toStdString();
        combo.setCurrentIndex(combo.findText(text));
        ASSERT_TRUE(workspace->waitForJobs());
    }
    MapPane& pane(std::size_t at) { return *view->maps()->panes().at(at); }
    QStringList bars() {
        QStringList texts;
        for (const MessageBar* bar : view->findChildren<MessageBar*>()) {
            texts << bar->plainText();
        }
        return texts;
    }
    std::unique_ptr<test::CompareWorkspace> workspace;
    std::unique_ptr<CompareView> view;
};

TEST_F(CompareViewTest, WithoutAPredictionItOffersToPredict) {
    ASSERT_NO_FATAL_FAILURE(open());
    auto& button = find<QPushButton>("comparePredict");
    ASSERT_TRUE(button.isVisible());
    button.click();
    EXPECT_EQ(workspace->askedToPredict, workspace->ref());
    workspace->add(files().near(), "st_near"); // a prediction that is opened later is shown
    QCoreApplication::processEvents();
    EXPECT_EQ(view->compared().models.size(), 1u);
    ASSERT_TRUE(workspace->waitForJobs());
}

TEST_F(CompareViewTest, AllFilesLieOnOneMap) {
    ASSERT_NO_FATAL_FAILURE(openTwo(true));
    ASSERT_EQ(view->maps()->panes().size(), 3u);
    EXPECT_EQ(pane(0).file().name, "Real cells");
    EXPECT_EQ(pane(2).file().name, "st_flat");
    const QRectF whole = pane(0).plot()->viewRect();
    for (std::size_t at : {0, 1, 2}) {
        const PointCloudFigure figure = pane(at).plot()->figure();
        ASSERT_EQ(figure.xy->size(), 2 * files().cells());
        EXPECT_EQ(figure.xLabel, "Joint UMAP 1");
        EXPECT_EQ(pane(at).plot()->viewRect(), whole);
        EXPECT_EQ(pane(at).plot()->colors().title, "condition");
    }
    const QRectF part(1, 2, 3, 4);
    emit pane(1).plot()->viewRectChanged(part);
    EXPECT_EQ(pane(0).plot()->viewRect(), part);
    EXPECT_EQ(pane(2).plot()->viewRect(), part);
    find<QAbstractButton>("mapResetViews").click();
    EXPECT_EQ(pane(1).plot()->viewRect(), whole);
}

TEST_F(CompareViewTest, PredictedCellsArePlacedAmongTheRealOnes) {
    ASSERT_NO_FATAL_FAILURE(openTwo());
    ASSERT_NO_FATAL_FAILURE(choose("mapLayout", "UMAP of the real cells"));
    const SharedPoints real = pane(0).plot()->figure().xy, near = pane(1).plot()->figure().xy;
    std::vector<double> apart;
    for (std::size_t cell = 0; cell < files().cells(); ++cell) {
        apart.push_back(static_cast<double>(std::hypot((*real)[2 * cell] - (*near)[2 * cell],
                                                       (*real)[2 * cell + 1] - (*near)[2 * cell + 1])));
    }
    std::nth_element(apart.begin(), apart.begin() + 200, apart.end());
    EXPECT_LT(apart[200], 0.05 * pane(0).plot()->viewRect().width()); // nearly the same values
}

TEST_F(CompareViewTest, DistancesPerCellShareOneScale) {
    ASSERT_NO_FATAL_FAILURE(openTwo());
    ASSERT_NO_FATAL_FAILURE(choose("mapColor", "Distance from…"));
    EXPECT_TRUE(pane(0).note().contains("reference"));
    const PointColors &near = pane(1).plot()->colors(), &flat = pane(2).plot()->colors();
    ASSERT_TRUE(near.values && flat.values);
    EXPECT_EQ(near.low, flat.low);
    EXPECT_EQ(near.high, flat.high);
    const std::size_t genes = files().values().size() / files().cells();
    double wanted = 0;
    for (std::size_t gene = 0; gene < genes; ++gene) {
        const auto difference =
            static_cast<double>(files().values()[7 * genes + gene] - files().values()[gene]);
        wanted += difference * difference;
    }
    EXPECT_NEAR(static_cast<double>((*flat.values)[7]), std::sqrt(wanted), 1e-3);
    EXPECT_LT((*near.values)[7], (*flat.values)[7]);
    ASSERT_NO_FATAL_FAILURE(choose("mapReference", "st_near"));
    EXPECT_TRUE(pane(1).note().contains("reference"));
    EXPECT_TRUE(pane(0).plot()->colors().values);
}

TEST_F(CompareViewTest, AGeneChosenElsewhereColoursTheMaps) {
    ASSERT_NO_FATAL_FAILURE(openTwo());
    const std::string gene = workspace->data().data->var_names().at(3);
    workspace->chooseGene(workspace->ref(), test::compared, QString::fromStdString(gene));
    ASSERT_TRUE(workspace->waitForJobs());
    const std::size_t genes = files().values().size() / files().cells();
    ASSERT_TRUE(pane(0).plot()->colors().values);
    EXPECT_EQ((*pane(0).plot()->colors().values)[5], files().values()[5 * genes + 3]);
    ASSERT_NO_FATAL_FAILURE(choose("mapColor", "Gene, difference from…"));
    const PointColors& flat = pane(2).plot()->colors();
    ASSERT_TRUE(flat.values);
    EXPECT_EQ((*flat.values)[5], files().values()[3] - files().values()[5 * genes + 3]);
    EXPECT_EQ(flat.low, -flat.high);
    workspace->history().undo();
    workspace->history().undo();
    EXPECT_EQ(pane(0).plot()->colors().title, "condition");
}

TEST_F(CompareViewTest, ASelectionIsInAllMaps) {
    ASSERT_NO_FATAL_FAILURE(openTwo());
    CellSelection some(files().cells());
    some.insert(3);
    some.insert(77);
    emit pane(1).plot()->regionSelected(some, SelectionMode::replace);
    for (std::size_t at : {0, 1, 2}) {
        ASSERT_TRUE(pane(at).plot()->figure().selection);
        EXPECT_EQ(*pane(at).plot()->figure().selection, some);
    }
}

TEST_F(CompareViewTest, ArrowsAndPathsAreDrawnForPredictions) {
    ASSERT_NO_FATAL_FAILURE(openTwo(true));
    ASSERT_NO_FATAL_FAILURE(choose("mapArrows", "Groups, real to predicted"));
    EXPECT_TRUE(view->maps()->arrowsOf(0).isEmpty());
    EXPECT_FALSE(view->maps()->arrowsOf(1).isEmpty());
    find<QAbstractButton>("mapPaths").click();
    ASSERT_TRUE(workspace->waitForJobs());
    EXPECT_FALSE(view->maps()->pathsOf(0).empty());
    EXPECT_GT(view->maps()->pathsOf(1).size(), view->maps()->pathsOf(0).size());
    ASSERT_NO_FATAL_FAILURE(choose("mapCellType", "Mac"));
    ASSERT_FALSE(view->maps()->pathsOf(0).empty());
    for (const CloudTrajectory& path : view->maps()->pathsOf(0)) {
        EXPECT_TRUE(path.name.startsWith("Mac")) << path.name.toStdString();
    }
}

TEST_F(CompareViewTest, EachActionIsOneUndo) {
    ASSERT_NO_FATAL_FAILURE(openTwo());
    std::vector<QJsonObject> states = {view->settings()};
    const auto act = [&](const std::function<void()>& action) {
        action();
        ASSERT_TRUE(workspace->waitForJobs());
        states.push_back(view->settings());
        ASSERT_EQ(workspace->history().count(), static_cast<int>(states.size()) - 1);
        ASSERT_NE(states.back(), states[states.size() - 2]);
    };
    act([&] { choose("mapColor", "cell_type"); });
    act([&] { choose("mapArrows", "From control to group"); });
    act([&] { find<QAbstractButton>("mapPaths").click(); });
    act([&] { choose("mapCellType", "Neu"); });
    act([&] { find<QMenu>("compareMenu").actions().at(1)->trigger(); });
    EXPECT_EQ(view->compared().models.size(), 1u);
    for (std::size_t at = states.size() - 1; at-- > 0;) {
        workspace->history().undo();
        ASSERT_TRUE(workspace->waitForJobs());
        EXPECT_EQ(view->settings(), states[at]);
    }
    EXPECT_EQ(view->compared().models.size(), 2u);
    EXPECT_EQ(pane(1).plot()->colors().title, "condition");
}

TEST_F(CompareViewTest, SettingsComeBackInANewView) {
    ASSERT_NO_FATAL_FAILURE(openTwo());
    ASSERT_NO_FATAL_FAILURE(choose("mapColor", "Distance from…"));
    ASSERT_NO_FATAL_FAILURE(choose("mapReference", "st_flat"));
    const QJsonObject kept = view->settings();
    CompareView other(*workspace);
    other.restore(kept);
    other.showDocument(workspace->ref());
    ASSERT_TRUE(workspace->waitForJobs());
    EXPECT_EQ(other.settings(), kept);
    EXPECT_TRUE(other.maps()->panes().at(2)->note().contains("reference"));
}

TEST_F(CompareViewTest, MetricsStandBesideBaselinesAndVerdictsOnTop) {
    ASSERT_NO_FATAL_FAILURE(openTwo());
    for (const Job* job : workspace->jobs) { // nothing is measured before the page is looked at
        EXPECT_FALSE(job->name().startsWith("Metrics")) << job->name().toStdString();
    }
    find<QTabBar>("comparePages").setCurrentIndex(1);
    ASSERT_TRUE(workspace->waitForJobs());
    const MetricTable table = view->metrics()->table();
    ASSERT_GT(table.lines.size(), 5u);
    const auto pearson = std::find_if(table.lines.begin(), table.lines.end(), [](const MetricLine& line) {
        return line.info.name == "pearson_delta";
    });
    ASSERT_NE(pearson, table.lines.end());
    EXPECT_GT(pearson->values[0].value, 0.9); // nearly the real values
    EXPECT_EQ(find<CurvePlot>("metricCurves").data().series.front().name, "st_near");
    EXPECT_TRUE(view->canExport());
    EXPECT_TRUE(view->metrics()->csv().contains("pearson_delta"));
    const QStringList verdicts = view->verdicts()->texts();
    ASSERT_FALSE(verdicts.isEmpty());
    EXPECT_TRUE(verdicts.first().contains("st_near")) << verdicts.first().toStdString();
    const std::size_t jobs = workspace->jobs.size();
    ASSERT_NO_FATAL_FAILURE(choose("metricCellType", "Neu"));
    EXPECT_EQ(workspace->jobs.size(), jobs); // from the same result
    workspace->history().undo();
    workspace->history().undo();
    EXPECT_EQ(find<QTabBar>("comparePages").currentIndex(), 0);
}

TEST_F(CompareViewTest, AGeneOfTheDifferencesIsChosenEverywhere) {
    ASSERT_NO_FATAL_FAILURE(openTwo());
    find<QTabBar>("comparePages").setCurrentIndex(2);
    ASSERT_TRUE(workspace->waitForJobs());
    const HeatMapData& map = view->differences()->map()->data();
    ASSERT_EQ(map.rows.size(), most_map_genes);
    EXPECT_FALSE(map.rowTree.isEmpty());
    QString chosen;
    QObject::connect(workspace.get(), &Workspace::geneChosen, view.get(),
                     [&](DocumentRef, const MatrixSource&, const QString& gene) { chosen = gene; });
    const QString gene = map.rows[4];
    emit view->differences()->map()->cellClicked(4, 0);
    EXPECT_EQ(chosen, gene);
    ScatterPlot* scatter = view->differences()->scatter();
    EXPECT_EQ(scatter->data().names.value(scatter->highlighted()), gene);
    ASSERT_NO_FATAL_FAILURE(choose("differenceValues", "Mean expression"));
    ASSERT_NO_FATAL_FAILURE(choose("differenceCellType", "Neu"));
    EXPECT_TRUE(view->differences()->map()->data().columns.first().contains("day"));
    EXPECT_EQ(scatter->data().xLabel, "Real mean expression");
}

TEST_F(CompareViewTest, OnePredictionStandsBesideTheRealCells) {
    workspace->add(files().near(), "st_near");
    ASSERT_NO_FATAL_FAILURE(open());
    EXPECT_EQ(view->maps()->panes().size(), 2u);
    EXPECT_TRUE(bars().isEmpty());
}

TEST_F(CompareViewTest, FilesOfOtherShapeAreNamedAndTheRestWorks) {
    workspace->add(files().near(), "st_near");
    workspace->add(files().narrow(), "st_narrow");
    ASSERT_NO_FATAL_FAILURE(open());
    ASSERT_EQ(bars().size(), 1);
    EXPECT_TRUE(bars().first().contains("st_narrow"));
    ASSERT_EQ(view->maps()->panes().size(), 2u);
    EXPECT_EQ(pane(1).file().name, "st_near");
    EXPECT_EQ(pane(1).plot()->figure().xy->size(), 2 * files().cells());
}

TEST_F(CompareViewTest, FilesThatCloseLeaveTheOthers) {
    ASSERT_NO_FATAL_FAILURE(openTwo());
    for (int page : {2, 1, 0}) {
        find<QTabBar>("comparePages").setCurrentIndex(page);
    }
    view->showDocument({DocumentKind::prediction, 10});
    workspace->closeReal(); // while jobs run
    QCoreApplication::processEvents();
    ASSERT_TRUE(workspace->waitForJobs());
    EXPECT_FALSE(view->compared().real);
    EXPECT_EQ(view->maps()->panes().size(), 2u);
    for (int page : {1, 2}) {
        find<QTabBar>("comparePages").setCurrentIndex(page);
        ASSERT_TRUE(workspace->waitForJobs());
    }
    EXPECT_TRUE(find<QPushButton>("metricsAction").isVisibleTo(view->metrics())); // offers to open them
    EXPECT_FALSE(bars().isEmpty());
}

TEST_F(CompareViewTest, TheRealCellsCanBeOpened) {
    workspace->add(files().near(), "st_near");
    workspace->add(files().flat(), "st_flat");
    workspace->closeReal();
    view = std::make_unique<CompareView>(*workspace);
    view->restore({{"maps", QJsonObject{{"layout", "stored"}, {"layout_key", "X_map"}}}});
    view->showDocument({DocumentKind::prediction, 10});
    ASSERT_TRUE(workspace->waitForJobs());
    EXPECT_EQ(view->maps()->panes().size(), 2u);
    find<QPushButton>("messageActionButton").click();
    EXPECT_EQ(workspace->opened, QStringList(QString::fromStdString(files().real())));
}

} // namespace
} // namespace ember

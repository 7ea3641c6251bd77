// The Predictions view on the demo's cells: pictures, selection, live UMAP, settings, undo.

#include <cmath>
#include <set>

#include <QComboBox>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QPushButton>
#include <QTemporaryDir>
#include <QToolButton>
#include <QUndoStack>

#include <gtest/gtest.h>

#include "core/base/demo_workspace.hpp"
#include "core/data/cells_fingerprint.hpp"
#include "tests/widgets/fake_workspace.hpp"
#include "views/embedding/embedding_panes.hpp"
#include "views/prediction/prediction_view.hpp"
#include "views/prediction/statistics_pane.hpp"
#include "views/selections.hpp"
#include "widgets/category_palette.hpp"
#include "widgets/histogram_plot.hpp"
#include "widgets/message_bar.hpp"
#include "widgets/point_cloud_plot.hpp"
#include "widgets/statistics_table.hpp"

namespace ember {
namespace {

/// Two documents of the same cells, as two predictions would be.
class TwoFiles : public FakeWorkspace {
public:
    explicit TwoFiles(const std::string& file) : FakeWorkspace(file) {
        data().cells = QString::fromStdString(cells_fingerprint(data().data->obs_names()));
        second_ = data();
        second_.id = 2;
        second_.path += ".second";
        second_.name = "second";
    }
    std::vector<const DatasetDocument*> datasets() const override {
        std::vector<const DatasetDocument*> all = FakeWorkspace::datasets();
        all.push_back(&second_);
        return all;
    }

private:
    DatasetDocument second_;
};

class PredictionViewTest : public testing::Test {
protected:
    void open(const char* file) {
        workspace = std::make_unique<TwoFiles>((bundled_demo() / file).string());
        view = std::make_unique<PredictionView>(*workspace);
        QObject::connect(workspace.get(), &Workspace::viewSettingsWanted, view.get(),
                         [this](const QString&, const QJsonObject& settings) { view->restore(settings); });
        view->resize(1100, 640);
        view->show();
        view->showDocument(workspace->ref());
    }
    void openAndWait(const char* file) {
        open(file);
        ASSERT_TRUE(workspace->waitForJobs());
        ASSERT_NE(view->result(), nullptr);
    }
    EmbeddingPane& pane(std::size_t at) { return *view->panes()->panes().at(at); }
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
    /// Splits until there is a pane of the second document.
    void split() { find<QToolButton>("splitPane").click(); }

    CellSelection firstCells(std::size_t count) const {
        CellSelection cells(workspace->data().data->n_obs());
        for (std::size_t cell = 0; cell < count; ++cell) {
            cells.insert(cell);
        }
        return cells;
    }

    std::unique_ptr<TwoFiles> workspace;
    std::unique_ptr<PredictionView> view;
};

TEST_F(PredictionViewTest, TheFilesEmbeddingAndItsConditionsAreShown) {
    openAndWait("pbmc_phase.h5ad");
    EXPECT_EQ(pane(0).embedding(), (EmbeddingChoice{EmbeddingChoice::Kind::obsm, "X_umap"}));
    const PointColors& colors = pane(0).plot()->colors();
    const CategoricalColumn column =
        as_groups(*workspace->data().data->obs(pane(0).color().key.toStdString()));
    ASSERT_TRUE(colors.codes);
    EXPECT_EQ(*colors.codes, column.codes);
    for (int category = 0; category < colors.names.size(); ++category) {
        EXPECT_EQ(colors.names[category].toStdString(),
                  column.categories[static_cast<std::size_t>(category)]);
        EXPECT_EQ(colors.colorOf(category), categoryColor(category));
    }
    const PointCloudFigure figure = pane(0).plot()->figure();
    std::vector<float> wanted(2 * workspace->data().data->n_obs());
    workspace->data()
        .data->matrix({MatrixSource::Kind::obsm, "X_umap"})
        ->read_rows(0, workspace->data().data->n_obs(), wanted);
    EXPECT_EQ(*figure.xy, wanted);
}

TEST_F(PredictionViewTest, AGeneHasTheValuesOfTheMatrix) {
    openAndWait("pbmc_phase.h5ad");
    ASSERT_NO_FATAL_FAILURE(choose("paneColor1", "Gene of X…"));
    EXPECT_TRUE(find<QLineEdit>("paneGene1").isVisible());
    find<QLineEdit>("paneGene1").setText("MT-ND3");
    emit find<QLineEdit>("paneGene1").returnPressed();
    ASSERT_TRUE(workspace->waitForJobs());
    const AnnData& data = *workspace->data().data;
    const auto& names = data.var_names();
    const auto gene =
        static_cast<std::size_t>(std::find(names.begin(), names.end(), "MT-ND3") - names.begin());
    std::vector<float> all(data.n_obs() * data.n_vars()), wanted;
    data.matrix({})->read_rows(0, data.n_obs(), all);
    for (std::size_t cell = 0; cell < data.n_obs(); ++cell) {
        wanted.push_back(all[cell * data.n_vars() + gene]);
    }
    ASSERT_TRUE(pane(0).plot()->colors().values);
    EXPECT_EQ(*pane(0).plot()->colors().values, wanted);

    find<QLineEdit>("paneGene1").setText("MT-ND33");
    emit find<QLineEdit>("paneGene1").returnPressed();
    ASSERT_TRUE(workspace->waitForJobs());
    EXPECT_TRUE(pane(0).note().contains("MT-ND3")) << pane(0).note().toStdString(); // the nearest name
    EXPECT_TRUE(workspace->messages.empty());
}

TEST_F(PredictionViewTest, ASelectionIsInAllPanesDocumentsAndTables) {
    openAndWait("pbmc_phase.h5ad");
    split();
    ASSERT_TRUE(workspace->waitForJobs());
    ASSERT_NO_FATAL_FAILURE(choose("paneDocument2", "second"));
    ASSERT_EQ(pane(1).document().id, 2);
    emit pane(0).plot()->regionSelected(firstCells(120), SelectionMode::replace);
    for (std::size_t at : {0, 1}) {
        ASSERT_TRUE(pane(at).plot()->figure().selection);
        EXPECT_EQ(*pane(at).plot()->figure().selection, firstCells(120));
    }
    const StatisticsTable* table = view->pane()->table(1);
    ASSERT_TRUE(table->selectedRow());
    EXPECT_EQ(table->selectedRow()->cells, 120u);
    EXPECT_FALSE(table->isColumnHidden(StatisticsModel::selected));
    EXPECT_EQ(view->pane()->histogram()->data().series.back().name, "Selected cells");
    workspace->history().undo();
    EXPECT_FALSE(table->selectedRow());
    EXPECT_TRUE(table->isColumnHidden(StatisticsModel::selected));
    EXPECT_NE(view->pane()->histogram()->data().series.back().name, "Selected cells");
}

TEST_F(PredictionViewTest, AGroupsCellsCanBeSelected) {
    openAndWait("pbmc_phase.h5ad");
    StatisticsTable* table = view->pane()->table(1);
    EXPECT_FALSE(find<QPushButton>("selectGroup").isVisible());
    table->selectRow(1);
    ASSERT_TRUE(find<QPushButton>("selectGroup").isVisible());
    find<QPushButton>("selectGroup").click();
    EXPECT_EQ(workspace->selections().of(workspace->ref()).count(), table->rows()[1].cells);
    EXPECT_NEAR(table->selectedRow()->mean, table->rows()[1].mean, 1e-12);
}

TEST_F(PredictionViewTest, TheUmapMovesAndIsComputedOnce) {
    open("wound_demo.h5ad");
    EXPECT_EQ(pane(0).embedding().kind, EmbeddingChoice::Kind::umap);
    std::set<const void*> layouts;
    ASSERT_TRUE(QTest::qWaitFor(
        [&] {
            layouts.insert(pane(0).plot()->figure().xy.get());
            return pane(0).note().isEmpty();
        },
        60000));
    EXPECT_GT(layouts.size(), 4u);
    ASSERT_TRUE(workspace->waitForJobs());
    const SharedPoints done = pane(0).plot()->figure().xy;
    ASSERT_EQ(done->size(), 2 * workspace->data().data->n_obs());
    EXPECT_TRUE(std::isfinite((*done)[7]));
    const std::size_t jobs = workspace->jobs.size();
    split(); // the same embedding in other colours
    ASSERT_TRUE(workspace->waitForJobs());
    EXPECT_EQ(pane(1).plot()->figure().xy, done);
    for (std::size_t at = jobs; at < workspace->jobs.size(); ++at) {
        EXPECT_FALSE(workspace->jobs[at]->name().startsWith("UMAP"));
    }
}

TEST_F(PredictionViewTest, TheUmapCanBeCancelled) {
    open("wound_demo.h5ad");
    ASSERT_TRUE(QTest::qWaitFor([&] { return pane(0).note().startsWith("Epoch"); }, 60000));
    auto& button = find<QPushButton>("paneAction1");
    EXPECT_EQ(button.text(), "Cancel");
    button.click();
    const auto umap = std::find_if(workspace->jobs.begin(), workspace->jobs.end(),
                                   [](const Job* job) { return job->name().startsWith("UMAP"); });
    ASSERT_NE(umap, workspace->jobs.end());
    ASSERT_TRUE(workspace->waitForJobs());
    EXPECT_EQ((*umap)->state(), JobState::cancelled);
    EXPECT_TRUE(pane(0).note().contains("Cancelled"));
    EXPECT_EQ(button.text(), "Start again");
    button.click();
    EXPECT_TRUE(QTest::qWaitFor([&] { return pane(0).note().startsWith("Epoch"); }, 60000));
    button.click();
    EXPECT_TRUE(workspace->waitForJobs());
}

TEST_F(PredictionViewTest, SettingsComeBackInANewView) {
    openAndWait("pbmc_phase.h5ad");
    split();
    ASSERT_NO_FATAL_FAILURE(choose("paneEmbedding1", "X_pca"));
    ASSERT_NO_FATAL_FAILURE(choose("paneColor2", "Magnitude"));
    ASSERT_NO_FATAL_FAILURE(choose("statisticsGroup", "louvain"));
    const QJsonObject kept = view->settings();
    PredictionView other(*workspace);
    other.restore(kept);
    other.showDocument(workspace->ref());
    ASSERT_TRUE(workspace->waitForJobs());
    EXPECT_EQ(other.settings(), kept);
    ASSERT_EQ(other.panes()->panes().size(), 2u);
    EXPECT_EQ(other.panes()->panes()[0]->embedding().key, "X_pca");
    EXPECT_EQ(other.panes()->panes()[1]->color().kind, ColorChoice::Kind::magnitude);
    EXPECT_EQ(other.choice().group, "louvain");
}

TEST_F(PredictionViewTest, EachActionIsOneUndo) {
    openAndWait("pbmc_phase.h5ad");
    std::vector<QJsonObject> states = {view->settings()};
    const auto act = [&](const std::function<void()>& action) {
        action();
        ASSERT_TRUE(workspace->waitForJobs());
        states.push_back(view->settings());
        ASSERT_EQ(workspace->history().count(), static_cast<int>(states.size()) - 1);
        ASSERT_NE(states.back(), states[states.size() - 2]);
    };
    act([&] { choose("paneColor1", "louvain"); });
    act([&] {
        PointColors edited = pane(0).plot()->colors();
        edited.colors.resize(static_cast<std::size_t>(edited.names.size()));
        edited.colors[2] = QColor("#102030");
        emit pane(0).plot()->colorsChanged(edited);
    });
    EXPECT_EQ(pane(0).plot()->colors().colorOf(2), QColor("#102030"));
    act([&] { split(); });
    act([&] { choose("paneEmbedding2", "X_pca"); });
    act([&] { choose("statisticsGroup", "phase"); });
    act([&] { find<QToolButton>("paneClose1").click(); });
    for (std::size_t at = states.size() - 1; at-- > 0;) {
        workspace->history().undo();
        ASSERT_TRUE(workspace->waitForJobs());
        EXPECT_EQ(view->settings(), states[at]);
    }
    EXPECT_EQ(view->panes()->panes().size(), 1u);
    EXPECT_EQ(pane(0).plot()->colors().colorOf(2), categoryColor(2));
    workspace->history().redo();
    workspace->history().redo();
    ASSERT_TRUE(workspace->waitForJobs());
    EXPECT_EQ(pane(0).plot()->colors().colorOf(2), QColor("#102030"));
}

TEST_F(PredictionViewTest, PanesOfOneEmbeddingMoveTogether) {
    openAndWait("pbmc_phase.h5ad");
    split();
    ASSERT_TRUE(workspace->waitForJobs());
    const QRectF part(1, 2, 3, 4);
    emit pane(0).plot()->viewRectChanged(part);
    EXPECT_EQ(pane(1).plot()->viewRect(), part);
    ASSERT_NO_FATAL_FAILURE(choose("paneEmbedding2", "X_pca"));
    emit pane(0).plot()->viewRectChanged(QRectF(0, 0, 1, 1));
    EXPECT_NE(pane(1).plot()->viewRect(), QRectF(0, 0, 1, 1));
}

TEST_F(PredictionViewTest, AGeneChosenElsewhereColoursAllPanes) {
    openAndWait("pbmc_phase.h5ad");
    split();
    const QJsonObject before = view->settings();
    workspace->chooseGene({DocumentKind::dataset, 2}, {}, "MT-ND3"); // of the same cells
    ASSERT_TRUE(workspace->waitForJobs());
    for (std::size_t at : {0, 1}) {
        EXPECT_EQ(pane(at).color(), (ColorChoice{ColorChoice::Kind::gene, "MT-ND3"}));
        EXPECT_TRUE(pane(at).plot()->colors().values);
    }
    workspace->history().undo();
    EXPECT_EQ(view->settings(), before);
    workspace->chooseGene({DocumentKind::dataset, 77}, {}, "MT-ND3"); // not open
    EXPECT_EQ(view->settings(), before);
}

TEST_F(PredictionViewTest, TheVerdictIsABanner) {
    openAndWait("wound_demo.h5ad");
    ASSERT_EQ(view->findChildren<MessageBar*>().size(), 1);
    EXPECT_TRUE(view->findChildren<MessageBar*>().first()->plainText().contains("Burn"));
}

TEST_F(PredictionViewTest, TheCsvIsWhatIsDrawn) {
    openAndWait("pbmc_phase.h5ad");
    const QStringList lines = pane(0).plot()->csv().split('\n', Qt::SkipEmptyParts);
    EXPECT_EQ(lines.size(), static_cast<int>(workspace->data().data->n_obs()) + 1);
}

} // namespace
} // namespace ember

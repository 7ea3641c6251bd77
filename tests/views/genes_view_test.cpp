// The Genes view on the demo's cells: comparisons, the condition table, pathways, undo, and the index of
// genes.

#include <cmath>

#include <QComboBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTableView>
#include <QTemporaryDir>
#include <QUndoStack>

#include <gtest/gtest.h>

#include "core/base/demo_workspace.hpp"
#include "core/data/cells_fingerprint.hpp"
#include "core/data/h5ad_writer.hpp"
#include "core/genes/gene_index.hpp"
#include "tests/widgets/fake_workspace.hpp"
#include "tests/widgets/named_widgets.hpp"
#include "views/embedding/coloring_store.hpp"
#include "views/genes/gene_table.hpp"
#include "views/genes/genes_view.hpp"
#include "views/genes/pathway_page.hpp"
#include "views/genes/response_page.hpp"
#include "widgets/empty_state.hpp"
#include "widgets/scatter_plot.hpp"
#include "widgets/violin_plot.hpp"

namespace ember {
namespace {

/// The demo's cells, and a prediction that says what was measured.
class WithPrediction : public FakeWorkspace {
public:
    explicit WithPrediction(const std::string& file) : FakeWorkspace(file) {
        data().cells = QString::fromStdString(cells_fingerprint(data().data->obs_names()));
        prediction_.id = 2;
        prediction_.name = "oracle";
        prediction_.output = data();
        prediction_.output.id = 2;
        prediction_.source = {MatrixSource::Kind::obsm, "X_hvg"};
    }
    std::vector<const PredictionDocument*> predictions() const override { return {&prediction_}; }
    void showView(const QString& view, DocumentRef) override { shownView = view; }
    QString shownView;

private:
    PredictionDocument prediction_;
};

class GenesViewTest : public testing::Test {
protected:
    void open(const std::string& file) {
        workspace = std::make_unique<WithPrediction>(file);
        view = std::make_unique<GenesView>(*workspace);
        QObject::connect(workspace.get(), &Workspace::viewSettingsWanted, view.get(),
                         [this](const QString&, const QJsonObject& settings) { view->restore(settings); });
        view->resize(1100, 640);
        view->show();
        view->showDocument(workspace->ref());
        ASSERT_TRUE(workspace->waitForJobs());
    }
    void openDemo() { open((bundled_demo() / "wound_demo.h5ad").string()); }
    void click(const char* button) {
        auto* found = view->findChild<QPushButton*>(button);
        ASSERT_NE(found, nullptr) << button;
        ASSERT_TRUE(found->isEnabled()) << button;
        found->click();
        ASSERT_TRUE(workspace->waitForJobs());
    }
    void choose(const char* box, const QString& text) {
        auto* combo = view->findChild<QComboBox*>(box);
        ASSERT_NE(combo, nullptr) << box;
        const int index = combo->findText(text);
        ASSERT_GE(index, 0) << text.toStdString();
        combo->setCurrentIndex(index);
        emit combo->activated(index);
        ASSERT_TRUE(workspace->waitForJobs());
    }
    void showPage(int page) {
        view->findChild<QTabWidget*>("genesPages")->setCurrentIndex(page);
        ASSERT_TRUE(workspace->waitForJobs());
    }
    std::unique_ptr<WithPrediction> workspace;
    std::unique_ptr<GenesView> view;
};

TEST_F(GenesViewTest, AComparisonIsThatOfTheCore) {
    openDemo();
    EXPECT_EQ(view->differential()->outcome(), nullptr) << "nothing runs unasked";
    EXPECT_FALSE(view->canExport());
    ASSERT_NO_FATAL_FAILURE(click("deStart"));
    const DifferentialOutcome* outcome = view->differential()->outcome();
    ASSERT_NE(outcome, nullptr);
    EXPECT_TRUE(view->canExport());
    EXPECT_EQ(outcome->request.groupby, "condition");
    EXPECT_EQ(outcome->request.within, std::vector<std::string>{"cell_type"});
    EXPECT_EQ(outcome->request.replicate_col, "mouse");
    JobContext job;
    const DifferentialResult expected =
        differential_expression(*workspace->data().data, outcome->request, job);
    ASSERT_EQ(outcome->result.tables.size(), expected.tables.size());
    ASSERT_NO_FATAL_FAILURE(choose("deTable", "Burn, Neu"));
    const int at = tableIndex(expected, "Burn\nNeu");
    const DifferentialTable& table = expected.tables.at(static_cast<std::size_t>(at));
    const ScatterData& volcano = view->findChild<ScatterPlot*>("volcano")->data();
    EXPECT_EQ(volcano.x, table.log_fold_change);
    for (std::size_t gene = 0; gene < volcano.y.size(); ++gene) {
        if (table.padj[gene] > 0) {
            EXPECT_DOUBLE_EQ(volcano.y[gene], -std::log10(table.padj[gene]));
        }
    }
    EXPECT_EQ(view->differential()->table()->rows(), static_cast<int>(expected.genes.size()));
    const std::vector<int> shown = view->differential()->table()->shown();
    for (std::size_t row = 1; row < shown.size(); ++row) {
        const auto before = static_cast<std::size_t>(shown[row - 1]),
                   now = static_cast<std::size_t>(shown[row]);
        EXPECT_LE(table.padj[before], table.padj[now]) << "the surest gene comes first";
    }
}

TEST_F(GenesViewTest, AGeneIsChosenEverywhereInOneStep) {
    openDemo();
    ASSERT_NO_FATAL_FAILURE(click("deStart"));
    QSignalSpy chosen(workspace.get(), &Workspace::geneChosen);
    const int steps = workspace->history().index();
    GeneTable* table = view->differential()->table();
    table->view()->setCurrentIndex(table->view()->model()->index(0, 0));
    ASSERT_TRUE(workspace->waitForJobs());
    ASSERT_EQ(chosen.count(), 1);
    const QString gene = chosen[0][2].toString();
    EXPECT_EQ(workspace->history().index(), steps + 1);
    EXPECT_EQ(view->findChild<ScatterPlot*>("volcano")->highlighted(), table->current());
    const ViolinData& violins = view->findChild<ViolinPlot*>("deGeneViolin")->data();
    EXPECT_EQ(violins.title, gene);
    EXPECT_EQ(violins.sides, (QStringList{"Sham", "Burn"}));
    std::uint64_t cells = 0;
    for (const ViolinGroup& group : violins.groups) {
        cells += group.sides[0].n + group.sides[1].n;
    }
    EXPECT_EQ(cells, workspace->data().data->n_obs());
    emit view->findChild<ScatterPlot*>("volcano")->pointClicked(3);
    ASSERT_TRUE(workspace->waitForJobs());
    EXPECT_EQ(table->current(), 3);
    workspace->history().undo();
    EXPECT_EQ(view->settings()["differential"].toObject()["gene"].toString(), gene);
}

TEST_F(GenesViewTest, UndoGoesBackToEveryChoiceWithItsResult) {
    openDemo();
    const QJsonObject start = view->settings();
    ASSERT_NO_FATAL_FAILURE(click("deStart"));
    const DifferentialOutcome* first = view->differential()->outcome();
    ASSERT_NO_FATAL_FAILURE(choose("deGroupBy", "cell_type"));
    EXPECT_EQ(view->differential()->outcome(), nullptr) << "another question";
    ASSERT_NO_FATAL_FAILURE(choose("deUnit", "cells"));
    ASSERT_NO_FATAL_FAILURE(click("deRun"));
    ASSERT_NE(view->differential()->outcome(), nullptr);
    EXPECT_EQ(view->differential()->outcome()->request.unit, TestUnit::cells);
    workspace->history().undo();
    workspace->history().undo();
    EXPECT_EQ(view->differential()->outcome(), first) << "kept, not computed again";
    EXPECT_EQ(view->settings(), start);
}

TEST_F(GenesViewTest, ACancelledComparisonCanBeTriedAgain) {
    openDemo();
    workspace->holdsJobs = true;
    view->findChild<QPushButton*>("deStart")->click();
    EXPECT_EQ(view->findChild<QPushButton*>("deRun")->text(), "Cancel");
    view->findChild<QPushButton*>("deRun")->click();
    workspace->holdsJobs = false;
    workspace->jobs.back()->start();
    ASSERT_TRUE(workspace->waitForJobs());
    EXPECT_EQ(view->differential()->outcome(), nullptr);
    ASSERT_NO_FATAL_FAILURE(click("deStart"));
    EXPECT_NE(view->differential()->outcome(), nullptr);
}

TEST_F(GenesViewTest, ThePredictionThatIsRightAgreesEverywhere) {
    openDemo();
    ASSERT_NO_FATAL_FAILURE(showPage(1));
    ASSERT_NO_FATAL_FAILURE(click("responseStart"));
    const ResponseOutcome* outcome = view->response()->outcome();
    ASSERT_NE(outcome, nullptr);
    EXPECT_EQ(outcome->request.strata, (std::vector<std::string>{"cell_type", "timepoint"}));
    EXPECT_EQ(outcome->response.predictions, std::vector<std::string>{"oracle"});
    EXPECT_EQ(view->response()->strata()->rows(), static_cast<int>(outcome->response.strata.size()));
    std::size_t counted = 0;
    for (const ResponseStratum& stratum : outcome->response.strata) {
        const ResponseAgreement& agreement = stratum.agreement.front();
        if (agreement.genes > 0) {
            EXPECT_DOUBLE_EQ(agreement.same_direction, 1);
            EXPECT_NEAR(agreement.pearson, 1, 1e-9);
            ++counted;
        }
    }
    EXPECT_GT(counted, 20U);
    GeneTable* genes = view->response()->genes();
    genes->view()->setCurrentIndex(genes->view()->model()->index(0, 0));
    ASSERT_TRUE(workspace->waitForJobs());
    const ViolinData& violins = view->findChild<ViolinPlot*>("responseGeneViolin")->data();
    ASSERT_EQ(violins.groups.size(), 2U);
    for (const ViolinGroup& group : violins.groups) {
        EXPECT_EQ(group.sides[0].n, group.sides[1].n);
        EXPECT_EQ(group.sides[0].median, group.sides[1].median);
    }
}

TEST_F(GenesViewTest, APlantedProgramIsFoundAmongTheChangedGenes) {
    openDemo();
    ASSERT_NO_FATAL_FAILURE(showPage(2));
    EXPECT_EQ(view->pathways()->outcome(), nullptr);
    view->pathways()->useGmt(QString::fromStdString((bundled_demo() / "programs.gmt").string()));
    ASSERT_NO_FATAL_FAILURE(click("pathwayStart"));
    ASSERT_NO_FATAL_FAILURE(choose("pathwayTable", "Burn, Neu"));
    const PathwayOutcome* outcome = view->pathways()->outcome();
    ASSERT_NE(outcome, nullptr);
    ASSERT_FALSE(outcome->rows.empty());
    EXPECT_EQ(outcome->rows.front().set.name, "inflammation");
    EXPECT_EQ(outcome->rows.front().direction, "up");
    EXPECT_LT(outcome->rows.front().set.padj, 0.01);
    GeneTable* sets = view->pathways()->sets();
    sets->view()->setCurrentIndex(sets->view()->model()->index(0, 0));
    ASSERT_TRUE(workspace->waitForJobs());
    EXPECT_GT(view->pathways()->members()->rows(), 5);
    const ScatterData& volcano = view->findChild<ScatterPlot*>("pathwayVolcano")->data();
    EXPECT_EQ(std::count(volcano.category.begin(), volcano.category.end(), 0),
              view->pathways()->members()->rows());
    ASSERT_NO_FATAL_FAILURE(choose("pathwayMethod", "all genes, ranked"));
    ASSERT_NE(view->pathways()->outcome(), nullptr);
    EXPECT_TRUE(view->pathways()->outcome()->request.ranked);
}

TEST_F(GenesViewTest, WithoutAPerturbationTheConditionPageSaysWhatIsMissing) {
    openDemo();
    Schema schema = workspace->data().schema;
    schema.pert_col = {};
    workspace->setSchema(workspace->ref(), schema);
    ASSERT_TRUE(workspace->waitForJobs());
    ASSERT_NO_FATAL_FAILURE(showPage(1));
    ASSERT_NO_FATAL_FAILURE(click("responseStart"));
    EXPECT_EQ(workspace->shownView, "dataset");
}

TEST_F(GenesViewTest, EveryControlHasAName) {
    openDemo();
    ASSERT_NO_FATAL_FAILURE(click("deStart"));
    for (const int page : {1, 2, 0}) {
        ASSERT_NO_FATAL_FAILURE(showPage(page));
        EXPECT_EQ(unnamedControls(*view).join(", ").toStdString(), "") << page;
    }
}

TEST_F(GenesViewTest, ADocumentThatClosesLeavesTheEmptyState) {
    openDemo();
    ASSERT_NO_FATAL_FAILURE(click("deStart"));
    view->showDocument({});
    EXPECT_TRUE(view->findChild<EmptyState*>("genesEmpty")->isVisible());
    EXPECT_FALSE(view->canExport());
}

TEST(GeneIndexing, TheFirstGeneOfABigMatrixStartsAnIndex) {
    const QTemporaryDir folder;
    qputenv("XDG_CACHE_HOME", folder.filePath("cache").toLocal8Bit());
    constexpr std::size_t cells = 2200, genes = 2000;
    NewAnnData data;
    for (std::size_t cell = 0; cell < cells; ++cell) {
        data.obs_names.push_back("c" + std::to_string(cell));
    }
    for (std::size_t gene = 0; gene < genes; ++gene) {
        data.var_names.push_back("g" + std::to_string(gene));
    }
    for (std::size_t at = 0; at < cells * genes; ++at) {
        data.x.push_back(static_cast<float>(at % 7));
    }
    const std::string file = folder.filePath("big.h5ad").toStdString();
    write_h5ad(data, file);
    FakeWorkspace workspace(file);
    ColoringStore store(workspace);
    const ColorChoice choice{ColorChoice::Kind::gene, "g3"};
    store.want(workspace.ref(), choice, {});
    ASSERT_TRUE(workspace.waitForJobs());
    QStringList names;
    for (const Job* job : workspace.jobs) {
        names << job->name();
    }
    EXPECT_EQ(names.count("Indexing genes of big"), 1) << names.join(", ").toStdString();
    JobContext job;
    const GeneIndexPtr index = find_gene_index(*workspace.data().data, {}, job);
    ASSERT_NE(index, nullptr);
    EXPECT_EQ(index->gene(3), *store.colors(ColoringStore::keyOf(workspace.ref(), choice, {})).colors.values);
    store.want(workspace.ref(), {ColorChoice::Kind::gene, "g4"}, {});
    ASSERT_TRUE(workspace.waitForJobs());
    EXPECT_EQ(workspace.jobs.size(), static_cast<std::size_t>(names.size()) + 1) << "indexed once";
}

} // namespace
} // namespace ember

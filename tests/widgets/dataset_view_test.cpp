#include <algorithm>

#include <QAbstractItemView>
#include <QApplication>
#include <QComboBox>
#include <QJsonObject>
#include <QLabel>
#include <QPushButton>
#include <QStackedWidget>
#include <QTabWidget>
#include <QUndoStack>

#include <gtest/gtest.h>

#include "fake_workspace.hpp"
#include "named_widgets.hpp"
#include "views/dataset/column_summary.hpp"
#include "views/dataset/dataset_view.hpp"
#include "views/selections.hpp"
#include "widgets/category_bars.hpp"
#include "widgets/cell_table.hpp"
#include "widgets/message_bar.hpp"
#include "widgets/small_histogram.hpp"

using namespace ember;

namespace {

std::string corpus(const char* name) {
    return std::string(EMBER_TEST_DATA) + "/h5ad/valid/" + name;
}

/// A view on one file of the corpus, everything read.
struct Shown {
    explicit Shown(const char* file) : workspace(corpus(file)), view(workspace) {
        view.resize(1000, 640);
        view.show();
        view.showDocument(workspace.ref());
        EXPECT_TRUE(workspace.waitForJobs());
        EXPECT_TRUE(workspace.messages.empty());
    }

    void showCells() {
        view.restore({{"tab", "cells"}});
        const QAbstractItemModel& model = *cells();
        for (int column = 0; column < model.columnCount(); ++column)
            model.index(0, column).data(); // as painting does
        QCoreApplication::processEvents();
        EXPECT_TRUE(workspace.waitForJobs());
    }

    CellTableModel* cells() const { return view.findChild<CellTable*>()->model(); }
    QComboBox* schemaBox(const char* name) const {
        return view.findChild<QComboBox*>(QStringLiteral("schema-") + QLatin1String(name));
    }

    FakeWorkspace workspace;
    DatasetView view;
};

TEST(DatasetView, IsRegistered) {
    const ViewInfo* info = ViewRegistry::find("dataset");
    ASSERT_NE(info, nullptr);
    EXPECT_TRUE(info->acceptsKind(DocumentKind::dataset));
    EXPECT_FALSE(info->acceptsKind(DocumentKind::model));
}

TEST(DatasetView, HeaderSaysShapeAndGeneration) {
    const Shown shown("10x_pbmc68k_reduced.h5ad");
    const QString facts = shown.view.findChild<QLabel*>("datasetFacts")->text();
    EXPECT_TRUE(facts.contains(QStringLiteral("700\u00a0cells × 765\u00a0genes"))) << facts.toStdString();
    EXPECT_TRUE(facts.contains("anndata")) << facts.toStdString();
}

TEST(DatasetView, ListsEveryMatrix) {
    const Shown shown("10x_pbmc68k_reduced.h5ad");
    const AnnData& data = *shown.workspace.dataset(1)->data;
    const auto* model = shown.view.findChild<QAbstractItemView*>("matrixTable")->model();
    QStringList names;
    for (int row = 0; row < model->rowCount(); ++row)
        names << model->index(row, 0).data().toString();
    QStringList expected = {"X"};
    for (const std::string& layer : data.layers())
        expected << "layers/" + QString::fromStdString(layer);
    if (data.raw_x())
        expected << "raw/X";
    for (const MemberInfo& member : data.obsm())
        expected << "obsm/" + QString::fromStdString(member.key);
    EXPECT_EQ(names, expected);
}

TEST(DatasetView, EachColumnHasItsPicture) {
    const Shown shown("10x_pbmc68k_reduced.h5ad");
    const AnnData& data = *shown.workspace.dataset(1)->data;
    int bars = 0, histograms = 0;
    for (const ColumnInfo& column : data.obs_columns()) {
        const auto* card = shown.view.findChild<QWidget*>("column-" + QString::fromStdString(column.name));
        ASSERT_NE(card, nullptr) << column.name;
        bars += card->findChild<CategoryBars*>() != nullptr ? 1 : 0;
        histograms += card->findChild<SmallHistogram*>() != nullptr ? 1 : 0;
    }
    EXPECT_GT(bars, 0);
    EXPECT_GT(histograms, 0);
    EXPECT_EQ(bars + histograms, static_cast<int>(data.obs_columns().size()));
}

TEST(DatasetView, BarsCountTheCellsOfEachCategory) {
    const Shown shown("10x_pbmc68k_reduced.h5ad");
    const AnnData& data = *shown.workspace.dataset(1)->data;
    const auto& column = std::get<CategoricalColumn>(data.obs("bulk_labels")->data);
    const auto counts = count_categories(column);
    const auto* bars = shown.view.findChild<QWidget*>("column-bulk_labels")->findChild<CategoryBars*>();
    ASSERT_EQ(bars->bars().size(), counts.size());
    for (std::size_t i = 0; i < counts.size(); ++i) {
        EXPECT_EQ(bars->bars()[i].label.toStdString(), column.categories[i]);
        EXPECT_EQ(bars->bars()[i].count, counts[i]);
    }
}

TEST(DatasetView, CellsAreReadWhenLookedAtAndCanBeFilteredAndSorted) {
    Shown shown("10x_pbmc68k_reduced.h5ad");
    EXPECT_FALSE(shown.cells()->hasColumn(0)) << "read before anybody looked";
    shown.showCells();
    const AnnData& data = *shown.workspace.dataset(1)->data;
    EXPECT_EQ(shown.cells()->index(0, 0).data().toString().toStdString(), data.obs_names()[0]);
    const auto& names = data.obs_columns();
    const auto place =
        std::find_if(names.begin(), names.end(), [](const auto& c) { return c.name == "n_genes"; });
    ASSERT_NE(place, names.end());
    const int column = static_cast<int>(place - names.begin()) + 1;
    shown.cells()->sort(column, Qt::DescendingOrder);
    const auto& values = std::get<NumericColumn>(data.obs("n_genes")->data).values;
    EXPECT_EQ(values[static_cast<std::size_t>(shown.cells()->sourceRow(0))],
              *std::max_element(values.begin(), values.end()));
    shown.view.findChild<CellTable*>()->setFilterText("n_genes>1000");
    EXPECT_EQ(shown.cells()->shownRows(),
              std::count_if(values.begin(), values.end(), [](double v) { return v > 1000; }));
}

TEST(DatasetView, ASchemaChoiceGoesToTheWorkspaceAndTheControlIsAskedAnew) {
    Shown shown("10x_pbmc68k_reduced.h5ad");
    QComboBox* box = shown.schemaBox("pert_col");
    const int index = box->findText("bulk_labels");
    ASSERT_GT(index, 0);
    box->setCurrentIndex(index);
    emit box->activated(index);
    EXPECT_EQ(shown.workspace.schemasSet, 1);
    EXPECT_EQ(shown.workspace.data().schema.pert_col.value, "bulk_labels");
    QComboBox* control = shown.schemaBox("control_pert");
    EXPECT_EQ(control->currentIndex(), 0);
    EXPECT_GT(control->findText("Dendritic"), 0);
    const int label = control->findText("Dendritic");
    emit control->activated((control->setCurrentIndex(label), label));
    EXPECT_EQ(shown.workspace.data().schema.control_pert.value, "Dendritic");
}

TEST(DatasetView, ASchemaSetElsewhereIsShown) {
    Shown shown("10x_pbmc68k_reduced.h5ad");
    Schema schema = shown.workspace.data().schema;
    schema.batch_col = {"phase", "chosen elsewhere"};
    shown.workspace.setSchema(shown.workspace.ref(), schema);
    EXPECT_EQ(shown.schemaBox("batch_col")->currentText(), "phase");
}

TEST(DatasetView, ProblemsAreShownWithTheirRemedies) {
    const Shown shown("duplicate_var.h5ad");
    const auto& problems = shown.workspace.dataset(1)->problems;
    ASSERT_FALSE(problems.empty());
    const auto bars = shown.view.findChildren<MessageBar*>();
    ASSERT_EQ(bars.size(), static_cast<qsizetype>(problems.size()));
    EXPECT_EQ(bars[0]->message().title.toStdString(), problems[0].title);
    EXPECT_EQ(bars[0]->message().text.toStdString(), problems[0].remedy);
}

TEST(DatasetView, EveryFileOfTheCorpusIsShown) {
    for (const char* file : {"no_x.h5ad", "one_cell.h5ad", "zero_cols.h5ad", "odd_names.h5ad",
                             "string_columns.h5ad", "categoricals.h5ad", "uns_nested.h5ad",
                             "anndata_archive_v0.7.0.h5ad", "nan_inf_values.h5ad", "obsm_varm_obsp.h5ad"}) {
        SCOPED_TRACE(file);
        Shown shown(file);
        shown.showCells();
        EXPECT_EQ(shown.cells()->rowCount(), static_cast<int>(shown.workspace.dataset(1)->data->n_obs()));
    }
}

TEST(DatasetView, ThousandsOfColumnsMakeFewWidgets) {
    const Shown shown("many_columns.h5ad");
    const auto count = shown.workspace.dataset(1)->data->obs_columns().size();
    ASSERT_GT(count, 200u);
    EXPECT_LT(shown.view.findChildren<CategoryBars*>().size() +
                  shown.view.findChildren<SmallHistogram*>().size(),
              60);
    auto* more = shown.view.findChild<QPushButton*>("moreColumns");
    QTest::qWait(50);
    EXPECT_FALSE(more->isHidden());
    const auto before = shown.view.findChildren<CategoryBars*>().size();
    more->click();
    EXPECT_TRUE(
        QTest::qWaitFor([&] { return shown.view.findChildren<CategoryBars*>().size() > before; }, 5000));
}

TEST(DatasetView, ClosingTheDocumentShowsTheEmptyState) {
    Shown shown("csr_f32.h5ad");
    auto* pages = shown.view.findChild<QStackedWidget*>();
    EXPECT_EQ(pages->currentIndex(), 1);
    shown.workspace.close(shown.workspace.ref());
    EXPECT_EQ(pages->currentIndex(), 0);
    EXPECT_FALSE(static_cast<bool>(shown.view.document()));
    EXPECT_EQ(shown.cells()->rowCount(), 0);
}

TEST(DatasetView, ClosingWhileReadingIsSafe) {
    FakeWorkspace workspace(corpus("10x_pbmc68k_reduced.h5ad"));
    {
        DatasetView view(workspace);
        view.showDocument(workspace.ref());
    }
    EXPECT_TRUE(workspace.waitForJobs());
}

TEST(DatasetView, ACancelledReadingSaysSo) {
    FakeWorkspace workspace(corpus("csr_f32.h5ad"));
    workspace.holdsJobs = true;
    DatasetView view(workspace);
    view.showDocument(workspace.ref());
    ASSERT_EQ(workspace.jobs.size(), 1u);
    EXPECT_TRUE(view.findChild<QLabel*>("unsKeys")->text().startsWith("Reading"));
    workspace.jobs.front()->cancel();
    EXPECT_EQ(view.findChild<QLabel*>("unsKeys")->text().toStdString(), "Not read");
}

TEST(DatasetView, SettingsComeBack) {
    Shown shown("csr_f32.h5ad");
    shown.view.restore({{"tab", "cells"}, {"filter", "burn"}});
    const QJsonObject kept = shown.view.settings();
    DatasetView other(shown.workspace);
    other.showDocument(shown.workspace.ref());
    other.restore(kept);
    EXPECT_EQ(other.settings(), kept);
    EXPECT_EQ(kept.value("filter").toString(), "burn");
}

TEST(DatasetView, PredictAsksForThisDataSet) {
    Shown shown("csr_f32.h5ad");
    shown.view.findChild<QPushButton*>("datasetPredict")->click();
    EXPECT_EQ(shown.workspace.askedToPredict, shown.workspace.ref());
}

TEST(DatasetView, ControlsAreNamed) {
    Shown shown("10x_pbmc68k_reduced.h5ad");
    EXPECT_EQ(unnamedControls(shown.view).join('\n').toStdString(), "");
}

TEST(DatasetView, TheCellsTableShowsAndMakesTheSelection) {
    Shown shown("dense_f32.h5ad");
    shown.showCells();
    Selections& selections = shown.workspace.selections();
    const CellSelection& selection = selections.of(shown.workspace.ref());
    const auto tinted = [&](int row) {
        return shown.cells()->index(row, 0).data(Qt::BackgroundRole).isValid();
    };
    CellSelection first(selection.size());
    first.insert(0);
    selections.change(shown.workspace.ref(), first, SelectionMode::replace);
    EXPECT_TRUE(tinted(0));
    EXPECT_FALSE(tinted(1));

    auto* table = shown.view.findChild<CellTable*>();
    CellSelection odd(selection.size());
    for (std::size_t cell = 1; cell < odd.size(); cell += 2)
        odd.insert(cell);
    emit table->cellsSelected(odd, SelectionMode::add);
    EXPECT_TRUE(tinted(0) && tinted(1));
    shown.view.findChild<QPushButton*>("cellTableSelect")->click();
    EXPECT_EQ(selection.count(), selection.size());
    shown.workspace.history().undo();
    EXPECT_EQ(selection.count(), odd.count() + 1);
}

} // namespace

// One selection per set of cells: linked, undoable, named.

#include <QFile>
#include <QUndoStack>

#include <gmock/gmock.h>

#include "core/base/demo_workspace.hpp"
#include "views/selection_delta.hpp"
#include "views/selections.hpp"
#include "views/undo.hpp"
#include "window_fixture.hpp"

namespace ember {
namespace {

class SelectionsTest : public testing::Test {
protected:
    /// The blood cells twice, under two names, and the wound cells.
    void SetUp() override {
        const QString demo = QString::fromStdString(bundled_demo().string());
        const QString copy = folder.filePath("copy.h5ad");
        ASSERT_TRUE(QFile::copy(demo + "/pbmc_phase.h5ad", copy));
        workspace.open({demo + "/pbmc_phase.h5ad", copy, demo + "/wound_demo.h5ad"});
        ASSERT_TRUE(test::waitFor([&] { return workspace.jobs.isIdle(); }));
        for (const DatasetDocument* data : workspace.datasets()) {
            const DocumentRef document{DocumentKind::dataset, data->id};
            (data->name == "copy" ? twin : data->name == "wound_demo" ? wound : blood) = document;
        }
        QObject::connect(&workspace.selections(), &Selections::changed, &workspace,
                         [this](DocumentRef document) { told.push_back(document); });
    }

    CellSelection cells(std::initializer_list<std::size_t> chosen, DocumentRef document = {}) {
        CellSelection some(selections().of(document ? document : blood).size());
        for (const std::size_t cell : chosen) {
            some.insert(cell);
        }
        return some;
    }
    Selections& selections() { return workspace.selections(); }
    QUndoStack& history() { return workspace.history(); }

    QTemporaryDir folder;
    test::LoneWorkspace workspace;
    DocumentRef blood, twin, wound;
    std::vector<DocumentRef> told;
};

TEST_F(SelectionsTest, DocumentsWithTheSameCellsShareOne) {
    EXPECT_TRUE(selections().sameCells(blood, twin));
    EXPECT_FALSE(selections().sameCells(blood, wound));
    EXPECT_FALSE(selections().sameCells({}, {}));
    selections().change(blood, cells({1, 64, 700}), SelectionMode::replace);
    EXPECT_EQ(&selections().of(blood), &selections().of(twin));
    EXPECT_EQ(selections().of(twin), cells({1, 64, 700}));
    EXPECT_FALSE(selections().of(wound).any());
    EXPECT_THAT(told, testing::UnorderedElementsAre(blood, twin));
}

TEST_F(SelectionsTest, EveryModeIsUndone) {
    selections().change(blood, cells({1, 2, 3}), SelectionMode::replace);
    selections().change(blood, cells({3, 500}), SelectionMode::add);
    EXPECT_EQ(selections().of(blood), cells({1, 2, 3, 500}));
    selections().change(blood, cells({1}), SelectionMode::remove);
    selections().change(blood, cells({2, 3}), SelectionMode::intersect);
    EXPECT_EQ(selections().of(blood), cells({2, 3}));
    selections().invert(blood);
    EXPECT_EQ(selections().of(blood).count(), selections().of(blood).size() - 2);
    selections().selectAll(blood);
    selections().clear(blood);
    EXPECT_EQ(history().count(), 7);
    EXPECT_EQ(history().text(0), u"Select 3\u00a0cells");
    for (int step = 0; step < 3; ++step) {
        history().undo();
    }
    EXPECT_EQ(selections().of(blood), cells({2, 3}));
    history().redo();
    EXPECT_FALSE(selections().of(blood).contains(2));
    while (history().canUndo()) {
        history().undo();
    }
    EXPECT_FALSE(selections().of(blood).any());
}

TEST_F(SelectionsTest, WhatChangesNothingIsNoStep) {
    selections().clear(blood);
    selections().change(blood, cells({1}), SelectionMode::remove);
    selections().change(blood, CellSelection(3), SelectionMode::replace);
    selections().change({}, {}, SelectionMode::replace);
    EXPECT_EQ(history().count(), 0);
    EXPECT_TRUE(told.empty());
}

TEST_F(SelectionsTest, AClosedDocumentsSelectionIsThereWhenItComesBack) {
    selections().change(wound, cells({7}, wound), SelectionMode::replace);
    const QString path = workspace.dataset(wound.id)->path;
    workspace.close(wound);
    EXPECT_EQ(selections().of(wound).size(), 0u);
    workspace.open({path});
    ASSERT_TRUE(test::waitFor([&] { return workspace.jobs.isIdle(); }));
    const DocumentRef again{DocumentKind::dataset, workspace.datasets().back()->id};
    EXPECT_TRUE(selections().of(again).contains(7));
    history().undo();
    EXPECT_FALSE(selections().of(again).any());
}

TEST_F(SelectionsTest, NamedOnesAreKeptUsedRenamedAndDeleted) {
    selections().change(blood, cells({5, 6}), SelectionMode::replace);
    EXPECT_EQ(selections().save(blood, selections().proposedName()), "Selection 1");
    EXPECT_EQ(selections().save(blood, " Selection  1 "), "Selection 1 (2)");
    selections().rename("Selection 1 (2)", "T cells");
    ASSERT_EQ(selections().named().size(), 2);
    EXPECT_EQ(selections().named()[1].name, "T cells");
    selections().clear(blood);
    EXPECT_TRUE(selections().use("T cells"));
    EXPECT_EQ(selections().of(twin), cells({5, 6}));
    selections().remove("T cells");
    EXPECT_FALSE(selections().use("T cells"));
    history().undo();
    EXPECT_EQ(selections().named().size(), 2);
    while (history().canUndo()) {
        history().undo();
    }
    EXPECT_TRUE(selections().named().isEmpty());
}

TEST_F(SelectionsTest, TheStateComesBack) {
    selections().change(blood, cells({5, 6}), SelectionMode::replace);
    selections().save(blood, "five");
    selections().change(wound, cells({3999}, wound), SelectionMode::replace);
    const SelectionState state = selections().state();
    EXPECT_EQ(state.current.size(), 2);
    selections().setState({});
    EXPECT_EQ(selections().state(), SelectionState{});
    selections().setState(state);
    EXPECT_EQ(selections().state(), state);
    EXPECT_EQ(selections().forget(workspace.dataset(blood.id)->cells), 2);
    EXPECT_EQ(selections().state().current.size(), 1);
}

TEST_F(SelectionsTest, TheHistoryHasAnEnd) {
    std::vector<CellSelection> places{selections().of(blood)};
    for (std::size_t step = 0; step < 300; ++step) {
        selections().change(blood, cells({step}), SelectionMode::add);
        places.push_back(selections().of(blood));
    }
    EXPECT_EQ(history().count(), 200);
    while (history().canUndo()) {
        history().undo();
    }
    EXPECT_EQ(selections().of(blood), places[100]);
    history().setIndex(history().count());
    EXPECT_EQ(selections().of(blood), places[300]);
}

TEST_F(SelectionsTest, ManySmallStepsTakeLittleMemory) {
    const std::size_t many = 1'000'000;
    CellSelection before(many), after(many);
    for (std::size_t cell = 0; cell < 6'400; ++cell) {
        after.insert(cell);
    }
    const SelectionDelta delta(before, after);
    EXPECT_LE(delta.bytes(), 1'000u);
    delta.toggle(before);
    EXPECT_EQ(before, after);
}

TEST_F(SelectionsTest, SettingsOfAViewAreUndone) {
    std::vector<QString> groups;
    QObject::connect(&workspace, &Workspace::viewSettingsWanted, &workspace,
                     [&](const QString& view, const QJsonObject& settings) {
                         EXPECT_EQ(view, "predictions");
                         groups.push_back(settings["group"].toString());
                     });
    const QJsonObject before{{"group", "a"}}, after{{"group", "b"}};
    recordViewChange(workspace, "predictions", "Group by b", before, before);
    EXPECT_EQ(history().count(), 0);
    recordViewChange(workspace, "predictions", "Group by b", before, after);
    EXPECT_TRUE(groups.empty());
    history().undo();
    history().redo();
    EXPECT_EQ(groups, (std::vector<QString>{"a", "b"}));
}

} // namespace
} // namespace ember

// Undo, redo and the selection through the menu, the tree and the status line.

#include <QAction>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QTest>
#include <QTreeView>
#include <QUndoStack>

#include "app/window/view_tabs.hpp"
#include "core/analysis/cell_names_output.hpp"
#include "core/base/demo_workspace.hpp"
#include "views/selections.hpp"
#include "window_fixture.hpp"

namespace ember {
namespace {

class EditMenuTest : public test::WindowTest {
protected:
    void SetUp() override {
        openDemo();
        window->documents().setCurrent(named("wound_demo"));
        test::waitFor([] { return false; }, 0);
    }
    QAction& action(const char* name) { return find<QAction>(name); }
    Selections& selections() { return window->documents().selections(); }
    std::size_t selected() { return selections().of(window->documents().current()).count(); }
    QStringList rows() {
        const QAbstractItemModel& model = *find<QTreeView>("documentTree").model();
        const QModelIndex group = model.index(3, 0);
        QStringList texts;
        for (int row = 0; row < model.rowCount(group); ++row) {
            texts << model.index(row, 0, group).data().toString();
        }
        return texts;
    }
};

TEST_F(EditMenuTest, ActionsActOnTheCurrentDocument) {
    EXPECT_FALSE(action("actionUndo").isEnabled());
    EXPECT_FALSE(action("actionClearSelection").isEnabled());
    action("actionSelectAll").trigger();
    EXPECT_EQ(selected(), 4000u);
    EXPECT_EQ(find<QLabel>("cellsLabel").text(), u"4,000\u00a0cells, 4,000 selected");
    EXPECT_TRUE(action("actionUndo").toolTip().contains("Select all cells")) << "says what will be undone";
    action("actionInvertSelection").trigger();
    EXPECT_EQ(selected(), 0u);
    action("actionUndo").trigger();
    EXPECT_EQ(selected(), 4000u);
    EXPECT_TRUE(action("actionRedo").text().contains("Invert"));
    action("actionClearSelection").trigger();
    EXPECT_EQ(find<QLabel>("cellsLabel").text(), u"4,000\u00a0cells");
    EXPECT_EQ(selections().of(named("pbmc_phase")).count(), 0u);
}

TEST_F(EditMenuTest, ASavedSelectionIsNamedInTheTree) {
    action("actionSelectAll").trigger();
    action("actionSaveSelection").trigger();
    EXPECT_EQ(rows(), QStringList{"Selection 1   4,000"});
    auto& tree = find<QTreeView>("documentTree");
    auto* editor = tree.viewport()->findChild<QLineEdit*>();
    ASSERT_NE(editor, nullptr) << "its name can be typed at once";
    EXPECT_EQ(editor->text(), "Selection 1");
    editor->setText("All & sundry");
    QTest::keyClick(editor, Qt::Key_Return);
    ASSERT_TRUE(test::waitFor([&] { return selections().named().first().name == "All & sundry"; }, 30));
    EXPECT_EQ(rows(), QStringList{"All & sundry   4,000"});
    action("actionClearSelection").trigger();
    const QModelIndex row = tree.model()->index(0, 0, tree.model()->index(3, 0));
    emit tree.clicked(row);
    EXPECT_EQ(selected(), 4000u);
    tree.setCurrentIndex(row);
    EXPECT_EQ(window->documents().current(), named("wound_demo")) << "the document stays current";
    window->documents().history().undo(); // the click
    window->documents().history().undo(); // clearing
    window->documents().history().undo(); // the name
    EXPECT_EQ(rows(), QStringList{"Selection 1   4,000"});
    window->documents().history().undo();
    EXPECT_EQ(rows(), QStringList{});
}

TEST_F(EditMenuTest, ATableKeepsItsOwnSelectAll) {
    auto& tree = find<QTreeView>("documentTree"); // selects one row only: not its own
    QKeyEvent forTree(QEvent::ShortcutOverride, Qt::Key_A, Qt::ControlModifier);
    forTree.ignore();
    QApplication::sendEvent(&tree, &forTree);
    EXPECT_FALSE(forTree.isAccepted());
    QLineEdit field;
    QKeyEvent escape(QEvent::ShortcutOverride, Qt::Key_Escape, Qt::NoModifier);
    escape.ignore();
    QApplication::sendEvent(&field, &escape);
    EXPECT_TRUE(escape.isAccepted()) << "Escape in a field must not clear the selection";
}

TEST_F(EditMenuTest, CellNamesAreExportedWithTheirOrigin) {
    const DatasetDocument& wound = *window->documents().dataset(named("wound_demo").id);
    CellSelection some(4000);
    some.insert(0);
    some.insert(3999);
    JobContext job;
    const QString csv = folder.filePath("some.csv");
    write_cell_names(*wound.data, some, "some", csv.toStdString(), job);
    QFile table(csv), beside(folder.filePath("some.json"));
    ASSERT_TRUE(table.open(QIODevice::ReadOnly) && beside.open(QIODevice::ReadOnly));
    EXPECT_EQ(table.readAll().toStdString(), "cell,row\ncell00000,0\ncell03999,3999\n");
    EXPECT_TRUE(beside.readAll().contains("sha256"));
    EXPECT_THROW(write_cell_names(*wound.data, CellSelection(3), "", csv.toStdString(), job), Error);
}

} // namespace
} // namespace ember

// The session: to JSON and back, to a file and back, to a window and back.

#include <QDockWidget>
#include <QFile>
#include <QJsonArray>
#include <QUndoStack>

#include "app/window/message_area.hpp"
#include "app/window/session.hpp"
#include "app/window/view_tabs.hpp"
#include "core/base/demo_workspace.hpp"
#include "window_fixture.hpp"

namespace ember {
namespace {

Session fullSession() {
    Session session;
    Schema schema;
    schema.pert_col = {"condition", "the model was trained with this column"};
    schema.control_pert = {"Sham", {}};
    session.documents = {
        {DocumentKind::dataset, "/data/a b.h5ad", schemaToJson(schema), {}, {}, "3-abc"},
        {DocumentKind::model, "/runs/st", {}, {}, {}, {}},
        {DocumentKind::prediction, "/data/ü.h5ad", schemaToJson({}), "/runs/st", "/data/a", "130-def"}};
    session.currentKind = DocumentKind::prediction;
    session.currentPath = "/data/ü.h5ad";
    session.currentView = "predictions";
    session.theme = "dark";
    session.views = {{"predictions", QJsonObject{{"group", "cell_type"}}}};
    session.shown = {{"dataset", "/data/a b.h5ad"}};
    CellSelection some(130);
    for (const std::size_t cell : {0, 63, 64, 129}) {
        some.insert(cell);
    }
    session.selections.current = {{{}, "130-def", "/data/ü.h5ad", some}};
    session.selections.named = {{"Tè cells", "130-def", "/data/ü.h5ad", some},
                                {"none", "3-abc", "/data/a b.h5ad", CellSelection(3)}};
    session.geometry = QByteArray("\0\xff geometry", 11);
    session.docks = "docks";
    return session;
}

std::string classOf(const std::function<void()>& act) {
    try {
        act();
    } catch (const Error& error) {
        return error.class_name();
    }
    return {};
}

TEST(Session, GoesToJsonAndBack) {
    EXPECT_EQ(sessionFromJson(sessionToJson(fullSession())), fullSession());
    EXPECT_EQ(sessionFromJson(sessionToJson({})), Session{});
}

TEST(Session, GoesToAFileAndBack) {
    const QTemporaryDir folder;
    const QString path = folder.filePath("a.emberview");
    saveSession(fullSession(), path);
    EXPECT_EQ(loadSession(path), fullSession());
}

TEST(Session, EveryFieldCounts) {
    const Session full = fullSession();
    const QJsonObject json = sessionToJson(full);
    for (const QString& member : json.keys()) {
        if (member != "emberview_session") {
            QJsonObject poorer = json;
            poorer.remove(member);
            EXPECT_FALSE(sessionFromJson(poorer) == full) << member.toStdString();
        }
    }
}

TEST(Session, RefusesOtherFiles) {
    const QTemporaryDir folder;
    const auto written = [&](const QByteArray& content) {
        QFile file(folder.filePath("x.emberview"));
        EXPECT_TRUE(file.open(QIODevice::WriteOnly));
        file.write(content);
        return file.fileName();
    };
    EXPECT_EQ(classOf([&] { loadSession(folder.filePath("missing.emberview")); }), "MissingFile");
    EXPECT_EQ(classOf([&] { loadSession(written("no JSON")); }), "BadSession");
    EXPECT_EQ(classOf([&] { loadSession(written("{}")); }), "BadSession");
    EXPECT_EQ(classOf([&] { loadSession(written(R"({"emberview_session": 99})")); }), "BadSession");
    EXPECT_EQ(classOf([&] {
                  loadSession(written(R"({"emberview_session": 1, "documents": [{"kind": "dataset"}]})"));
              }),
              "BadSession");
    EXPECT_EQ(classOf([&] { loadSession(written(R"({"emberview_session": 1, "theme": 3})")); }),
              "BadSession");
}

TEST(Session, RefusesDamagedSelections) {
    const QJsonObject good = sessionToJson(fullSession());
    const auto with = [&](const QString& key, const QJsonValue& value) {
        QJsonObject damaged = good;
        QJsonArray selections = good["selections"].toArray();
        QJsonObject first = selections[0].toObject();
        first[key] = value;
        selections[0] = first;
        damaged["selections"] = selections;
        return classOf([&] { sessionFromJson(damaged); });
    };
    const QByteArray bomb = QByteArray::fromHex("7fffffff") + qCompress("x").mid(4);
    EXPECT_EQ(with("name", "another"), "");
    EXPECT_EQ(with("size", 4'000), "BadSession") << "bits of another number of cells";
    EXPECT_EQ(with("size", -1), "BadSession");
    EXPECT_EQ(with("size", 1e15), "BadSession");
    EXPECT_EQ(with("size", "many"), "BadSession");
    EXPECT_EQ(with("cells", ""), "BadSession");
    EXPECT_EQ(with("bits", ""), "BadSession");
    EXPECT_EQ(with("bits", "AAAAGHh4eA=="), "BadSession") << "not zlib";
    EXPECT_EQ(with("bits", QString::fromLatin1(bomb.toBase64())), "BadSession");
}

TEST(Session, ASchemaKeepsWhatTheSessionDoesNotName) {
    Schema guess;
    guess.batch_col = {"batch", "its name"};
    const Schema schema = schemaFromJson({{"pert_col", QJsonArray{"condition", "chosen"}}}, guess);
    EXPECT_EQ(schema.pert_col.value, "condition");
    EXPECT_EQ(schema.pert_col.reason, "chosen");
    EXPECT_EQ(schema.batch_col.value, "batch");
}

using SessionInWindow = test::WindowTest;

TEST_F(SessionInWindow, ComesBackAsItWas) {
    openDemo();
    const DocumentRef pbmc = named("pbmc_phase");
    Schema schema = window->documents().dataset(pbmc.id)->schema;
    schema.celltype_col = {"louvain", "chosen"};
    window->documents().setSchema(pbmc, schema);
    window->documents().showView("predictions", pbmc);
    Selections& selections = window->documents().selections();
    CellSelection some(selections.of(pbmc).size());
    some.insert(699);
    selections.change(pbmc, some, SelectionMode::replace);
    selections.save(pbmc, "last");
    selections.invert(pbmc);
    ASSERT_TRUE(waitUntilIdle());
    const QString path = folder.filePath("s.emberview");
    const Session before = window->session();
    window->saveSessionTo(path);
    ASSERT_TRUE(waitUntilIdle());
    EXPECT_EQ(loadSession(path), before);

    window = std::make_unique<MainWindow>();
    window->show();
    window->openFiles({path});
    ASSERT_TRUE(waitUntilIdle());
    const Session after = window->session();
    EXPECT_EQ(after.documents, before.documents) << "in the same order";
    EXPECT_EQ(after.selections, before.selections);
    EXPECT_EQ(after.shown, before.shown);
    test::expectSame(after, before);
    EXPECT_EQ(window->documents().dataset(named("pbmc_phase").id)->schema.celltype_col.value, "louvain");
}

TEST_F(SessionInWindow, DocksComeBackWhereTheyWere) {
    auto& inspector = find<QDockWidget>("inspectorDock");
    auto& tree = find<QDockWidget>("workspaceDock");
    inspector.hide();
    window->addDockWidget(Qt::RightDockWidgetArea, &tree);
    const Session moved = window->session();
    inspector.show();
    window->addDockWidget(Qt::LeftDockWidgetArea, &tree);
    window->restoreSession(moved);
    EXPECT_TRUE(inspector.isHidden());
    EXPECT_FALSE(tree.isHidden());
    EXPECT_EQ(window->dockWidgetArea(&tree), Qt::RightDockWidgetArea);
}

TEST_F(SessionInWindow, ASelectionOfOtherCellsIsDropped) {
    const QString file = folder.filePath("cells.h5ad"), path = folder.filePath("s.emberview");
    const auto demo = [](const char* name) {
        return QString::fromStdString((bundled_demo() / name).string());
    };
    ASSERT_TRUE(QFile::copy(demo("pbmc_phase.h5ad"), file));
    window->openFiles({file});
    ASSERT_TRUE(waitUntilIdle());
    Selections& selections = window->documents().selections();
    selections.selectAll(named("cells"));
    selections.save(named("cells"), "all");
    window->saveSessionTo(path);
    ASSERT_TRUE(waitUntilIdle());
    window->documents().closeAll();
    QFile::remove(file);
    ASSERT_TRUE(QFile::copy(demo("wound_demo.h5ad"), file));

    window->messages().closeAll();
    window->openFiles({path});
    ASSERT_TRUE(waitUntilIdle());
    EXPECT_EQ(selections.state(), SelectionState{});
    ASSERT_EQ(window->messages().messages().size(), 1);
    const Message message = window->messages().messages().first();
    EXPECT_TRUE(message.text.contains("cells.h5ad")) << message.text.toStdString();
    EXPECT_TRUE(message.text.contains(u"2\u00a0selections")) << message.text.toStdString();
    EXPECT_FALSE(window->documents().history().canUndo());
}

} // namespace
} // namespace ember

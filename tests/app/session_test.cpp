// The session: to JSON and back, to a file and back, to a window and back.

#include <QFile>
#include <QJsonArray>

#include "app/window/session.hpp"
#include "app/window/session_keeper.hpp"
#include "app/window/view_tabs.hpp"
#include "window_fixture.hpp"

namespace ember {
namespace {

Session fullSession() {
    Session session;
    Schema schema;
    schema.pert_col = {"condition", "the model was trained with this column"};
    schema.control_pert = {"Sham", {}};
    session.documents = {{DocumentKind::dataset, "/data/a b.h5ad", schemaToJson(schema), {}, {}},
                         {DocumentKind::model, "/runs/st", {}, {}, {}},
                         {DocumentKind::prediction, "/data/ü.h5ad", schemaToJson({}), "/runs/st", "/data/a"}};
    session.currentKind = DocumentKind::prediction;
    session.currentPath = "/data/ü.h5ad";
    session.currentView = "predictions";
    session.theme = "dark";
    session.views = {{"predictions", QJsonObject{{"group", "cell_type"}}}};
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
    ASSERT_TRUE(waitUntilIdle());
    const QString path = folder.filePath("s.emberview");
    const Session before = window->session();
    window->saveSessionTo(path);
    EXPECT_EQ(loadSession(path), before);

    window = std::make_unique<MainWindow>();
    window->show();
    window->openFiles({path});
    ASSERT_TRUE(waitUntilIdle());
    Session after = window->session();
    ASSERT_EQ(after.documents.size(), 5);
    const auto byPath = [](const SessionDocument& a, const SessionDocument& b) { return a.path < b.path; };
    QList<SessionDocument> expected = before.documents;
    std::sort(expected.begin(), expected.end(), byPath);
    std::sort(after.documents.begin(), after.documents.end(), byPath); // files open side by side
    EXPECT_EQ(after.documents, expected);
    EXPECT_EQ(after.currentPath, before.currentPath);
    EXPECT_EQ(after.currentView, "predictions");
    EXPECT_EQ(after.views, before.views);
    EXPECT_EQ(window->documents().dataset(named("pbmc_phase").id)->schema.celltype_col.value, "louvain");
}

TEST_F(SessionInWindow, IsKeptAndOfferedAtTheNextStart) {
    openDemo();
    window->close();
    const SessionKeeper keeper([] { return Session(); });
    const auto last = keeper.last();
    ASSERT_TRUE(last);
    EXPECT_EQ(last->documents.size(), 5);
    EXPECT_TRUE(SessionKeeper::describe(*last).contains("3 more"));
}

} // namespace
} // namespace ember

// What a start offers after a proper end and after a crash, in the window and with the real program.

#include <QDir>
#include <QFile>
#include <QLabel>
#include <QLockFile>
#include <QProcess>
#include <QPushButton>

#include "app/window/message_area.hpp"
#include "app/window/recovery_card.hpp"
#include "app/window/session_keeper.hpp"
#include "app/window/view_tabs.hpp"
#include "window_fixture.hpp"

namespace ember {
namespace {

class Recovery : public test::WindowTest {
protected:
    Recovery() {
        clear();
        reopen(); // so that nothing is offered that another test left
    }
    ~Recovery() override {
        window.reset();
        clear();
    }
    void clear() {
        for (const QFileInfo& file : QDir(sessionFolder()).entryInfoList(QDir::Files)) {
            QFile::remove(file.absoluteFilePath());
        }
    }
    void reopen() {
        window.reset();
        window = std::make_unique<MainWindow>();
        window->show();
    }
    QStringList left() { return QDir(sessionFolder()).entryList({"*.emberview"}, QDir::Files); }
    void fill() {
        openDemo();
        const DocumentRef wound = named("wound_demo");
        Selections& selections = window->documents().selections();
        CellSelection some(4000);
        for (std::size_t cell = 3; cell < 4000; cell += 7) {
            some.insert(cell);
        }
        selections.change(wound, some, SelectionMode::replace);
        selections.save(wound, "each seventh");
        selections.change(wound, CellSelection(4000), SelectionMode::intersect);
        selections.invert(wound);
        window->views().bringToFront("predictions");
        ASSERT_TRUE(waitUntilIdle());
    }
    void autosave() {
        bool saved = false;
        auto& keeper = find<SessionKeeper>("sessionKeeper");
        const auto connection = QObject::connect(&keeper, &SessionKeeper::saved, [&] { saved = true; });
        keeper.save();
        ASSERT_TRUE(test::waitFor([&] { return saved; }, 60));
        QObject::disconnect(connection);
    }
    bool isOffered(const char* button) {
        return test::waitFor([&] { return !find<QWidget>(button).isHidden(); }, 5);
    }
    bool settled() { // an offer that is not made cannot be waited for, but the look for one can
        bool looked = false;
        auto& keeper = find<SessionKeeper>("sessionKeeper");
        QObject::connect(&keeper, &SessionKeeper::offered, window.get(), [&] { looked = true; });
        keeper.look();
        return test::waitFor([&] { return looked; }, 20);
    }
};

TEST_F(Recovery, AfterAProperEndTheLastSessionIsOffered) {
    fill();
    const Session before = window->session();
    window->close();
    EXPECT_EQ(left(), QStringList{"last.emberview"});
    reopen();
    ASSERT_TRUE(isOffered("welcomeSession"));
    EXPECT_TRUE(find<QPushButton>("welcomeSession").text().contains("and 3 more"));
    EXPECT_TRUE(find<QWidget>("recoveryCard").isHidden());
    find<QPushButton>("welcomeSession").click();
    ASSERT_TRUE(waitUntilIdle());
    test::expectSame(window->session(), before);
}

TEST_F(Recovery, AfterACrashWhatWasOpenIsBroughtBack) {
    fill();
    autosave();
    const Session before = window->session();
    reopen(); // destroyed without being closed
    ASSERT_TRUE(isOffered("recoveryCard"));
    EXPECT_TRUE(find<QLabel>("recoveryText").text().contains("today at"));
    find<QPushButton>("recoverSession").click();
    ASSERT_TRUE(waitUntilIdle());
    test::expectSame(window->session(), before);
    EXPECT_TRUE(find<QWidget>("recoveryCard").isHidden());
    autosave();
    EXPECT_EQ(left().size(), 1) << "the new file replaces the old one";
    window->close();
    EXPECT_EQ(left(), QStringList{"last.emberview"});
}

TEST_F(Recovery, FilesNamedAtTheStartDoNotHideIt) {
    fill();
    autosave();
    window.reset();
    window = std::make_unique<MainWindow>();
    window->show();
    window->openDemo(); // before the look for sessions has ended
    EXPECT_TRUE(isOffered("recoveryCard"));
    ASSERT_TRUE(waitUntilIdle());
    ASSERT_FALSE(window->messages().messages().isEmpty());
    EXPECT_TRUE(window->messages().messages().last().remedy.contains("welcome page"));
}

TEST_F(Recovery, DiscardedItIsNotOfferedAgain) {
    fill();
    autosave();
    reopen();
    ASSERT_TRUE(isOffered("recoveryCard"));
    find<QPushButton>("discardRecovery").click();
    ASSERT_TRUE(settled());
    EXPECT_TRUE(find<QWidget>("recoveryCard").isHidden());
    EXPECT_EQ(left(), QStringList{});
}

TEST_F(Recovery, IgnoredItIsOfferedAtTheNextStart) {
    fill();
    autosave();
    reopen();
    ASSERT_TRUE(isOffered("recoveryCard"));
    reopen();
    EXPECT_TRUE(isOffered("recoveryCard"));
}

TEST_F(Recovery, ARunningProgramsSessionIsLeftAlone) {
    fill();
    autosave();
    MainWindow second;
    second.show();
    bool looked = false;
    auto* keeper = second.findChild<SessionKeeper*>("sessionKeeper");
    QObject::connect(keeper, &SessionKeeper::offered, [&](const SessionOffers& offers) {
        EXPECT_FALSE(offers.crashed);
        looked = true;
    });
    EXPECT_TRUE(test::waitFor([&] { return looked; }, 20));
    EXPECT_EQ(left().size(), 1);
}

TEST_F(Recovery, WhatCannotBeKeptIsNotOffered) {
    QFile damaged(sessionFolder() + "/running-1.emberview"), last(sessionFolder() + "/last.emberview");
    ASSERT_TRUE(damaged.open(QIODevice::WriteOnly) && last.open(QIODevice::WriteOnly));
    damaged.write("{");
    last.write(R"({"emberview_session": 1, "documents": [{"kind": "dataset", "path": "/gone.h5ad"}]})");
    damaged.close();
    last.close();
    const SessionOffers offers = findSessionOffers(sessionFolder());
    EXPECT_FALSE(offers.crashed);
    EXPECT_FALSE(offers.last);
    EXPECT_EQ(left(), QStringList{"last.emberview"});
}

TEST_F(Recovery, ClosingEverythingLeavesNothingToRecover) {
    fill();
    autosave();
    EXPECT_EQ(left().size(), 1);
    window->documents().closeAll();
    autosave();
    EXPECT_EQ(left(), QStringList{});
}

TEST_F(Recovery, TheRealProgramKilledComesBackAsItWas) {
    fill();
    const QString path = folder.filePath("mine.emberview");
    window->saveSessionTo(path);
    ASSERT_TRUE(waitUntilIdle());
    const Session mine = loadSession(path);
    window->close();
    window.reset();
    clear();

    QProcess program;
    program.start(qEnvironmentVariable("EMBER_BIN") + "/emberview", {path});
    ASSERT_TRUE(program.waitForStarted());
    Session running;
    const bool kept = test::waitFor(
        [&] {
            const QStringList files = left();
            if (files.size() != 1) {
                return false;
            }
            running = loadSession(sessionFolder() + '/' + files.first()); // replaced whole, so never half
            return running.documents.size() == mine.documents.size();
        },
        60);
    EXPECT_TRUE(kept) << program.readAllStandardError().toStdString();
    program.kill(); // SIGKILL
    ASSERT_TRUE(program.waitForFinished());
    EXPECT_EQ(running.documents, mine.documents);
    EXPECT_EQ(running.selections, mine.selections);
    EXPECT_EQ(running.views, mine.views);
    EXPECT_EQ(running.currentView, mine.currentView);

    reopen();
    ASSERT_TRUE(isOffered("recoveryCard"));
    find<QPushButton>("recoverSession").click();
    ASSERT_TRUE(waitUntilIdle());
    test::expectSame(window->session(), mine);
}

TEST(RecoveryCard, SaysWhen) {
    const QDateTime evening({2026, 11, 20}, {21, 40});
    EXPECT_EQ(momentText(evening, {2026, 11, 20}), "today at 21:40");
    EXPECT_EQ(momentText(evening, {2026, 11, 21}), "on 20 November 2026 at 21:40");
}

} // namespace
} // namespace ember

// The window answers: no event handler takes longer than 50 ms of processor time in a tour of the window.

#include <QAction>
#include <QSet>

#include "app/window/view_tabs.hpp"
#include "views/selections.hpp"
#include "watched_application.hpp"
#include "widgets/theme.hpp"
#include "window_fixture.hpp"

namespace ember {
namespace {

constexpr double most_ms = 50;

class Watchdog : public test::WindowTest {
protected:
    test::WatchedApplication& application() { return *dynamic_cast<test::WatchedApplication*>(qApp); }

    /// Does it as an event of its own and waits until all that follows is done.
    void visit(const QString& stage, const std::function<void()>& act, double limit_ms = most_ms) {
        application().watch(stage);
        bool done = false;
        QMetaObject::invokeMethod(
            window.get(), [&] { act(), done = true; }, Qt::QueuedConnection);
        EXPECT_TRUE(test::waitFor([&] { return done; }, 60));
        EXPECT_TRUE(waitUntilIdle());
        test::waitFor([] { return false; }, 0);
        const auto& longest = application().longest();
        if (longest.cpu_ms > limit_ms) {
            tooLong.insert(stage);
            reports << QString("%1 ms, at most %2: %3")
                           .arg(longest.cpu_ms)
                           .arg(limit_ms)
                           .arg(QString::fromStdString(longest.what));
        }
    }
    void trigger(const char* action) {
        visit(action, [&] { find<QAction>(action).trigger(); });
    }
    void tour();

    QSet<QString> tooLong; ///< stages
    QStringList reports;
};

void Watchdog::tour() {
    test::waitFor([] { return false; }, 0); // the first frame: Qt reads the fonts
    visit("open the demo", [&] { window->openDemo(); });
    ViewTabs& tabs = window->views();
    for (int round = 0; round < 2; ++round) {
        for (int index = 0; index < tabs.count(); ++index) {
            // The widgets of the Training view are made in one go when it is first shown.
            const double limit_ms = tabs.tabText(index) == "Training" ? 1.5 * most_ms : most_ms;
            visit(
                "show " + tabs.tabText(index), [&] { tabs.setCurrentIndex(index); }, limit_ms);
        }
    }
    tabs.bringToFront("dataset");
    visit("show the cells", [&] { tabs.restoreView("dataset", {{"tab", "cells"}}); });
    for (const DocumentRef document : {named("pbmc_phase"), named("st_wound"), named("wound_demo")}) {
        visit("go to " + window->documents().nameOf(document),
              [&] { window->documents().setCurrent(document); });
    }
    for (const char* action : {"actionSelectAll", "actionInvertSelection", "actionUndo", "actionUndo",
                               "actionRedo", "actionSaveSelection", "actionClearSelection", "actionUndo"}) {
        trigger(action);
    }
    // Qt gives all widgets their new style in one go, which cannot be split: 0.4 to 0.7 ms each. Polishing
    // any of them twice would show.
    const double restyle_ms = 1.2 * static_cast<double>(QApplication::allWidgets().size());
    visit(
        "dark theme", [] { applyTheme(*qApp, ThemeMode::dark); }, restyle_ms);
    visit(
        "light theme", [] { applyTheme(*qApp, ThemeMode::light); }, restyle_ms);
    visit("predict form", [&] { window->showPredictForm(named("wound_demo"), named("st_wound")); });
    visit("take the session", [&] { window->session(); });
    const Session session = window->session();
    visit("restore the session", [&] { window->restoreSession(session); });
    visit("close all", [&] { window->documents().closeAll(); });
}

/// What is too long is so in every new window; what a busy machine makes too long is not.
TEST_F(Watchdog, NoHandlerTakesLongInATourOfTheWindow) {
    tour();
    for (int again = 0; again < 2 && !tooLong.isEmpty(); ++again) {
        const QSet<QString> before = std::exchange(tooLong, {});
        window = std::make_unique<MainWindow>();
        window->show();
        tour();
        tooLong.intersect(before);
    }
    EXPECT_TRUE(tooLong.isEmpty()) << reports.join('\n').toStdString();
}

TEST_F(Watchdog, SeesWhatTakesLong) {
    application().watch("spin");
    QMetaObject::invokeMethod(
        window.get(),
        [] {
            volatile double sum = 0;
            for (int i = 0; i < 30'000'000; ++i) {
                sum = sum + i;
            }
        },
        Qt::QueuedConnection);
    test::waitFor([] { return false; }, 1);
    EXPECT_GT(application().longest().cpu_ms, most_ms);
    EXPECT_NE(application().longest().what.find("MainWindow"), std::string::npos);
}

} // namespace
} // namespace ember

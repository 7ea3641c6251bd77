// Every widget that a user acts on can be named, by a screen reader and by a test; none is clipped.

#include <map>

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QAction>
#include <QComboBox>
#include <QDockWidget>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QPlainTextEdit>
#include <QScrollArea>
#include <QScrollBar>
#include <QTabBar>
#include <QTextEdit>

#include <gmock/gmock.h>

#include "app/window/view_tabs.hpp"
#include "app/window/welcome_page.hpp"
#include "widgets/save_figure_dialog.hpp"
#include "window_fixture.hpp"

namespace ember {
namespace {

/// Controls of Qt, and whatever of ours takes the keyboard.
bool isActedOn(const QWidget* widget) {
    const bool ours = QByteArray(widget->metaObject()->className()).startsWith("ember::");
    return qobject_cast<const QAbstractButton*>(widget) || qobject_cast<const QComboBox*>(widget) ||
           qobject_cast<const QLineEdit*>(widget) || qobject_cast<const QAbstractSpinBox*>(widget) ||
           qobject_cast<const QAbstractItemView*>(widget) || qobject_cast<const QTabBar*>(widget) ||
           (qobject_cast<const QAbstractSlider*>(widget) && !qobject_cast<const QScrollBar*>(widget)) ||
           qobject_cast<const QTextEdit*>(widget) || qobject_cast<const QPlainTextEdit*>(widget) ||
           (ours && widget->focusPolicy() != Qt::NoFocus && !qobject_cast<const QScrollArea*>(widget));
}

/// Parts that Qt itself puts into a widget and names through it.
bool isInsidePart(const QWidget* widget) {
    for (const QWidget* parent = widget->parentWidget(); parent != nullptr; parent = parent->parentWidget()) {
        if (qobject_cast<const QComboBox*>(parent) || qobject_cast<const QAbstractSpinBox*>(parent) ||
            qobject_cast<const QTabBar*>(parent) || qobject_cast<const QAbstractItemView*>(parent) ||
            qobject_cast<const QLineEdit*>(parent)) {
            return true;
        }
    }
    return widget->objectName().startsWith("qt_");
}

bool hasSpokenName(const QWidget* widget) {
    const auto* button = qobject_cast<const QAbstractButton*>(widget);
    return !widget->accessibleName().isEmpty() || (button != nullptr && !button->text().isEmpty());
}

std::string describe(const QWidget* widget) {
    std::string path;
    for (; widget != nullptr; widget = widget->parentWidget()) {
        path = "/" + std::string(widget->metaObject()->className()) + ":" +
               widget->objectName().toStdString() + path;
    }
    return path;
}

/// What is wrong with the names of `root` and of everything in it; counts what is acted on.
std::vector<std::string> faults(const QWidget& root, std::size_t& seen) {
    std::vector<std::string> found;
    QList<const QWidget*> widgets{&root};
    widgets << root.findChildren<const QWidget*>();
    for (const QWidget* widget : widgets) {
        if (!isActedOn(widget) || isInsidePart(widget) || (widget->isHidden() && widget != &root)) {
            continue;
        }
        ++seen;
        if (widget->objectName().isEmpty() || !hasSpokenName(widget)) {
            found.push_back(describe(widget));
        }
    }
    for (const QAction* action : root.actions()) {
        if (action->objectName().isEmpty()) {
            found.push_back("action " + action->text().toStdString());
        }
    }
    return found;
}

class Accessibility : public test::WindowTest {
protected:
    /// Every view shown with content, the form with its advanced part, messages, offers, named selections.
    void visitEverything(const std::function<void()>& look) {
        look();
        find<WelcomePage>("welcomePage").offerRecovery("wound_demo, st_wound and 3 more", "today at 21:40");
        find<WelcomePage>("welcomePage").offerSession("wound_demo, st_wound and 3 more");
        look();
        openDemo();
        ViewTabs& tabs = window->views();
        for (int index = 0; index < tabs.count(); ++index) {
            tabs.setCurrentIndex(index);
            ASSERT_TRUE(waitUntilIdle());
            look();
        }
        tabs.bringToFront("dataset");
        tabs.restoreView("dataset", {{"tab", "cells"}});
        find<QAction>("actionSelectAll").trigger();
        find<QAction>("actionSaveSelection").trigger();
        ASSERT_TRUE(waitUntilIdle());
        look();
        window->showPredictForm({}, {});
        find<QAbstractButton>("predictAdvanced").setChecked(true);
        find<QDockWidget>("jobDock").show();
        ASSERT_TRUE(waitUntilIdle());
        look();
        window->openFiles({folder.filePath("gone.h5ad")});
        ASSERT_TRUE(waitUntilIdle());
        look();
    }
};

TEST_F(Accessibility, EverythingActedOnHasNames) {
    std::size_t seen = 0;
    visitEverything([&] { EXPECT_THAT(faults(*window, seen), testing::IsEmpty()); });
    EXPECT_GT(seen, 100u);
}

TEST_F(Accessibility, MenusAndTheirActionsHaveNames) {
    openDemo();
    for (const QMenu* menu : window->menuBar()->findChildren<QMenu*>()) {
        for (const QAction* action : menu->actions()) {
            const bool named = !action->objectName().isEmpty() || action->isSeparator() ||
                               (action->menu() != nullptr && !action->menu()->objectName().isEmpty());
            const bool recent = menu->objectName() == "recentMenu"; // files, by their path
            EXPECT_TRUE(named || recent)
                << menu->title().toStdString() << ": " << action->text().toStdString();
            EXPECT_TRUE(action->isSeparator() || !action->text().isEmpty());
        }
    }
}

/// Each shortcut belongs to one action, or it does nothing.
TEST_F(Accessibility, ShortcutsAreUnambiguous) {
    std::map<QString, QStringList> owners;
    for (const QAction* action : window->findChildren<QAction*>()) {
        for (const QKeySequence& keys : action->shortcuts()) {
            owners[keys.toString()] << action->objectName();
        }
    }
    EXPECT_GT(owners.size(), 15u);
    for (const auto& [keys, actions] : owners) {
        EXPECT_EQ(actions.size(), 1) << keys.toStdString() << ": " << actions.join(", ").toStdString();
    }
}

TEST(AccessibilityOfDialogs, EverythingActedOnHasNames) {
    std::size_t seen = 0;
    SaveFigureDialog figure("Magnitudes");
    figure.show();
    EXPECT_THAT(faults(figure, seen), testing::IsEmpty());
    EXPECT_GT(seen, 4u);
}

TEST_F(Accessibility, NothingIsClippedInASmallWindow) {
    window->resize(1280, 720);
    visitEverything([&] {
        EXPECT_TRUE(waitUntilIdle()); // rows of jobs that come and go are laid out again
        test::waitFor([] { return false; }, 0);
        for (const QWidget* widget : window->findChildren<QWidget*>()) {
            const bool counts =
                widget->isVisible() && !isInsidePart(widget) &&
                (qobject_cast<const QAbstractButton*>(widget) || qobject_cast<const QComboBox*>(widget) ||
                 qobject_cast<const QAbstractSpinBox*>(widget));
            if (!counts) {
                continue;
            }
            const QSize least = widget->minimumSizeHint();
            EXPECT_GE(widget->width(), least.width()) << describe(widget);
            EXPECT_GE(widget->height(), least.height()) << describe(widget);
            const QRect place(widget->mapTo(window.get(), QPoint()), widget->size());
            EXPECT_GE(place.left(), 0) << describe(widget);
            EXPECT_LE(place.right(), window->width()) << describe(widget);
        }
    });
    EXPECT_LE(window->minimumSizeHint().width(), 1280);
    EXPECT_LE(window->minimumSizeHint().height(), 720);
}

} // namespace
} // namespace ember

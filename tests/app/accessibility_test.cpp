// Every widget that a user acts on can be named, by a screen reader and by a test; none is clipped.

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSpinBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QScrollArea>
#include <QTabBar>

#include "app/window/view_tabs.hpp"
#include "views/prediction/predict_form.hpp"
#include "window_fixture.hpp"

namespace ember {
namespace {

bool isActedOn(const QWidget* widget) {
    return qobject_cast<const QAbstractButton*>(widget) || qobject_cast<const QComboBox*>(widget) ||
           qobject_cast<const QLineEdit*>(widget) || qobject_cast<const QAbstractSpinBox*>(widget) ||
           qobject_cast<const QAbstractItemView*>(widget) || qobject_cast<const QTabBar*>(widget);
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

class Accessibility : public test::WindowTest {
protected:
    /// Every view shown with content, the form with its advanced part.
    void visitEverything(const std::function<void()>& look) {
        look();
        openDemo();
        ViewTabs& tabs = window->views();
        for (int index = 0; index < tabs.count(); ++index) {
            tabs.setCurrentIndex(index);
            ASSERT_TRUE(waitUntilIdle());
            look();
        }
        window->showPredictForm({}, {});
        find<QAbstractButton>("predictAdvanced").setChecked(true);
        ASSERT_TRUE(waitUntilIdle());
        look();
        window->openFiles({folder.filePath("gone.h5ad")});
        ASSERT_TRUE(waitUntilIdle());
        look();
    }
};

TEST_F(Accessibility, EverythingActedOnHasNames) {
    std::size_t seen = 0;
    visitEverything([&] {
        for (const QWidget* widget : window->findChildren<QWidget*>()) {
            if (isActedOn(widget) && !isInsidePart(widget) && !widget->isHidden()) {
                ++seen;
                EXPECT_FALSE(widget->objectName().isEmpty()) << describe(widget);
                EXPECT_TRUE(hasSpokenName(widget)) << describe(widget);
            }
        }
        for (const QAction* action : window->actions()) {
            EXPECT_FALSE(action->objectName().isEmpty()) << action->text().toStdString();
        }
    });
    EXPECT_GT(seen, 100u);
}

TEST_F(Accessibility, NothingIsClippedInASmallWindow) {
    window->resize(1280, 720);
    visitEverything([&] {
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

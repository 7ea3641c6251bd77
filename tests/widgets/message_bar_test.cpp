#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QToolButton>

#include <gtest/gtest.h>

#include "named_widgets.hpp"
#include "widgets/message_bar.hpp"

using namespace ember;

namespace {

const BarMessage full{BarKind::error, "BadSparse", "The row pointers go down at row 412.",
                      "Write the file again.", "a.h5ad: X/indptr, row 412"};

template<typename Widget>
Widget* part(const QWidget& bar, const char* name) {
    return bar.findChild<Widget*>(QLatin1String(name));
}

TEST(MessageBar, ShowsAllParts) {
    MessageBar bar(full);
    EXPECT_EQ(part<QLabel>(bar, "messageTitle")->text(), full.title);
    EXPECT_EQ(part<QLabel>(bar, "messageText")->text(), full.text);
    EXPECT_EQ(part<QLabel>(bar, "messageRemedy")->text(), full.remedy);
    EXPECT_FALSE(part<QPushButton>(bar, "messageDetailsButton")->isHidden());
    EXPECT_TRUE(part<QPlainTextEdit>(bar, "messageDetails")->isHidden());
}

TEST(MessageBar, DetailsOpenAndClose) {
    MessageBar bar(full);
    part<QPushButton>(bar, "messageDetailsButton")->click();
    EXPECT_FALSE(part<QPlainTextEdit>(bar, "messageDetails")->isHidden());
    EXPECT_EQ(part<QPlainTextEdit>(bar, "messageDetails")->toPlainText(), full.details);
    part<QPushButton>(bar, "messageDetailsButton")->click();
    EXPECT_TRUE(part<QPlainTextEdit>(bar, "messageDetails")->isHidden());
}

TEST(MessageBar, CopyTakesEverything) {
    MessageBar bar(full);
    part<QPushButton>(bar, "messageCopyButton")->click();
    EXPECT_EQ(
        QApplication::clipboard()->text().toStdString(),
        "BadSparse\nThe row pointers go down at row 412.\nWrite the file again.\na.h5ad: X/indptr, row 412");
}

TEST(MessageBar, TellsWhenItIsClosedAndActedOn) {
    MessageBar bar(full);
    QSignalSpy closed(&bar, &MessageBar::closed), acted(&bar, &MessageBar::actionTriggered);
    part<QToolButton>(bar, "messageCloseButton")->click();
    bar.setAction("Choose a model");
    part<QPushButton>(bar, "messageActionButton")->click();
    EXPECT_EQ(closed.count(), 1);
    EXPECT_EQ(acted.count(), 1);
}

TEST(MessageBar, ShowsNoEmptyParts) {
    MessageBar bar(BarMessage{BarKind::information, {}, "Done.", {}, {}});
    EXPECT_TRUE(part<QLabel>(bar, "messageTitle")->isHidden());
    EXPECT_TRUE(part<QLabel>(bar, "messageRemedy")->isHidden());
    EXPECT_TRUE(part<QPushButton>(bar, "messageDetailsButton")->isHidden());
    EXPECT_EQ(bar.accessibleName().toStdString(), "Done.");
}

TEST(MessageBar, ControlsAreNamed) {
    MessageBar bar(full);
    bar.setAction("Retry");
    EXPECT_EQ(unnamedControls(bar).join('\n').toStdString(), "");
}

} // namespace

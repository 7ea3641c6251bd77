#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include <gtest/gtest.h>

#include "named_widgets.hpp"
#include "widgets/category_bars.hpp"
#include "widgets/elided_label.hpp"
#include "widgets/empty_state.hpp"
#include "widgets/field_row.hpp"

using namespace ember;

namespace {

TEST(FieldRow, AnErrorTakesTheReasonsPlaceAndGivesItBack) {
    auto* field = new QLineEdit; // the row takes it
    FieldRow row("&Control", field);
    row.setReason("Its name says so.");
    auto* note = row.findChild<QLabel*>("fieldNote");
    EXPECT_EQ(note->text(), "Its name says so.");
    row.setError("The model has no “sham”.", "Choose “Sham”.");
    EXPECT_EQ(note->text(), QStringLiteral("The model has no “sham”. Choose “Sham”."));
    EXPECT_EQ(field->accessibleDescription(), note->text());
    EXPECT_TRUE(field->property("invalid").toBool());
    EXPECT_EQ(field->accessibleName(), "Control");
    row.clearError();
    EXPECT_EQ(note->text(), "Its name says so.");
    EXPECT_FALSE(field->property("invalid").toBool());
}

TEST(FieldForm, KnowsWhetherAnyRowIsWrongAndAlignsLabels) {
    FieldForm form;
    FieldRow* first = form.addRow("A", new QLineEdit);
    FieldRow* second = form.addRow("A much longer label", new QLineEdit);
    EXPECT_EQ(first->label()->minimumWidth(), second->label()->minimumWidth());
    EXPECT_FALSE(form.hasErrors());
    second->setError("Wrong.");
    EXPECT_TRUE(form.hasErrors());
}

TEST(EmptyState, ItsButtonActs) {
    EmptyState empty("table", "Nothing here", "Open a file.", "Open…");
    QSignalSpy triggered(&empty, &EmptyState::triggered);
    empty.button()->click();
    EXPECT_EQ(triggered.count(), 1);
    EXPECT_EQ(unnamedControls(empty).join('\n').toStdString(), "");
}

TEST(ElidedLabel, HasItsWholeTextAsTooltipWhenCut) {
    ElidedLabel label("/a/very/long/path/to/some/file/that/will/not/fit.h5ad");
    label.resize(80, 20);
    label.show();
    EXPECT_TRUE(label.isElided());
    EXPECT_EQ(label.toolTip(), label.text());
    label.resize(2000, 20);
    EXPECT_TRUE(label.toolTip().isEmpty());
}

TEST(CategoryBars, ShowsAFewAndTheRestOnDemand) {
    CategoryBars bars;
    std::vector<CategoryBar> many;
    for (int i = 0; i < 20; ++i)
        many.push_back({QString::number(i), static_cast<std::uint64_t>(100 - i), {}});
    bars.setBars(many);
    const int few = bars.sizeHint().height();
    bars.resize(bars.sizeHint());
    bars.show();
    QTest::mouseClick(&bars, Qt::LeftButton, Qt::NoModifier, QPoint(5, few - 3));
    EXPECT_TRUE(bars.isExpanded());
    EXPECT_GT(bars.sizeHint().height(), 2 * few);
    EXPECT_TRUE(bars.accessibleDescription().startsWith("0: 100, 1: 99"));
}

TEST(CategoryBars, TellsWhichCategoryWasClicked) {
    CategoryBars bars;
    bars.setBars({{"Sham", 3, {}}, {"Burn", 1, {}}});
    bars.resize(bars.sizeHint());
    QSignalSpy clicked(&bars, &CategoryBars::categoryClicked);
    QTest::mouseClick(&bars, Qt::LeftButton, Qt::NoModifier, QPoint(5, bars.sizeHint().height() - 3));
    ASSERT_EQ(clicked.count(), 1);
    EXPECT_EQ(clicked[0][0].toString(), "Burn");
}

} // namespace

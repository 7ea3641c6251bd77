#include <cmath>
#include <memory>

#include <QColorDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMimeData>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>
#include <QToolButton>

#include <gtest/gtest.h>

#include "named_widgets.hpp"
#include "widgets/category_legend.hpp"
#include "widgets/category_palette.hpp"
#include "widgets/color_bar.hpp"
#include "widgets/point_cloud_plot.hpp"
#include "widgets/point_legend.hpp"

using namespace ember;

namespace {

using Codes = std::vector<std::int32_t>;

PointColors someTypes() {
    Codes codes(1500, 0);
    codes.insert(codes.end(), {1, 1, 2, -1, -1, -1});
    return categoryPointColors("Cell type", {"Basal", "Fibroblast", "T cell"},
                               std::make_shared<const Codes>(std::move(codes)));
}

class CategoryLegendTest : public testing::Test {
protected:
    void SetUp() override {
        legend_.setColors(someTypes());
        legend_.resize(260, 300);
        legend_.show();
        ASSERT_TRUE(QTest::qWaitForWindowExposed(&legend_));
    }
    QModelIndex row(int index) { return legend_.model()->index(index); }
    void click(int index) {
        QTest::mouseClick(legend_.list()->viewport(), Qt::LeftButton, {},
                          legend_.list()->visualRect(row(index)).center());
    }
    const PointColors& colors() { return legend_.colors(); }
    CategoryLegend legend_;
};

TEST_F(CategoryLegendTest, ListsCategoriesWithTheirCounts) {
    ASSERT_EQ(legend_.model()->rowCount(), 4);
    EXPECT_EQ(row(0).data().toString(), "Basal");
    EXPECT_EQ(row(0).data(CategoryLegendModel::countTextRole).toString(), "1,500");
    EXPECT_EQ(row(0).data(Qt::AccessibleTextRole).toString().toStdString(),
              "Basal, 1,500\u00a0points, shown");
    EXPECT_EQ(row(3).data().toString(), "Missing");
    EXPECT_EQ(row(3).data(CategoryLegendModel::countTextRole).toString(), "3");
}

TEST_F(CategoryLegendTest, ClickTogglesDoubleClickIsolates) {
    const QSignalSpy edited(&legend_, &CategoryLegend::edited);
    click(1);
    EXPECT_TRUE(colors().isHidden(1));
    EXPECT_EQ(edited.count(), 1);
    click(1);
    EXPECT_FALSE(colors().isHidden(1));
    const QPoint place = legend_.list()->visualRect(row(2)).center();
    QTest::mouseClick(legend_.list()->viewport(), Qt::LeftButton, {}, place);
    QTest::mouseDClick(legend_.list()->viewport(), Qt::LeftButton, {}, place);
    EXPECT_EQ(colors().hidden, (std::vector<std::uint8_t>{1, 1, 0}));
    EXPECT_TRUE(colors().missingHidden);
    QTest::mouseClick(legend_.list()->viewport(), Qt::LeftButton, {}, place);
    QTest::mouseDClick(legend_.list()->viewport(), Qt::LeftButton, {}, place);
    EXPECT_TRUE(colors().hidden.empty()) << "isolating what stands alone shows all again";
    EXPECT_FALSE(colors().missingHidden);
    click(3);
    EXPECT_TRUE(colors().missingHidden);
}

TEST_F(CategoryLegendTest, WorksFromTheKeyboard) {
    QListView* list = legend_.list();
    list->setFocus();
    list->setCurrentIndex(row(0));
    QTest::keyClick(list, Qt::Key_Down);
    QTest::keyClick(list, Qt::Key_Space);
    EXPECT_TRUE(colors().isHidden(1));
    QTest::keyClick(list, Qt::Key_Return);
    EXPECT_EQ(colors().hidden, (std::vector<std::uint8_t>{1, 0, 1}));
    QTest::keyClick(list, Qt::Key_Up, Qt::AltModifier);
    EXPECT_EQ(colors().order, (std::vector<int>{1, 0, 2}));
    QTest::keyClick(list, Qt::Key_Down, Qt::AltModifier);
    QTest::keyClick(list, Qt::Key_Down, Qt::AltModifier);
    EXPECT_EQ(colors().order, (std::vector<int>{0, 2, 1}));
    QTest::keyClick(list, Qt::Key_Down, Qt::AltModifier);
    EXPECT_EQ(colors().order, (std::vector<int>{0, 2, 1})) << "missing stays last";
    EXPECT_EQ(list->currentIndex().data().toString(), "Fibroblast");
}

TEST_F(CategoryLegendTest, ButtonsIsolateAndShowAll) {
    auto* only = legend_.findChild<QToolButton*>("legendIsolate");
    auto* all = legend_.findChild<QToolButton*>("legendShowAll");
    EXPECT_FALSE(all->isEnabled());
    legend_.list()->setCurrentIndex(row(0));
    only->click();
    EXPECT_EQ(colors().hidden, (std::vector<std::uint8_t>{0, 1, 1}));
    ASSERT_TRUE(all->isEnabled());
    all->click();
    EXPECT_TRUE(colors().hidden.empty());
}

TEST_F(CategoryLegendTest, RecoloursAndResets) {
    legend_.list()->setCurrentIndex(row(1));
    QTimer::singleShot(0, [] {
        auto* dialog = qobject_cast<QColorDialog*>(QApplication::activeModalWidget());
        ASSERT_NE(dialog, nullptr);
        dialog->setCurrentColor(QColor("#123456"));
        dialog->accept();
    });
    legend_.list()->setFocus();
    QTest::keyClick(legend_.list(), Qt::Key_F2);
    EXPECT_EQ(colors().colorOf(1), QColor("#123456"));
    EXPECT_EQ(colors().colorOf(0), categoryColor(0));
    legend_.model()->resetColors();
    EXPECT_EQ(colors().colorOf(1), categoryColor(1));
}

TEST_F(CategoryLegendTest, DraggingReorders) {
    CategoryLegendModel& model = *legend_.model();
    const auto drop = [&](int from, int to) {
        const std::unique_ptr<QMimeData> data(model.mimeData({row(from)}));
        model.dropMimeData(data.get(), Qt::MoveAction, to, 0, {});
    };
    drop(2, 0);
    EXPECT_EQ(colors().order, (std::vector<int>{2, 0, 1}));
    drop(0, 3); // before "Missing": behind the last category
    EXPECT_EQ(colors().order, (std::vector<int>{0, 1, 2}));
    EXPECT_EQ(row(3).data().toString(), "Missing");
    QMimeData foreign;
    foreign.setText("5");
    EXPECT_FALSE(model.dropMimeData(&foreign, Qt::MoveAction, 0, 0, {}));
}

TEST_F(CategoryLegendTest, TenThousandCategoriesShowThirtyAndAreSearched) {
    QStringList names;
    Codes codes;
    for (int i = 0; i < 10000; ++i) {
        names << QString("clone %1").arg(i);
        codes.push_back(i);
    }
    codes.insert(codes.end(), 5, 7777);
    legend_.setColors(categoryPointColors("Clone", names, std::make_shared<const Codes>(codes)));
    ASSERT_EQ(legend_.model()->rowCount(), 31);
    EXPECT_EQ(row(0).data().toString(), "clone 7777") << "the largest first";
    EXPECT_EQ(row(30).data().toString(), "9,970 more");
    auto* search = legend_.findChild<QLineEdit*>("legendSearch");
    ASSERT_TRUE(search->isVisible());
    search->setText("CLONE 123");
    EXPECT_EQ(legend_.model()->rowCount(), 11);
    EXPECT_EQ(row(0).data().toString(), "clone 123");
    click(0);
    EXPECT_TRUE(colors().isHidden(123));
    search->clear();
    legend_.list()->scrollToBottom();
    click(30);
    EXPECT_EQ(legend_.model()->rowCount(), 10000);
}

TEST_F(CategoryLegendTest, ControlsHaveNames) {
    EXPECT_EQ(unnamedControls(legend_).join(", ").toStdString(), "");
}

class ColorBarTest : public testing::Test {
protected:
    void SetUp() override {
        std::vector<float> values;
        for (int i = 0; i <= 1000; ++i)
            values.push_back(static_cast<float>(i) / 100);
        values.push_back(std::nanf(""));
        colors_ = valuePointColors("Krt5", std::make_shared<const std::vector<float>>(values));
        bar_.setColors(colors_);
        bar_.resize(200, 400);
        bar_.show();
        ASSERT_TRUE(QTest::qWaitForWindowExposed(&bar_));
    }
    template<typename Widget>
    Widget* child(const char* name) {
        return bar_.findChild<Widget*>(name);
    }
    PointColors colors_;
    ColorBar bar_;
};

TEST_F(ColorBarTest, StartsAtThePercentilesAndSaysWhatIsMissing) {
    EXPECT_NEAR(bar_.colors().low, 0.1, 1e-6);
    EXPECT_NEAR(bar_.colors().high, 9.9, 1e-6);
    EXPECT_EQ(child<QLineEdit>("colorLow")->text(), "0.1");
    EXPECT_EQ(child<QLabel>("colorBarMissing")->text().toStdString(), "Grey: 1\u00a0point without a value");
}

TEST_F(ColorBarTest, HandlesAreDraggedPreviewedAndThenEdited) {
    ColorRangeSlider* slider = bar_.slider();
    const QSignalSpy previewed(&bar_, &ColorBar::previewed), edited(&bar_, &ColorBar::edited);
    const auto at = [&](double value) {
        return QPoint(15, static_cast<int>(std::lround(slider->placeOf(value))));
    };
    QTest::mousePress(slider, Qt::LeftButton, {}, at(9.9));
    QTest::mouseMove(slider, at(6));
    QTest::mouseMove(slider, at(5));
    EXPECT_GE(previewed.count(), 2);
    EXPECT_EQ(edited.count(), 0);
    QTest::mouseRelease(slider, Qt::LeftButton, {}, at(5));
    ASSERT_EQ(edited.count(), 1) << "one edit to undo";
    EXPECT_NEAR(bar_.colors().high, 5, 0.05);
    EXPECT_NEAR(bar_.colors().low, 0.1, 1e-6);
    QTest::mousePress(slider, Qt::LeftButton, {}, at(0.1));
    QTest::mouseMove(slider, at(9));
    QTest::mouseRelease(slider, Qt::LeftButton, {}, at(9));
    EXPECT_LT(bar_.colors().low, bar_.colors().high) << "the handles never cross";
}

TEST_F(ColorBarTest, KeysMoveTheHandle) {
    ColorRangeSlider* slider = bar_.slider();
    slider->setFocus();
    QTest::keyClick(slider, Qt::Key_Down);
    EXPECT_NEAR(bar_.colors().high, 9.8, 1e-6);
    QTest::keyClick(slider, Qt::Key_Left);
    QTest::keyClick(slider, Qt::Key_PageUp);
    EXPECT_NEAR(bar_.colors().low, 1.1, 1e-6);
}

TEST_F(ColorBarTest, TypedNumbersAndButtons) {
    auto* high = child<QLineEdit>("colorHigh");
    high->selectAll();
    QTest::keyClicks(high, "7.5");
    QTest::keyClick(high, Qt::Key_Return);
    EXPECT_EQ(bar_.colors().high, 7.5);
    high->selectAll();
    QTest::keyClicks(high, "many");
    QTest::keyClick(high, Qt::Key_Return);
    EXPECT_EQ(bar_.colors().high, 7.5) << "what is no number changes nothing";
    EXPECT_EQ(high->text(), "7.5");
    child<QToolButton>("colorExtremes")->click();
    EXPECT_EQ(bar_.colors().low, 0);
    EXPECT_EQ(bar_.colors().high, 10);
    child<QToolButton>("colorPercentiles")->click();
    EXPECT_NEAR(bar_.colors().high, 9.9, 1e-6);
}

TEST_F(ColorBarTest, DivergingStaysCentredOnZero) {
    colors_.map = ColorMap::diverging;
    colors_.low = -4;
    colors_.high = 4;
    bar_.setColors(colors_);
    bar_.slider()->setFocus();
    QTest::keyClick(bar_.slider(), Qt::Key_Down);
    EXPECT_EQ(bar_.colors().low, -bar_.colors().high);
    EXPECT_LT(bar_.colors().high, 4);
    child<QToolButton>("colorExtremes")->click();
    EXPECT_EQ(bar_.colors().low, -10);
    EXPECT_EQ(bar_.colors().high, 10);
    EXPECT_EQ(unnamedControls(bar_).join(", ").toStdString(), "");
}

TEST(PointLegend, ShowsWhatTheColoursNeedAndTellsThePlotsOwner) {
    PointCloudPlot plot;
    auto* legend = plot.findChild<PointLegend*>();
    EXPECT_TRUE(legend->isHidden()) << "one colour needs no legend";
    const PointColors colors = someTypes();
    plot.setColors(colors);
    EXPECT_FALSE(legend->isHidden());
    EXPECT_FALSE(legend->categories()->isHidden());
    const QSignalSpy changed(&plot, &PointCloudPlot::colorsChanged);
    legend->categories()->model()->toggle(1);
    ASSERT_EQ(changed.count(), 1);
    EXPECT_TRUE(plot.colors().isHidden(1));
    plot.setColors(colors); // as undo does
    EXPECT_EQ(changed.count(), 1);
    EXPECT_EQ(plot.colors(), colors);
    plot.setColors(
        valuePointColors("v", std::make_shared<const std::vector<float>>(std::vector<float>{1, 2})));
    EXPECT_FALSE(legend->bar()->isHidden());
    EXPECT_TRUE(legend->categories()->isHidden());
    plot.setLegendVisible(false);
    EXPECT_TRUE(legend->isHidden());
}

} // namespace

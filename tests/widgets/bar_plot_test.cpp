#include <cmath>

#include <QFile>
#include <QImage>
#include <QPainter>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "named_widgets.hpp"
#include "widgets/bar_drawing.hpp"
#include "widgets/bar_plot.hpp"

using namespace ember;

namespace {

BarData twoConditions() {
    BarData data;
    data.groups = {"day10", "day14, late", "day19"};
    data.series = {{"Burn", {1, 2, std::nan("")}, {0.5, 0.25, std::nan("")}, QColor("#ff0000"), true},
                   {"Sham", {-1, 0.1, 3}, {}, QColor("#0000ff"), true}};
    data.title = "Mean prediction";
    data.groupLabel = "Time point";
    data.valueLabel = "Mean";
    data.errorLabel = "standard error over mice";
    return data;
}

TEST(BarPlot, BarsStandOnZeroAndReachTheirValue) {
    BarPlot plot;
    plot.resize(500, 300);
    plot.setData(twoConditions());
    const BarLayout layout = layoutBars(plot.figure(), plot.rect());
    ASSERT_EQ(layout.bars.size(), 5u) << "no bar where there is no value";
    for (const BarLayout::Bar& bar : layout.bars) {
        const double value = plot.data()
                                 .series[static_cast<std::size_t>(bar.series)]
                                 .values[static_cast<std::size_t>(bar.group)];
        EXPECT_NEAR(value > 0 ? bar.rect.top() : bar.rect.bottom(), layout.yOf(value), 1e-6);
        EXPECT_NEAR(value > 0 ? bar.rect.bottom() : bar.rect.top(), layout.yOf(0), 1e-6);
        EXPECT_TRUE(layout.area.adjusted(-1, -1, 1, 1).contains(bar.rect));
    }
    EXPECT_NEAR(layout.bars[1].rect.height() / layout.bars[0].rect.height(), 2, 1e-6);
    EXPECT_GE(layout.yOf(2.25), layout.area.top()) << "error bars are in view";
    const QImage image = plot.grab().toImage();
    EXPECT_EQ(image.pixel((layout.bars[1].rect.center() + QPointF(8, 20)).toPoint()), qRgb(255, 0, 0));
    EXPECT_EQ(image.pixel(layout.bars[4].rect.center().toPoint()), qRgb(0, 0, 255));
}

TEST(BarPlot, CsvIsWhatIsDrawn) {
    BarPlot plot;
    plot.setData(twoConditions());
    EXPECT_EQ(
        plot.csv().toStdString(),
        "Time point,Burn,Burn error,Sham\nday10,1,0.5,-1\n\"day14, late\",2,0.25,0.1\nday19,nan,nan,3\n");
    plot.setSeriesVisible(0, false);
    EXPECT_EQ(plot.csv().toStdString(), "Time point,Sham\nday10,-1\n\"day14, late\",0.1\nday19,3\n");
}

TEST(BarPlot, LegendTogglesByMouseAndKey) {
    BarPlot plot;
    plot.resize(500, 300);
    plot.setData(twoConditions());
    const QSignalSpy changed(&plot, &BarPlot::seriesVisibilityChanged);
    const BarLayout layout = layoutBars(plot.figure(), plot.rect());
    ASSERT_EQ(layout.entries.size(), 2u);
    QTest::mouseClick(&plot, Qt::LeftButton, {}, layout.entries[1].center().toPoint());
    EXPECT_FALSE(plot.data().series[1].visible);
    QTest::keyClick(&plot, Qt::Key_Down);
    QTest::keyClick(&plot, Qt::Key_Space);
    EXPECT_TRUE(plot.data().series[1].visible);
    EXPECT_EQ(changed.count(), 2);
    QTest::mouseClick(&plot, Qt::LeftButton, {}, layout.area.center().toPoint());
    EXPECT_EQ(changed.count(), 2);
}

TEST(BarPlot, ManyLongNamesAreSlantedAndStayInside) {
    BarData data;
    data.series = {{"", {}, {}, {}, true}};
    for (int i = 0; i < 60; ++i) {
        data.groups << QString("A very long name of a cell type, number %1").arg(i);
        data.series[0].values.push_back(0.5);
    }
    data.percent = true;
    BarPlot plot;
    plot.resize(400, 300);
    plot.setData(data);
    const BarLayout layout = layoutBars(plot.figure(), plot.rect());
    EXPECT_EQ(layout.names.angle, 90) << "upright where slanted names would touch";
    EXPECT_GT(layout.area.height(), 120);
    EXPECT_TRUE(layout.axes.y.labels.last().endsWith("%"));
    EXPECT_TRUE(layout.entries.empty()) << "one series needs no legend";
    plot.grab();
}

TEST(BarPlot, NothingToDrawGetsASentence) {
    for (BarData data : {BarData(), [] {
                             BarData all = twoConditions();
                             for (BarSeries& series : all.series)
                                 series.visible = false;
                             return all;
                         }()}) {
        BarPlot plot;
        plot.resize(300, 200);
        plot.setData(data);
        const QImage image = plot.grab().toImage();
        EXPECT_TRUE(layoutBars(plot.figure(), plot.rect()).bars.empty());
        const QRectF area = layoutBars(plot.figure(), plot.rect()).area;
        const QRgb ground = image.pixel(area.topLeft().toPoint() + QPoint(4, 4));
        int marks = 0;
        for (int y = static_cast<int>(area.center().y()) - 10; y < area.center().y() + 10; ++y) {
            for (int x = static_cast<int>(area.left()) + 5; x < area.right() - 5; ++x)
                marks += image.pixel(x, y) != ground ? 1 : 0;
        }
        EXPECT_GT(marks, 50);
    }
}

TEST(BarPlot, FiguresAreVectorsWithProvenance) {
    QTemporaryDir folder;
    BarPlot plot;
    plot.setData(twoConditions());
    plot.setProvenance("{\"seed\": 7}");
    for (const char* ending : {"png", "svg", "pdf"})
        plot.saveFigure(folder.filePath(QString("bars.%1").arg(ending)), {});
    QFile svg(folder.filePath("bars.svg"));
    ASSERT_TRUE(svg.open(QIODevice::ReadOnly));
    const QByteArray text = svg.readAll();
    EXPECT_EQ(text.count("<image "), 0);
    EXPECT_TRUE(text.contains("Mean prediction") && text.contains("Time point") && text.contains("seed"));
    EXPECT_THROW(plot.saveFigure("/nowhere/at/all.png", {}), Error);
    EXPECT_EQ(unnamedControls(plot).join(", ").toStdString(), "");
    EXPECT_EQ(plot.accessibleName(), "Mean prediction");
}

} // namespace

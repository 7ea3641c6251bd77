#include <cmath>

#include <QImage>
#include <QPainter>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <gtest/gtest.h>

#include "named_widgets.hpp"
#include "widgets/curve_drawing.hpp"
#include "widgets/curve_plot.hpp"
#include "widgets/dot_plot.hpp"
#include "widgets/dot_plot_drawing.hpp"
#include "widgets/heat_map.hpp"
#include "widgets/scatter_plot.hpp"
#include "widgets/violin_drawing.hpp"
#include "widgets/violin_plot.hpp"

using namespace ember;

namespace {

DotPlotData dots() {
    DotPlotData data;
    data.rowLabel = "gene";
    data.columnLabel = "cell type";
    data.rows = {"Krt5", "Lyz2"};
    data.columns = {"Neutrophils", "T cells"};
    data.sizeLabel = "Share";
    data.colorLabel = "Mean";
    data.sizes = {1, 0.25, 0, std::nan("")};
    data.colors = {0, 4, 2, 1};
    data.outlined = {1, 0, 0, 0};
    data.outlineLabel = "p < 0.05";
    return data;
}

ViolinSide side(std::uint64_t n, double shift) {
    return {n,
            0 + shift,
            1 + shift,
            2 + shift,
            3 + shift,
            4 + shift,
            {shift, 2 + shift, 4 + shift},
            {0.1, 1, 0.1}};
}

ViolinData violins() {
    ViolinData data;
    data.groupLabel = "cell type";
    data.valueLabel = "Krt5";
    data.sides = {"observed", "predicted"};
    data.colors = {QColor("#ff0000"), QColor("#0000ff")};
    data.groups = {{"T cells", {side(1200, 0), side(900, 1)}}, {"B cells", {side(3, 0), {}}}};
    return data;
}

CurveData curves() {
    CurveData data;
    data.xLabel = "day";
    data.yLabel = "Pearson";
    data.categories = {"day10", "day14", "day19"};
    data.series = {{"observed",
                    {},
                    {0.5, std::nan(""), 0.9},
                    {0.4, 0, 0.8},
                    {0.6, 1, 1},
                    QColor("#ff0000"),
                    false,
                    true},
                   {"predicted", {}, {0.1, 0.2, 0.3}, {}, {}, QColor("#0000ff"), true, true}};
    data.targets = {{0.7, "target 0.70"}};
    return data;
}

TEST(DotPlot, AreaIsProportionalAndCsvHasEveryCell) {
    DotPlot plot;
    plot.resize(500, 300);
    plot.setData(dots());
    const DotPlotLayout layout = layoutDotPlot(plot.figure(), plot.rect());
    EXPECT_NEAR(layout.diameterOf(1) / layout.diameterOf(0.25), 2, 1e-9);
    EXPECT_EQ(layout.diameterOf(0), 0);
    EXPECT_EQ(layout.diameterOf(std::nan("")), 0);
    const QImage image = plot.grab().toImage();
    EXPECT_EQ(image.pixel(plot.placeOf(0, 0).toPoint()), colorMapAt(ColorMap::viridis, 0));
    EXPECT_EQ(image.pixel(plot.placeOf(0, 1).toPoint()), colorMapAt(ColorMap::viridis, 1));
    EXPECT_EQ(plot.csv().toStdString(),
              "gene,cell type,Share,Mean,p < 0.05\nKrt5,Neutrophils,1,0,1\n"
              "Krt5,T cells,0.25,4,0\nLyz2,Neutrophils,0,2,0\nLyz2,T cells,nan,1,0\n");
}

TEST(DotPlot, MouseAndKeysChooseADot) {
    DotPlot plot;
    plot.resize(500, 300);
    plot.setData(dots());
    QSignalSpy clicked(&plot, &DotPlot::cellClicked);
    QTest::mouseClick(&plot, Qt::LeftButton, {}, plot.placeOf(1, 0).toPoint());
    QTest::keyClick(&plot, Qt::Key_Right);
    QTest::keyClick(&plot, Qt::Key_Up);
    QTest::keyClick(&plot, Qt::Key_Up);
    QTest::keyClick(&plot, Qt::Key_Space);
    ASSERT_EQ(clicked.count(), 2);
    EXPECT_EQ(clicked[0], (QList<QVariant>{1, 0}));
    EXPECT_EQ(clicked[1], (QList<QVariant>{0, 1}));
}

TEST(ViolinPlot, HalvesLieOnTheirSidesAndCsvHasTheNumbers) {
    ViolinPlot plot;
    plot.resize(500, 320);
    plot.setData(violins());
    const ViolinLayout layout = layoutViolins(plot.figure(), plot.rect());
    EXPECT_TRUE(layout.split);
    EXPECT_EQ(layout.drawn, 3);
    const QImage image = plot.grab().toImage();
    const double away = layout.halfWidth() * 0.5, center = layout.centerOf(0);
    const QColor left(image.pixel(QPointF(center - away, layout.yOf(2)).toPoint()));
    const QColor right(image.pixel(QPointF(center + away, layout.yOf(3)).toPoint()));
    EXPECT_GT(left.red() - left.blue(), 60);
    EXPECT_GT(right.blue() - right.red(), 60);
    EXPECT_EQ(plot.csv().toStdString(),
              "cell type,side,n,min,q1,median,q3,max\nT cells,observed,1200,0,1,2,3,4\n"
              "T cells,predicted,900,1,2,3,4,5\nB cells,observed,3,0,1,2,3,4\n"
              "B cells,predicted,0,nan,nan,nan,nan,nan\n");
    QSignalSpy clicked(&plot, &ViolinPlot::groupClicked);
    QTest::mouseClick(&plot, Qt::LeftButton, {}, QPoint(static_cast<int>(layout.centerOf(1)), 150));
    QTest::keyClick(&plot, Qt::Key_Right);
    QTest::keyClick(&plot, Qt::Key_Return);
    ASSERT_EQ(clicked.count(), 2);
    EXPECT_EQ(clicked[0][0].toInt(), 1);
    EXPECT_EQ(clicked[1][0].toInt(), 0);
}

TEST(CurvePlot, PointsIntervalsAndTargets) {
    CurvePlot plot;
    plot.resize(600, 320);
    plot.setData(curves());
    const CurveLayout layout = layoutCurves(plot.figure(), plot.rect());
    ASSERT_EQ(layout.marks.size(), 5u) << "no mark where there is no value";
    EXPECT_GE(layout.yOf(1), layout.area.top()) << "intervals are in view";
    EXPECT_GT(layout.targetRoom, 20);
    const QImage image = plot.grab().toImage();
    EXPECT_EQ(image.pixel(layout.marks[0].place.toPoint()), qRgb(255, 0, 0));
    EXPECT_NE(layout.marks[0].place.x(), layout.marks[2].place.x()) << "series stand apart";
    EXPECT_EQ(plot.csv().toStdString(),
              "series,day,Pearson,low,high\nobserved,day10,0.5,0.4,0.6\nobserved,day14,nan,0,1\n"
              "observed,day19,0.9,0.8,1\npredicted,day10,0.1,nan,nan\npredicted,day14,0.2,nan,nan\n"
              "predicted,day19,0.3,nan,nan\n");
    const double y = layout.yOf(0.7);
    int dashes = 0;
    for (int x = static_cast<int>(layout.area.left()) + 2; x < layout.area.right(); ++x)
        dashes += image.pixel(x, static_cast<int>(y)) != image.pixel(x, static_cast<int>(y) + 6) ? 1 : 0;
    EXPECT_GT(dashes, layout.area.width() / 3);
}

TEST(CurvePlot, LegendTogglesByMouseAndKey) {
    CurvePlot plot;
    plot.resize(600, 320);
    plot.setData(curves());
    const QSignalSpy changed(&plot, &CurvePlot::seriesVisibilityChanged);
    const CurveLayout layout = layoutCurves(plot.figure(), plot.rect());
    ASSERT_EQ(layout.boxes.size(), 2u);
    QTest::mouseClick(&plot, Qt::LeftButton, {}, layout.boxes[0].center().toPoint());
    EXPECT_FALSE(plot.data().series[0].visible);
    EXPECT_FALSE(plot.csv().contains("observed"));
    QTest::keyClick(&plot, Qt::Key_Space);
    EXPECT_TRUE(plot.data().series[0].visible);
    EXPECT_EQ(changed.count(), 2);
    QSignalSpy clicked(&plot, &CurvePlot::pointClicked);
    QTest::mouseClick(&plot, Qt::LeftButton, {}, layout.marks[4].place.toPoint());
    ASSERT_EQ(clicked.count(), 1);
    EXPECT_EQ(clicked[0], (QList<QVariant>{1, 2}));
}

TEST(FigurePlots, EmptyAndOddDataAreDrawnAndSaved) {
    const QTemporaryDir folder;
    DotPlotData noSizes = dots();
    noSizes.sizes.clear();
    DotPlotData tall = dots();
    for (int i = 0; i < 500; ++i)
        tall.rows << QString("Gene%1").arg(i);
    for (const DotPlotData& data : {DotPlotData(), noSizes, tall}) {
        DotPlot plot;
        plot.resize(300, 200);
        plot.setData(data);
        EXPECT_FALSE(plot.grab().isNull());
        QTest::keyClick(&plot, Qt::Key_Down);
        plot.saveFigure(folder.filePath("d.pdf"), {});
    }
    ViolinData flat = violins();
    flat.groups[0].sides[0] = {5, 2, 2, 2, 2, 2, {}, {}};
    ViolinData gone = violins();
    gone.groups = {{"none", {{}, {}}}};
    for (const ViolinData& data : {ViolinData(), flat, gone}) {
        ViolinPlot plot;
        plot.resize(300, 200);
        plot.setData(data);
        EXPECT_FALSE(plot.grab().isNull());
        QTest::keyClick(&plot, Qt::Key_Right);
        plot.saveFigure(folder.filePath("v.svg"), {});
    }
    CurveData numbers;
    numbers.band = true;
    numbers.series = {{"one", {1, 2, 3}, {2, 2, 2}, {1, 1, 1}, {3, 3, 3}, {}, false, true}};
    CurveData nan = curves();
    for (CurveSeries& series : nan.series)
        series.y.assign(3, std::nan(""));
    for (const CurveData& data : {CurveData(), numbers, nan}) {
        CurvePlot plot;
        plot.resize(300, 200);
        plot.setData(data);
        EXPECT_FALSE(plot.grab().isNull());
        plot.saveFigure(folder.filePath("c.png"), {});
    }
}

TEST(FigurePlots, AllAreNamedForTestsAndScreenReaders) {
    QWidget window;
    for (QWidget* plot :
         std::initializer_list<QWidget*>{new ScatterPlot(&window), new HeatMap(&window), new DotPlot(&window),
                                         new ViolinPlot(&window), new CurvePlot(&window)}) {
        EXPECT_FALSE(plot->objectName().isEmpty());
        EXPECT_FALSE(plot->whatsThis().isEmpty()) << "gestures are explained";
        EXPECT_FALSE(plot->accessibleName().isEmpty()) << plot->objectName().toStdString();
    }
    EXPECT_TRUE(unnamedControls(window).isEmpty()) << unnamedControls(window).join(", ").toStdString();
}

} // namespace

#include <cmath>

#include <QImage>
#include <QPainter>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QWheelEvent>

#include <gtest/gtest.h>

#include "widgets/heat_map.hpp"

using namespace ember;

namespace {

HeatMapData small() {
    HeatMapData data;
    data.title = "Response";
    data.valueLabel = "log2 fold change";
    data.rowLabel = "gene";
    data.rows = {"Krt5", "Lyz2", "Cd68"};
    data.columns = {"day10", "day14, late"};
    data.values = {-1, 0.5, 2, std::nan(""), 0, 0.25};
    data.diverging = true;
    return data;
}

HeatMapData large(int rows, int columns) {
    HeatMapData data;
    for (int i = 0; i < rows; ++i)
        data.rows << QString("Gene%1").arg(i);
    for (int i = 0; i < columns; ++i)
        data.columns << QString("Condition %1").arg(i);
    for (int i = 0; i < rows * columns; ++i)
        data.values.push_back(std::sin(i * 0.37));
    return data;
}

TEST(HeatMap, CsvIsInTheOrderDrawn) {
    HeatMapData data = small();
    EXPECT_EQ(heatMapCsv(data).toStdString(),
              "gene,day10,\"day14, late\"\nKrt5,-1,0.5\nLyz2,2,nan\nCd68,0,0.25\n");
    data.rowOrder = {2, 0, 1};
    data.columnOrder = {1, 0};
    EXPECT_EQ(heatMapCsv(data).toStdString(),
              "gene,\"day14, late\",day10\nCd68,0.25,0\nKrt5,0.5,-1\nLyz2,nan,2\n");
    data.rowOrder = {0, 0, 1};
    EXPECT_TRUE(heatMapCsv(data).startsWith("gene,\"day14, late\",day10\nKrt5")) << "no order at all";
}

TEST(HeatMap, CellsHaveTheColourOfTheirValue) {
    HeatMapData data = small();
    data.rowOrder = {2, 0, 1};
    HeatMap map;
    map.resize(500, 320);
    map.setData(data);
    const QImage image = map.grab().toImage();
    const auto at = [&](int row, int column) {
        return image.pixel(map.cellRect(row, column).center().toPoint());
    };
    EXPECT_EQ(at(0, 0), colorMapAt(ColorMap::diverging, 0.25)) << "the range is -2 to 2";
    EXPECT_EQ(at(1, 0), colorMapAt(ColorMap::diverging, 1));
    EXPECT_EQ(at(2, 0), colorMapAt(ColorMap::diverging, 0.5));
    EXPECT_EQ(at(1, 1), missingColor(map.figure().theme).rgb());
    EXPECT_LT(map.cellRect(2, 0).top(), map.cellRect(0, 0).top());
}

TEST(HeatMap, ClickAndKeysChooseACellOfTheData) {
    HeatMapData data = small();
    data.rowOrder = {2, 0, 1};
    HeatMap map;
    map.resize(500, 320);
    map.setData(data);
    QSignalSpy clicked(&map, &HeatMap::cellClicked);
    QTest::mouseClick(&map, Qt::LeftButton, {}, map.cellRect(0, 1).center().toPoint());
    ASSERT_EQ(clicked.count(), 1);
    EXPECT_EQ(clicked[0][0].toInt(), 0);
    EXPECT_EQ(clicked[0][1].toInt(), 1);
    QTest::keyClick(&map, Qt::Key_Down);
    QTest::keyClick(&map, Qt::Key_Left);
    QTest::keyClick(&map, Qt::Key_Return);
    ASSERT_EQ(clicked.count(), 2);
    EXPECT_EQ(clicked[1][0].toInt(), 1) << "the row at the next place";
    EXPECT_EQ(clicked[1][1].toInt(), 0);
    QTest::mouseClick(&map, Qt::LeftButton, {}, {2, 2});
    EXPECT_EQ(clicked.count(), 2);
}

TEST(HeatMap, ManyRowsZoomAndScroll) {
    HeatMap map;
    map.resize(700, 500);
    map.setData(large(2000, 66));
    map.show();
    const HeatMapLayout all = layoutHeatMap(map.figure(), heatMapOrder(map.data()), map.rect());
    EXPECT_FALSE(all.noteText.isEmpty()) << "rows are averaged, and the figure says so";
    auto* bar = map.findChild<QScrollBar*>("heatMapScroll");
    ASSERT_NE(bar, nullptr);
    EXPECT_TRUE(bar->isHidden());
    const QPointF middle = all.map.center();
    for (int i = 0; i < 12; ++i) {
        QWheelEvent zoom(middle, map.mapToGlobal(middle), {}, {0, 360}, {}, Qt::ControlModifier,
                         Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(&map, &zoom);
    }
    EXPECT_FALSE(bar->isHidden());
    EXPECT_LT(map.figure().shownRows, 100);
    EXPECT_GT(map.figure().firstRow, 500);
    const double first = map.figure().firstRow;
    QWheelEvent scroll(middle, map.mapToGlobal(middle), {}, {0, -120}, {}, {}, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(&map, &scroll);
    EXPECT_GT(map.figure().firstRow, first);
    bar->setValue(0);
    EXPECT_EQ(map.figure().firstRow, 0);
    map.ensureRowVisible(1999);
    EXPECT_NEAR(map.figure().firstRow + map.figure().shownRows, 2000, 1e-6);
    QTest::keyClick(&map, Qt::Key_Home);
    EXPECT_EQ(map.figure().shownRows, 0);
    EXPECT_TRUE(bar->isHidden());
}

TEST(HeatMap, AveragedRowsShareALine) {
    HeatMapFigure figure;
    figure.data = large(0, 2);
    for (int i = 0; i < 1000; ++i) {
        figure.data.rows << QString();
        figure.data.values.insert(figure.data.values.end(),
                                  {i < 500 ? 0.0 : 1.0, i % 2 == 0 ? 1.0 : std::nan("")});
    }
    figure.data.low = 0;
    figure.data.high = 1;
    HeatMapLayout layout;
    layout.shownRows = 1000;
    layout.span = {0, 1};
    const QImage image = heatMapImage(figure, heatMapOrder(figure.data), layout, {2, 10});
    EXPECT_EQ(image.pixel(0, 0), colorMapAt(ColorMap::viridis, 0));
    EXPECT_EQ(image.pixel(0, 9), colorMapAt(ColorMap::viridis, 1));
    EXPECT_EQ(image.pixel(1, 4), colorMapAt(ColorMap::viridis, 1)) << "missing values are left out";
}

TEST(HeatMap, TreesFollowTheOrderAndBadOnesAreLeftOut) {
    HeatMapData data = small();
    data.rowTree.merges = {{0, 2}, {1, 3}};
    data.rowTree.heights = {1, 4};
    data.rowOrder = {1, 0, 2};
    data.columnAnnotations = {{"Source", {0, 1}}};
    data.annotationNames = {{"observed", "predicted"}};
    HeatMapFigure figure;
    figure.data = data;
    figure.font.setPixelSize(12);
    const HeatMapOrder order = heatMapOrder(data);
    HeatMapLayout layout = layoutHeatMap(figure, order, QRectF(0, 0, 500, 320));
    EXPECT_GT(layout.rowTree.width(), 10);
    EXPECT_TRUE(layout.columnTree.isNull());
    ASSERT_EQ(layout.bands.size(), 1u);
    EXPECT_LE(layout.bands[0].bottom(), layout.map.top());
    QImage image(500, 320, QImage::Format_RGB32);
    QPainter painter(&image);
    drawHeatMap(painter, QRectF(0, 0, 500, 320), figure, 96);
    painter.end();
    const QPointF band = layout.bands[0].center() + QPointF(-20, 0);
    EXPECT_EQ(image.pixel(band.toPoint()), annotationColor(figure.data, 0, 0).rgb());
    // The root's line runs from the place of row 1 to the middle of rows 0 and 2.
    const QRgb ground =
        image.pixel(static_cast<int>(layout.rowTree.left()) + 1, static_cast<int>(layout.map.top()) + 2);
    const int x = static_cast<int>(std::lround(layout.rowTree.left()));
    bool ink = false;
    for (int y = static_cast<int>(layout.map.top() + layout.rowHeight);
         y < layout.map.top() + 1.8 * layout.rowHeight; ++y)
        ink = ink || image.pixel(x, y) != ground;
    EXPECT_TRUE(ink);
    figure.data.rowTree.merges.pop_back();
    layout = layoutHeatMap(figure, order, QRectF(0, 0, 500, 320));
    EXPECT_TRUE(layout.rowTree.isNull());
}

TEST(HeatMap, NothingOneCellAndOnlyMissingAreDrawn) {
    HeatMapData missing = large(3, 3);
    missing.values.assign(9, std::nan(""));
    HeatMapData numbers = small();
    numbers.numbers = true;
    const QTemporaryDir folder;
    for (const HeatMapData& data : {HeatMapData(), large(1, 1), missing, numbers, large(300, 300)}) {
        HeatMap map;
        map.resize(400, 300);
        map.setData(data);
        EXPECT_FALSE(map.grab().isNull());
        QTest::keyClick(&map, Qt::Key_Down);
        QTest::keyClick(&map, Qt::Key_Plus);
        for (const char* name : {"a.png", "a.svg", "a.pdf"})
            map.saveFigure(folder.filePath(name), {});
    }
}

} // namespace

#include <cmath>
#include <random>

#include <QFile>
#include <QImage>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QWheelEvent>

#include <gtest/gtest.h>

#include "widgets/label_placement.hpp"
#include "widgets/scatter_drawing.hpp"
#include "widgets/scatter_plot.hpp"

using namespace ember;

namespace {

ScatterData volcano() {
    ScatterData data;
    data.title = "Burn against Sham";
    data.xLabel = "log2 fold change";
    data.yLabel = "-log10 p";
    data.nameLabel = "gene";
    data.names = {"Krt5", "Actb, 1", "Lyz2", "Cd68"};
    data.x = {-2, 0, 2, std::nan("")};
    data.y = {4, 1, 8, 2};
    data.category = {1, -1, 0, 0};
    data.categoryNames = {"up", "down"};
    data.categoryColors = {QColor("#ff0000"), QColor("#0000ff")};
    data.labelled = {2, 0};
    data.vLines = {-1, 1};
    data.hLines = {1.3};
    return data;
}

ScatterData cloud(int count) {
    ScatterData data;
    std::mt19937 random(7);
    std::normal_distribution<double> normal;
    for (int i = 0; i < count; ++i) {
        data.x.push_back(normal(random));
        data.y.push_back(normal(random));
        data.names << QString::number(i);
    }
    return data;
}

bool isNear(QRgb pixel, const QColor& color, int far) {
    return std::abs(qRed(pixel) - color.red()) <= far && std::abs(qGreen(pixel) - color.green()) <= far &&
           std::abs(qBlue(pixel) - color.blue()) <= far;
}

TEST(ScatterPlot, CsvHasEveryPointInFullPrecision) {
    ScatterData data = volcano();
    data.x[0] = -2.0000000000000004;
    EXPECT_EQ(scatterCsv(data).toStdString(), "gene,log2 fold change,-log10 p,category\n"
                                              "Krt5,-2.0000000000000004,4,down\n"
                                              "\"Actb, 1\",0,1,\n"
                                              "Lyz2,2,8,up\n"
                                              "Cd68,nan,2,up\n");
    EXPECT_EQ(scatterCsv({}).toStdString(), "point,x,y\n");
}

TEST(ScatterPlot, PointsLieWhereTheirValuesAreInTheirColour) {
    ScatterPlot plot;
    plot.resize(600, 400);
    plot.setData(volcano());
    const QImage image = plot.grab().toImage();
    EXPECT_TRUE(isNear(image.pixel(plot.placeOf(0).toPoint()), "#0000ff", 40));
    EXPECT_TRUE(isNear(image.pixel(plot.placeOf(2).toPoint()), "#ff0000", 40));
    const ScatterLayout layout = layoutScatter(plot.figure(), plot.rect());
    EXPECT_EQ(layout.drawn, 3);
    EXPECT_TRUE(layout.noteText.contains("1 of 4")) << layout.noteText.toStdString();
    EXPECT_EQ(layout.entries[0].text, "up (1)") << "of the points that are drawn";
    EXPECT_NEAR(plot.placeOf(1).x(), (plot.placeOf(0).x() + plot.placeOf(2).x()) / 2, 1e-6);
}

TEST(ScatterPlot, ClickAndKeysChooseAPoint) {
    ScatterPlot plot;
    plot.resize(600, 400);
    plot.setData(volcano());
    QSignalSpy clicked(&plot, &ScatterPlot::pointClicked);
    QTest::mouseClick(&plot, Qt::LeftButton, {}, plot.placeOf(2).toPoint());
    ASSERT_EQ(clicked.count(), 1);
    EXPECT_EQ(clicked[0][0].toInt(), 2);
    EXPECT_EQ(plot.highlighted(), 2);
    QTest::mouseClick(&plot, Qt::LeftButton, {}, {300, 60});
    EXPECT_EQ(clicked.count(), 1) << "nothing is there";
    QTest::keyClick(&plot, Qt::Key_Right);
    QTest::keyClick(&plot, Qt::Key_Return);
    EXPECT_EQ(clicked[1][0].toInt(), 0) << "from one labelled point to the next";
    QTest::keyClick(&plot, Qt::Key_Left);
    EXPECT_EQ(plot.highlighted(), 2);
}

TEST(ScatterPlot, WheelZoomsAtTheCursorAndHomeShowsAll) {
    ScatterPlot plot;
    plot.resize(600, 400);
    plot.setData(volcano());
    const QSignalSpy changed(&plot, &ScatterPlot::viewChanged);
    const QPointF before = plot.placeOf(2);
    QWheelEvent wheel(before, plot.mapToGlobal(before), {}, {0, 240}, {}, {}, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(&plot, &wheel);
    EXPECT_EQ(changed.count(), 1);
    EXPECT_NEAR(plot.placeOf(2).x(), before.x(), 2.5) << "margins may move a little";
    EXPECT_NEAR(plot.placeOf(2).y(), before.y(), 2.5);
    EXPECT_LT(plot.view().width(), 4);
    QTest::keyClick(&plot, Qt::Key_Home);
    EXPECT_TRUE(plot.view().isNull());
    QTest::mousePress(&plot, Qt::LeftButton, {}, {300, 200});
    QTest::mouseMove(&plot, {340, 220});
    QTest::mouseMove(&plot, {350, 220});
    QTest::mouseRelease(&plot, Qt::LeftButton, {}, {350, 220});
    EXPECT_FALSE(plot.view().isNull()) << "dragging pans";
}

TEST(ScatterPlot, TheDiagonalHasOneUnitForBothAxes) {
    ScatterData data = cloud(50);
    data.diagonal = true;
    ScatterPlot plot;
    plot.resize(700, 300);
    plot.setData(data);
    const ScatterLayout layout = layoutScatter(plot.figure(), plot.rect());
    EXPECT_NEAR(layout.axes.view.width() / layout.area.width(),
                layout.axes.view.height() / layout.area.height(), 1e-9);
}

TEST(ScatterPlot, EmptyNaNOnePointAndManyPointsAreDrawn) {
    ScatterData nan;
    nan.x = nan.y = {std::nan(""), INFINITY};
    ScatterData one;
    one.x = one.y = {5};
    one.names = {"alone"};
    one.labelled = {0, 7, -3};
    for (const ScatterData& data : {ScatterData(), nan, one, cloud(100000)}) {
        ScatterPlot plot;
        plot.resize(500, 350);
        plot.setData(data);
        const QImage image = plot.grab().toImage();
        const QRectF area = layoutScatter(plot.figure(), plot.rect()).area;
        const QRgb ground = image.pixel(area.topLeft().toPoint() + QPoint(3, 3));
        int marks = 0;
        for (int y = static_cast<int>(area.top()) + 5; y < area.bottom() - 5; ++y) {
            for (int x = static_cast<int>(area.left()) + 5; x < area.right() - 5; ++x)
                marks += image.pixel(x, y) != ground ? 1 : 0;
        }
        EXPECT_GT(marks, 20);
        QTest::keyClick(&plot, Qt::Key_Plus);
        QTest::keyClick(&plot, Qt::Key_Right);
    }
}

TEST(ScatterPlot, FiguresOfAllFormatsAreWritten) {
    const QTemporaryDir folder;
    ScatterPlot plot;
    plot.setData(cloud(6000));
    plot.setProvenance("{\"tool\":\"test\"}");
    for (const char* name : {"a.png", "a.svg", "a.pdf"}) {
        plot.saveFigure(folder.filePath(name), {});
        EXPECT_GT(QFile(folder.filePath(name)).size(), 3000) << name;
    }
    plot.saveCsv(folder.filePath("a.csv"));
    QFile csv(folder.filePath("a.csv"));
    ASSERT_TRUE(csv.open(QIODevice::ReadOnly));
    EXPECT_EQ(QString::fromUtf8(csv.readAll()), plot.csv());
    EXPECT_TRUE(QFile::exists(folder.filePath("a.csv.json")));
}

TEST(LabelPlacement, NamesHideNeitherEachOtherNorTheirPoints) {
    std::mt19937 random(3);
    std::uniform_real_distribution<double> x(20, 380), y(20, 280);
    std::vector<QPointF> anchors;
    for (int i = 0; i < 60; ++i)
        anchors.emplace_back(x(random), y(random));
    const std::vector<QSizeF> sizes(anchors.size(), QSizeF(45, 14));
    const QRectF area(0, 0, 400, 300);
    const auto placed = placeLabels(anchors, sizes, anchors, area, 3);
    int found = 0;
    for (std::size_t i = 0; i < placed.size(); ++i) {
        if (!placed[i])
            continue;
        ++found;
        EXPECT_TRUE(area.contains(placed[i]->box));
        for (std::size_t j = 0; j < placed.size(); ++j) {
            EXPECT_FALSE(placed[i]->box.contains(anchors[j]));
            if (j != i && placed[j]) {
                EXPECT_FALSE(placed[i]->box.intersects(placed[j]->box));
            }
        }
    }
    EXPECT_GT(found, 35);
    EXPECT_TRUE(placed[0].has_value()) << "the most important comes first";
}

} // namespace

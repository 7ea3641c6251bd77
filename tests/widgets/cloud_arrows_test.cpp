#include <cmath>

#include <QImage>
#include <QPainter>
#include <QTest>

#include <gtest/gtest.h>

#include "widgets/plot_axes.hpp"
#include "widgets/point_cloud_arrows.hpp"
#include "widgets/point_cloud_canvas.hpp"
#include "widgets/point_cloud_plot.hpp"

using namespace ember;

namespace {

SharedPoints square() {
    return std::make_shared<const std::vector<float>>(std::vector<float>{0, 0, 10, 0, 10, 10, 0, 10});
}

std::shared_ptr<const std::vector<float>> manyArrows(int count) {
    auto ends = std::make_shared<std::vector<float>>();
    for (int i = 0; i < count; ++i) {
        const auto x = static_cast<float>(i % 100) / 10, y = static_cast<float>(i / 100) / 10;
        ends->insert(ends->end(), {x, y, x + 0.5F, y});
    }
    return ends;
}

TEST(CloudArrows, ThinnedPartIsTheSameAndGrowsAsOneZoomsIn) {
    const CloudArrows arrows{manyArrows(20000), {}, "Displacement"};
    const ArrowChoice all = chooseArrows(arrows, QRectF(-1, -1, 30, 30));
    EXPECT_EQ(all.inView, 20000u);
    EXPECT_EQ(all.shown.size(), static_cast<std::size_t>(mostArrows));
    EXPECT_EQ(chooseArrows(arrows, QRectF(-1, -1, 30, 30)).shown, all.shown);
    EXPECT_EQ(arrowNote(arrows, QRectF(-1, -1, 30, 30)).toStdString(),
              "Displacement: 5,000 of the 20,000 in view are drawn, chosen at random");
    const ArrowChoice near = chooseArrows(arrows, QRectF(0, 0, 1, 1));
    EXPECT_EQ(near.shown.size(), near.inView);
    EXPECT_TRUE(arrowNote(arrows, QRectF(0, 0, 1, 1)).contains("all"));
    EXPECT_TRUE(arrowNote({manyArrows(50), {}, {}}, QRectF()).isEmpty());
}

TEST(CloudArrows, AreDrawnAboveThePointsOnScreenAndInTheFigure) {
    PointCloudPlot plot;
    plot.resize(500, 420);
    plot.setLegendVisible(false);
    plot.setPoints(square(), "x", "y");
    const auto ends = std::make_shared<const std::vector<float>>(
        std::vector<float>{2, 5, 8, 5, std::nanf(""), 1, 2, 3, 5, 1, 5, 4});
    plot.setArrows(ends, {QColor("#ff0000"), QColor("#00ff00"), QColor("#0000ff")});
    const QImage screen = plot.canvas()->grab().toImage();
    const auto pixel = [&](double x, double y) {
        const QPointF place = toArea({x, y}, plot.canvas()->visibleView(), plot.canvas()->area());
        QColor best;
        for (int step = 0; step < 9; ++step) { // a line may fall between two pixels
            const QColor color(screen.pixel(place.toPoint() + QPoint(step % 3 - 1, step / 3 - 1)));
            if (color.saturation() > best.saturation() || !best.isValid())
                best = color;
        }
        return best;
    };
    EXPECT_GT(pixel(4, 5).red() - pixel(4, 5).green(), 80);
    EXPECT_GT(pixel(5, 2).blue() - pixel(5, 2).red(), 80);
    QImage paper(500, 400, QImage::Format_RGB32);
    QPainter painter(&paper);
    PointCloudFigure figure = plot.figure();
    drawPointCloud(painter, QRectF(0, 0, 500, 400), figure, 96);
    painter.end();
    int red = 0;
    for (int y = 0; y < paper.height(); ++y) {
        for (int x = 0; x < paper.width(); ++x) {
            const QColor color(paper.pixel(x, y));
            red += color.red() > 150 && color.green() < 110 && color.blue() < 110 ? 1 : 0;
        }
    }
    EXPECT_GT(red, 100) << "a line across six tenths of the area";
    plot.setArrows(nullptr);
    EXPECT_TRUE(plot.figure().arrows.isEmpty());
}

TEST(CloudArrows, TrajectoriesWithGapsAndOneNode) {
    PointCloudPlot plot;
    plot.resize(500, 420);
    plot.setPoints(square(), "x", "y");
    plot.setTrajectories(
        {{"Neutrophils", {{1, 1}, {5, 5}, {9, 5}}, {"day10", "day14", "day19"}, QColor("#ff0000"), false},
         {"gap", {{1, 9}, {std::nan(""), 3}, {4, 9}}, {"a", "b", "c"}, {}, true},
         {"one", {{2, 2}}, {}, {}, false},
         {"nothing", {}, {}, {}, false}});
    const QImage screen = plot.canvas()->grab().toImage();
    const QPointF node = toArea({5, 5}, plot.canvas()->visibleView(), plot.canvas()->area());
    EXPECT_EQ(QColor(screen.pixel(node.toPoint())), QColor("#ff0000"));
    QTest::keyClick(plot.canvas(), Qt::Key_Plus);
    EXPECT_FALSE(plot.canvas()->grab().isNull());
}

TEST(CloudArrows, CsvHasEveryArrow) {
    const CloudArrows arrows{
        std::make_shared<const std::vector<float>>(std::vector<float>{0, 1, 2, std::nanf("")}), {}, {}};
    EXPECT_EQ(arrowsCsv(arrows).toStdString(), "arrow,x0,y0,x1,y1\n0,0,1,2,nan\n");
    EXPECT_EQ(arrowsCsv({}).toStdString(), "arrow,x0,y0,x1,y1\n");
}

} // namespace

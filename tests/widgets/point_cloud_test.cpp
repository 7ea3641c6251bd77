#include <cmath>

#include <QAction>
#include <QContextMenuEvent>
#include <QFile>
#include <QImage>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QPdfWriter>
#include <QSignalSpy>
#include <QSvgRenderer>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QToolBar>
#include <QWheelEvent>

#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "named_widgets.hpp"
#include "widgets/point_cloud_canvas.hpp"
#include "widgets/point_cloud_plot.hpp"
#include "widgets/point_search.hpp"
#include "widgets/save_figure_dialog.hpp"
#include "widgets/theme.hpp"

using namespace ember;

namespace {

using Floats = std::vector<float>;

/// A grid of 20 × 10 points one unit apart, the right half "b".
class PointCloudTest : public testing::Test {
protected:
    void SetUp() override {
        auto xy = std::make_shared<Floats>();
        auto codes = std::make_shared<std::vector<std::int32_t>>();
        for (int i = 0; i < 200; ++i) {
            xy->push_back(static_cast<float>(i % 20));
            xy->push_back(static_cast<float>(i / 20));
            codes->push_back(i % 20 < 10 ? 0 : 1);
        }
        xy_ = xy;
        colors_ = categoryPointColors("Condition", {"a", "b"}, codes, {QColor("#ff0000"), QColor("#0000ff")});
        plot_.resize(900, 600);
        plot_.setPoints(xy_, "UMAP 1", "UMAP 2");
        plot_.setColors(colors_);
        selection_ = CellSelection(200);
        plot_.setSelection(&selection_);
        QObject::connect(&plot_, &PointCloudPlot::regionSelected, &plot_,
                         [this](const CellSelection& region, SelectionMode mode) {
                             selection_.combine(region, mode);
                             last_ = mode;
                             ++changes_;
                             plot_.selectionChanged();
                         });
        plot_.show();
        ASSERT_TRUE(QTest::qWaitForWindowExposed(&plot_));
    }

    PointCloudCanvas& canvas() { return *plot_.canvas(); }
    QPoint place(double x, double y) {
        return toArea({x, y}, canvas().visibleView(), canvas().area()).toPoint();
    }
    void drag(const std::vector<QPoint>& path, Qt::KeyboardModifiers modifiers = {}) {
        QTest::mousePress(&canvas(), Qt::LeftButton, modifiers, path.front());
        for (const QPoint& point : path)
            moveTo(point, Qt::LeftButton, modifiers);
        QTest::mouseRelease(&canvas(), Qt::LeftButton, modifiers, path.back());
    }
    void moveTo(const QPoint& point, Qt::MouseButtons buttons = {}, Qt::KeyboardModifiers modifiers = {}) {
        QMouseEvent event(QEvent::MouseMove, point, canvas().mapToGlobal(point), Qt::NoButton, buttons,
                          modifiers);
        QApplication::sendEvent(&canvas(), &event);
    }
    void wheel(const QPoint& point, int steps) {
        QWheelEvent event(point, canvas().mapToGlobal(point), {}, QPoint(0, 120 * steps), Qt::NoButton,
                          Qt::NoModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(&canvas(), &event);
    }
    QRgb pixelAt(double x, double y) { return canvas().grab().toImage().pixel(place(x, y)); }

    SharedPoints xy_;
    PointColors colors_;
    CellSelection selection_;
    SelectionMode last_ = SelectionMode::replace;
    int changes_ = 0;
    PointCloudPlot plot_;
};

TEST_F(PointCloudTest, DrawsPointsWhereTheyAre) {
    EXPECT_EQ(pixelAt(3, 4), qRgb(255, 0, 0));
    EXPECT_EQ(pixelAt(15, 8), qRgb(0, 0, 255));
    EXPECT_EQ(pixelAt(3.5, 4.5), themeColors().surface.rgb());
    const QRectF view = canvas().visibleView(), area = canvas().area();
    EXPECT_NEAR(view.width() / area.width(), view.height() / area.height(), 1e-9) << "equal aspect";
    EXPECT_TRUE(view.contains(QRectF(0, 0, 19, 9)));
}

TEST_F(PointCloudTest, LassoSelectsShiftAddsControlOrAltRemoves) {
    plot_.setTool(PointTool::lasso);
    drag({place(-0.5, -0.5), place(2.5, -0.5), place(2.5, 2.5), place(-0.5, 2.5)});
    EXPECT_EQ(last_, SelectionMode::replace);
    EXPECT_EQ(selection_.indices(), (std::vector<std::uint64_t>{0, 1, 2, 20, 21, 22, 40, 41, 42}));
    drag({place(9.5, -0.5), place(10.5, -0.5), place(10.5, 0.5), place(9.5, 0.5)}, Qt::ShiftModifier);
    EXPECT_EQ(last_, SelectionMode::add);
    EXPECT_EQ(selection_.count(), 10u);
    EXPECT_TRUE(selection_.contains(10));
    drag({place(-0.5, -0.5), place(2.5, -0.5), place(2.5, 0.5), place(-0.5, 0.5)}, Qt::AltModifier);
    EXPECT_EQ(last_, SelectionMode::remove);
    EXPECT_EQ(selection_.count(), 7u);
    drag({place(9.5, -0.5), place(10.5, -0.5), place(10.5, 0.5), place(9.5, 0.5)}, Qt::ControlModifier);
    EXPECT_EQ(selection_.count(), 6u);
}

TEST_F(PointCloudTest, LassoMeansTheSamePointsAtEveryZoom) {
    plot_.setTool(PointTool::lasso);
    const std::vector<QPointF> around = {{4.3, 3.4}, {8.6, 2.7}, {7.5, 6.6}, {5.2, 6.3}};
    const CellSelection expected = pointsInPolygon(*xy_, around);
    ASSERT_GT(expected.count(), 3u);
    for (const QRectF& view : {QRectF(), QRectF(0, 0, 12, 9), QRectF(3, 2, 7, 6)}) {
        plot_.setViewRect(view);
        std::vector<QPoint> path;
        for (const QPointF& point : around)
            path.push_back(place(point.x(), point.y()));
        drag(path);
        EXPECT_EQ(selection_, expected);
    }
}

TEST_F(PointCloudTest, RectangleAndClickSelect) {
    plot_.setTool(PointTool::rectangle);
    drag({place(4.5, 4.5), place(6.5, 5.5)});
    EXPECT_EQ(selection_.indices(), (std::vector<std::uint64_t>{105, 106}));
    plot_.setTool(PointTool::click);
    QTest::mouseClick(&canvas(), Qt::LeftButton, {}, place(7, 7) + QPoint(2, 2));
    EXPECT_EQ(selection_.indices(), (std::vector<std::uint64_t>{147}));
    QTest::mouseClick(&canvas(), Qt::LeftButton, Qt::ShiftModifier, place(8, 7));
    EXPECT_EQ(selection_.count(), 2u);
    const int before = changes_;
    QTest::mouseClick(&canvas(), Qt::LeftButton, Qt::ShiftModifier, place(8.5, 7.5));
    EXPECT_EQ(changes_, before) << "adding nothing is no change";
    QTest::mouseClick(&canvas(), Qt::LeftButton, {}, place(8.5, 7.5));
    EXPECT_TRUE(QTest::qWaitFor([this] { return !selection_.any(); })) << "a click on nothing clears";
}

TEST_F(PointCloudTest, DoubleClickResetsTheViewAndKeepsTheSelection) {
    plot_.setTool(PointTool::lasso);
    selection_.insert(5);
    plot_.selectionChanged();
    plot_.setViewRect(QRectF(0, 0, 4, 4));
    const QSignalSpy moved(&plot_, &PointCloudPlot::viewRectChanged);
    QTest::mouseClick(&canvas(), Qt::LeftButton, {}, place(2.5, 2.5));
    QTest::mouseDClick(&canvas(), Qt::LeftButton, {}, place(2.5, 2.5));
    EXPECT_TRUE(plot_.isWholeView());
    EXPECT_EQ(moved.count(), 1);
    QTest::qWait(QApplication::doubleClickInterval() + 50);
    EXPECT_TRUE(selection_.contains(5));
}

TEST_F(PointCloudTest, HiddenPointsAreNotSelected) {
    colors_.hidden = {1, 0};
    plot_.setColors(colors_);
    EXPECT_EQ(pixelAt(3, 4), themeColors().surface.rgb());
    plot_.setTool(PointTool::rectangle);
    drag({place(-0.5, -0.5), place(19.5, 9.5)});
    EXPECT_EQ(selection_.count(), 100u);
    EXPECT_FALSE(selection_.contains(0));
    plot_.setTool(PointTool::click);
    QTest::mouseClick(&canvas(), Qt::LeftButton, {}, place(3, 4));
    EXPECT_TRUE(QTest::qWaitFor([this] { return !selection_.any(); }));
}

TEST_F(PointCloudTest, KeysSelectInvertClearAndChooseTools) {
    canvas().setFocus();
    QTest::keyClick(&canvas(), Qt::Key_A, Qt::ControlModifier);
    EXPECT_EQ(selection_.count(), 200u);
    selection_.erase(7);
    plot_.selectionChanged();
    QTest::keyClick(&canvas(), Qt::Key_I, Qt::ControlModifier);
    EXPECT_EQ(selection_.indices(), (std::vector<std::uint64_t>{7}));
    QTest::keyClick(&canvas(), Qt::Key_Escape);
    EXPECT_FALSE(selection_.any());
    QTest::keyClick(&canvas(), Qt::Key_L);
    EXPECT_EQ(plot_.tool(), PointTool::lasso);
    EXPECT_TRUE(plot_.findChild<QAction*>("tool-lasso")->isChecked());
    EXPECT_FALSE(plot_.findChild<QAction*>("tool-pan")->isChecked());
    QTest::keyClick(&canvas(), Qt::Key_M);
    EXPECT_EQ(plot_.tool(), PointTool::pan);
    QTest::keyClick(&canvas(), Qt::Key_D);
    EXPECT_TRUE(plot_.isDensity());
}

TEST_F(PointCloudTest, EscapeGivesUpALassoWithoutClearing) {
    selection_.insert(3);
    plot_.setTool(PointTool::lasso);
    QTest::mousePress(&canvas(), Qt::LeftButton, {}, place(0, 0));
    moveTo(place(5, 0), Qt::LeftButton);
    moveTo(place(5, 5), Qt::LeftButton);
    QTest::keyClick(&canvas(), Qt::Key_Escape);
    QTest::mouseRelease(&canvas(), Qt::LeftButton, {}, place(5, 5));
    EXPECT_EQ(changes_, 0);
    EXPECT_TRUE(selection_.contains(3));
}

TEST_F(PointCloudTest, SelectedPointsKeepTheirColourAndOthersFade) {
    const QRgb before = pixelAt(3, 4);
    selection_.insert(3 + 4 * 20);
    plot_.selectionChanged();
    EXPECT_EQ(pixelAt(3, 4), before);
    EXPECT_NE(pixelAt(5, 4), before);
    EXPECT_NE(pixelAt(5, 4), themeColors().surface.rgb());
}

TEST_F(PointCloudTest, WheelZoomsAtTheCursor) {
    const QSignalSpy moved(&plot_, &PointCloudPlot::viewRectChanged);
    const QPoint at = place(15, 2);
    const QPointF fixed = fromArea(at, canvas().visibleView(), canvas().area());
    const double width = canvas().visibleView().width();
    wheel(at, 3);
    EXPECT_EQ(moved.count(), 1);
    EXPECT_NEAR(canvas().visibleView().width(), width * 0.512, width * 0.02);
    const QPointF after = fromArea(at, canvas().visibleView(), canvas().area());
    EXPECT_NEAR(after.x(), fixed.x(), width * 0.01);
    EXPECT_NEAR(after.y(), fixed.y(), width * 0.01);
    for (int i = 0; i < 200; ++i)
        wheel(at, 1);
    EXPECT_GT(canvas().visibleView().width(), 1e-7) << "the zoom has an end";
    for (int i = 0; i < 400; ++i)
        wheel(at, -1);
    EXPECT_LT(canvas().visibleView().width(), 1e5);
}

TEST_F(PointCloudTest, DragPansWithThePanTool) {
    const QPointF before = fromArea(canvas().area().center(), canvas().visibleView(), canvas().area());
    drag({place(5, 5), place(7, 5), place(8, 6)});
    const QPointF after = fromArea(canvas().area().center(), canvas().visibleView(), canvas().area());
    EXPECT_NEAR(before.x() - after.x(), 3, 0.1);
    EXPECT_NEAR(before.y() - after.y(), 1, 0.1);
    EXPECT_EQ(changes_, 0);
}

TEST_F(PointCloudTest, LinkedViewsDoNotAnswerEachOther) {
    PointCloudPlot other;
    other.resize(500, 700);
    other.setPoints(xy_, "UMAP 1", "UMAP 2");
    QObject::connect(&plot_, &PointCloudPlot::viewRectChanged, &other, &PointCloudPlot::setViewRect);
    QObject::connect(&other, &PointCloudPlot::viewRectChanged, &plot_, &PointCloudPlot::setViewRect);
    const QSignalSpy mine(&plot_, &PointCloudPlot::viewRectChanged),
        theirs(&other, &PointCloudPlot::viewRectChanged);
    wheel(place(5, 5), 2);
    EXPECT_EQ(mine.count(), 1);
    EXPECT_EQ(theirs.count(), 0);
    EXPECT_EQ(other.viewRect(), plot_.viewRect());
    plot_.resetView();
    EXPECT_TRUE(other.isWholeView());
}

TEST_F(PointCloudTest, HoverNamesThePoint) {
    const QSignalSpy hovered(&plot_, &PointCloudPlot::hovered);
    qint64 asked = -1;
    plot_.setHoverText([&asked](qint64 point) {
        asked = point;
        return QStringLiteral("cell %1").arg(point);
    });
    moveTo(place(6, 2) + QPoint(1, 1));
    ASSERT_EQ(hovered.count(), 1);
    EXPECT_EQ(hovered.last().first().toLongLong(), 46);
    EXPECT_EQ(asked, 46);
    moveTo(place(6, 2) + QPoint(2, 1));
    EXPECT_EQ(hovered.count(), 1) << "the same point is not named twice";
    moveTo(place(6.5, 2.5));
    EXPECT_EQ(hovered.last().first().toLongLong(), -1);
}

TEST_F(PointCloudTest, PictureDoesNotDependOnTheOrderInTheFile) {
    // Two clouds over each other: neither hides the other.
    auto xy = std::make_shared<Floats>();
    auto codes = std::make_shared<std::vector<std::int32_t>>();
    for (int i = 0; i < 20000; ++i) {
        xy->push_back(static_cast<float>(i * 7919 % 10007) / 10007);
        xy->push_back(static_cast<float>(i * 104729 % 10009) / 10009);
        codes->push_back(i < 10000 ? 0 : 1);
    }
    plot_.setPoints(xy, "x", "y");
    plot_.setColors(categoryPointColors("c", {"a", "b"}, codes, {QColor("#ff0000"), QColor("#0000ff")}));
    plot_.setPointSize(6);
    const QImage image = canvas().grab().toImage();
    int red = 0, blue = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            red += image.pixel(x, y) == qRgb(255, 0, 0) ? 1 : 0;
            blue += image.pixel(x, y) == qRgb(0, 0, 255) ? 1 : 0;
        }
    }
    EXPECT_NEAR(static_cast<double>(red) / (red + blue), 0.5, 0.03);
}

TEST_F(PointCloudTest, BadInputGetsAPictureOrASentence) {
    const float none = std::nanf("");
    const auto cloud = [](Floats values) { return std::make_shared<const Floats>(std::move(values)); };
    PointCloudPlot plot;
    plot.resize(400, 300);
    plot.setEmptyText("Open a file to see its cells here.");
    for (const SharedPoints& xy :
         {SharedPoints(), cloud({}), cloud({none, none, none, none}), cloud({3, 4}),
          cloud({3, 4, 3, 4, 3, 4}), cloud({1, none, 2, none, 5, none}), cloud({0, 0, 1e-30F, 1e-30F}),
          cloud({-3e38F, 1, 3e38F, 1}), cloud({7, 1, 7, 2})}) {
        plot.setPoints(xy, "one", "two");
        plot.grab();
        plot.setDensity(true);
        plot.grab();
        plot.setDensity(false);
        plot.selectAll();
        EXPECT_EQ(plot.csv().count('\n') - 1, static_cast<int>(plot.canvas()->drawn().count()));
    }
    plot.setPoints(cloud({3, 4, 3, 4, 3, 4}), "one", "two");
    const QRectF view = plot.canvas()->visibleView();
    EXPECT_TRUE(view.contains(QPointF(3, 4)) && view.width() > 0.1 && view.width() < 100);
    plot.setPoints(cloud({1, none, 2, none, 5, none}), "PC 1", "PC 2");
    EXPECT_EQ(plot.figure().yLabel, "Share of points up to this value");
    EXPECT_EQ(plot.canvas()->drawn().count(), 3u);
    EXPECT_FALSE(plot.figure().equalAspect);
    plot.setPoints(cloud({1, 2, 3, 4}), "PC 1", "PC 2");
    EXPECT_TRUE(plot.figure().equalAspect) << "two coordinates again";
}

TEST_F(PointCloudTest, CsvIsWhatIsDrawn) {
    auto xy = std::make_shared<Floats>(Floats{0.1F, 1, std::nanf(""), 2, 3, 4, 5, 6});
    auto codes = std::make_shared<std::vector<std::int32_t>>(std::vector<std::int32_t>{0, 0, -1, 1});
    plot_.setPoints(xy, "UMAP 1", "UMAP 2");
    plot_.setColors(categoryPointColors("Type, fine", {"a", "b,c"}, codes));
    selection_ = CellSelection(4);
    selection_.insert(3);
    plot_.selectionChanged();
    EXPECT_EQ(plot_.csv().toStdString(), "point,UMAP 1,UMAP 2,\"Type, fine\",selected\n"
                                         "0,0.10000000149011612,1,a,0\n2,3,4,,0\n3,5,6,\"b,c\",1\n");
    plot_.setViewRect(QRectF(4, 5, 2, 2));
    EXPECT_EQ(plot_.csv().count('\n'), 2) << "only what is in view";
    plot_.resetView();
    auto values = std::make_shared<Floats>(Floats{1.5F, 2, std::nanf(""), 0.1F});
    plot_.setColors(valuePointColors("Krt5", values));
    EXPECT_EQ(plot_.csv().split('\n')[3].toStdString(), "3,5,6,0.10000000149011612,1");
    PointColors hidden = categoryPointColors("t", {"a", "b"}, codes);
    hidden.hidden = {1, 0};
    plot_.setColors(hidden);
    EXPECT_FALSE(plot_.csv().contains("\n0,"));
}

TEST_F(PointCloudTest, FigureIsDrawnAtItsResolution) {
    PointCloudFigure figure = plot_.figure();
    figure.theme = lightThemeColors();
    const auto draw = [&figure](double dpi) {
        QImage image((QSizeF(400, 300) * dpi / 96).toSize(), QImage::Format_ARGB32_Premultiplied);
        image.fill(Qt::white);
        QPainter painter(&image);
        painter.scale(dpi / 96, dpi / 96);
        drawPointCloud(painter, QRectF(0, 0, 400, 300), figure, dpi);
        painter.end();
        return image;
    };
    const auto reds = [](const QImage& image) {
        int count = 0;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x)
                count += image.pixel(x, y) == qRgb(255, 0, 0) ? 1 : 0;
        }
        return count;
    };
    const double ratio = static_cast<double>(reds(draw(384))) / reds(draw(96));
    EXPECT_GT(ratio, 12) << "sixteen times the pixels, sharper edges";
    EXPECT_LT(ratio, 40);
    EXPECT_EQ(draw(96), draw(96));
}

TEST_F(PointCloudTest, FiguresHoldPointsAsAnImageAndWordsAsText) {
    QTemporaryDir folder;
    plot_.setTitle("Predictions");
    plot_.setProvenance("{\"seed\": 7}");
    const QSignalSpy failed(&plot_, &PointCloudPlot::exportFailed);
    for (const char* ending : {"png", "svg", "pdf"})
        plot_.saveFigure(folder.filePath(QString("cloud.%1").arg(ending)), {});
    QFile svg(folder.filePath("cloud.svg"));
    ASSERT_TRUE(svg.open(QIODevice::ReadOnly));
    const QByteArray text = svg.readAll();
    EXPECT_EQ(text.count("<image "), 1);
    EXPECT_TRUE(text.contains("UMAP 1") && text.contains("Predictions") && text.contains("Condition"));
    EXPECT_LT(text.count("<circle"), 10) << "only the legend's swatches";
    const QImage png(folder.filePath("cloud.png"));
    EXPECT_EQ(png.text("Provenance"), "{\"seed\": 7}");
    EXPECT_EQ(png.width(), 1653);
    plot_.saveCsv(folder.filePath("cloud.csv"));
    EXPECT_TRUE(QFile::exists(folder.filePath("cloud.csv.json")));
    EXPECT_THROW(plot_.saveCsv("/nowhere/at/all.csv"), Error);
}

TEST_F(PointCloudTest, ChosenFiguresAreWrittenInTheBackground) {
    QTemporaryDir folder;
    const QSignalSpy written(&plot_, &PointCloudPlot::exported),
        failed(&plot_, &PointCloudPlot::exportFailed);
    const auto choose = [this](const QString& path) {
        QTimer::singleShot(0, [&path] {
            auto* dialog = qobject_cast<SaveFigureDialog*>(QApplication::activeModalWidget());
            ASSERT_NE(dialog, nullptr);
            dialog->findChild<QLineEdit*>("figurePath")->setText(path);
            dialog->accept();
        });
        plot_.chooseAndSaveFigure();
    };
    choose(folder.filePath("cloud.png"));
    EXPECT_TRUE(QTest::qWaitFor([&] { return written.count() == 1; }));
    EXPECT_FALSE(QImage(folder.filePath("cloud.png")).isNull());
    choose("/nowhere/at/all.png");
    EXPECT_TRUE(QTest::qWaitFor([&] { return failed.count() == 1; }));
    EXPECT_EQ(written.count(), 1);
}

TEST_F(PointCloudTest, KeepsTheViewWhilePointsMove) {
    plot_.setViewRect(QRectF(0, 0, 4, 4));
    auto moved = std::make_shared<Floats>(*xy_);
    for (float& value : *moved)
        value += 0.1F;
    plot_.setPoints(moved, "UMAP 1", "UMAP 2");
    EXPECT_FALSE(plot_.isWholeView());
    const std::uint64_t generation = canvas().points().generation;
    plot_.setPoints(moved, "UMAP 1", "UMAP 2");
    EXPECT_EQ(canvas().points().generation, generation) << "the same points are not sorted again";
    plot_.setPoints(std::make_shared<const Floats>(Floats{1, 2, 3, 4}), "x", "y");
    EXPECT_TRUE(plot_.isWholeView());
}

TEST_F(PointCloudTest, ContextMenuOffersFiguresDataAndSelection) {
    QStringList texts;
    QTimer::singleShot(0, [&texts] {
        if (auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget())) {
            for (const QAction* action : menu->actions())
                texts << action->text().section('\t', 0, 0);
            menu->close();
        }
    });
    QContextMenuEvent event(QContextMenuEvent::Mouse, {50, 50}, canvas().mapToGlobal(QPoint(50, 50)));
    QApplication::sendEvent(&canvas(), &event);
    for (const char* wanted : {"Save figure…", "Export data…", "Select all", "Invert selection",
                               "Clear selection", "Reset view", "Density", "Point size", "Opacity"})
        EXPECT_TRUE(texts.contains(QString::fromUtf8(wanted))) << wanted;
}

TEST_F(PointCloudTest, EveryControlHasANameAndTheCloudSaysHowManyPoints) {
    EXPECT_EQ(unnamedControls(plot_).join(", ").toStdString(), "");
    plot_.setColors(valuePointColors("v", std::make_shared<const Floats>(Floats(200, 1.0F))));
    EXPECT_EQ(unnamedControls(plot_).join(", ").toStdString(), "");
    EXPECT_EQ(canvas().accessibleDescription().toStdString(), "200\u00a0points");
    selection_.insert(1);
    plot_.selectionChanged();
    EXPECT_EQ(canvas().accessibleDescription().toStdString(), "200\u00a0points, 1 selected");
}

} // namespace

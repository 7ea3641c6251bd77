#include <cmath>
#include <limits>

#include <QApplication>
#include <QContextMenuEvent>
#include <QFile>
#include <QImage>
#include <QImageReader>
#include <QMenu>
#include <QSignalSpy>
#include <QSvgRenderer>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QXmlStreamReader>

#include <gtest/gtest.h>
#include <qcustomplot.h>

#include "core/base/error.hpp"
#include "named_widgets.hpp"
#include "widgets/histogram_plot.hpp"
#include "widgets/save_figure_dialog.hpp"
#include "widgets/small_histogram.hpp"

using namespace ember;

namespace {

HistogramData twoGroups() {
    HistogramData data;
    data.edges = {0, 0.5, 1, 1.5};
    data.series = {{"Sham", {1, 4, 0}, {}, true}, {"Burn, deep", {0, 2, 6}, {}, true}};
    data.title = "Prediction magnitude";
    data.valueLabel = "Magnitude (L2 norm per cell)";
    data.countLabel = "Cells";
    return data;
}

QByteArray contents(const QString& path) {
    QFile file(path);
    EXPECT_TRUE(file.open(QIODevice::ReadOnly)) << path.toStdString();
    return file.readAll();
}

TEST(Histogram, BinsHaveEqualWidthAndTheLastHoldsTheMaximum) {
    const std::vector<double> values = {
        0, 1, 2, 3, 4, 4, std::nan(""), std::numeric_limits<double>::infinity()};
    const HistogramData data = makeHistogram(values, 4);
    EXPECT_EQ(data.edges, (std::vector<double>{0, 1, 2, 3, 4}));
    ASSERT_EQ(data.series.size(), 1u);
    EXPECT_EQ(data.series[0].counts, (std::vector<std::uint64_t>{1, 1, 1, 3}));
}

TEST(Histogram, OneValueMakesOneBinAndNoneMakesNone) {
    const HistogramData one = makeHistogram(std::vector<double>{7, 7}, 30);
    ASSERT_EQ(one.bins(), 1);
    EXPECT_LT(one.edges[0], 7);
    EXPECT_GT(one.edges[1], 7);
    EXPECT_EQ(one.series[0].counts[0], 2u);
    EXPECT_EQ(makeHistogram(std::vector<double>{std::nan("")}, 30).bins(), 0);
}

TEST(Histogram, DrawsTheCountsOfItsData) {
    HistogramPlot plot;
    plot.setData(twoGroups());
    EXPECT_EQ(plot.drawnHeights(0), (std::vector<double>{1, 4, 0}));
    EXPECT_EQ(plot.drawnHeights(1), (std::vector<double>{0, 2, 6}));
    plot.setFraction(true);
    EXPECT_EQ(plot.drawnHeights(0), (std::vector<double>{0.2, 0.8, 0}));
}

TEST(Histogram, CsvIsWhatIsDrawn) {
    HistogramPlot plot;
    plot.setData(twoGroups());
    EXPECT_EQ(plot.csv().toStdString(),
              "bin_low,bin_high,Sham,\"Burn, deep\"\n0,0.5,1,0\n0.5,1,4,2\n1,1.5,0,6\n");
    plot.setSeriesVisible(1, false);
    EXPECT_TRUE(plot.drawnHeights(1).empty());
    EXPECT_EQ(plot.csv().toStdString(), "bin_low,bin_high,Sham\n0,0.5,1\n0.5,1,4\n1,1.5,0\n");
}

TEST(Histogram, CsvOnDiskHasItsProvenanceBesideIt) {
    QTemporaryDir folder;
    HistogramPlot plot;
    plot.setData(twoGroups());
    plot.setProvenance("{\"seed\": 7}");
    plot.saveCsv(folder.filePath("m.csv"));
    EXPECT_EQ(contents(folder.filePath("m.csv")).toStdString(), plot.csv().toStdString());
    EXPECT_EQ(contents(folder.filePath("m.csv.json")).toStdString(), "{\"seed\": 7}");
}

TEST(Histogram, PngHasTheSizeAskedForAndItsProvenance) {
    QTemporaryDir folder;
    HistogramPlot plot;
    plot.setData(twoGroups());
    plot.setProvenance("{\"seed\": 7}");
    FigureOptions options;
    options.size_mm = {101.6, 50.8};
    options.dpi = 150;
    plot.saveFigure(folder.filePath("m.png"), options);
    const QImage image(folder.filePath("m.png"));
    EXPECT_EQ(image.size(), QSize(600, 300));
    EXPECT_NEAR(image.dotsPerMeterX() * 0.0254, 150, 0.5);
    EXPECT_EQ(image.text("Provenance"), "{\"seed\": 7}");
    EXPECT_EQ(image.pixelColor(0, 0), QColor(Qt::white));
}

TEST(Histogram, SvgAndPdfAreVectorFilesWithProvenance) {
    QTemporaryDir folder;
    HistogramPlot plot;
    plot.setData(twoGroups());
    plot.setProvenance("{\"seed\": 7}");
    plot.saveFigure(folder.filePath("m.svg"), {});
    const QByteArray svg = contents(folder.filePath("m.svg"));
    EXPECT_TRUE(QSvgRenderer(svg).isValid());
    EXPECT_TRUE(svg.contains("seed"));
    EXPECT_TRUE(svg.contains("<path") || svg.contains("<polyline"));
    EXPECT_FALSE(svg.contains("<image"));
    plot.saveFigure(folder.filePath("m.pdf"), {});
    const QByteArray pdf = contents(folder.filePath("m.pdf"));
    EXPECT_TRUE(pdf.startsWith("%PDF-"));
    EXPECT_TRUE(pdf.contains("seed"));
}

TEST(Histogram, SvgHoldsAnyTitleAndProvenance) {
    QTemporaryDir folder;
    HistogramPlot plot;
    HistogramData data = twoGroups();
    data.title = "Sham & Burn <day 10>";
    plot.setData(data);
    const QString provenance = "{\"input\": \"a & b <c>.h5ad\"}";
    plot.setProvenance(provenance);
    plot.saveFigure(folder.filePath("m.svg"), {});
    QXmlStreamReader xml(contents(folder.filePath("m.svg")));
    QString title, description;
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement)
            continue;
        if (xml.name() == QLatin1String("title"))
            title = xml.readElementText();
        else if (xml.name() == QLatin1String("desc"))
            description = xml.readElementText();
    }
    EXPECT_FALSE(xml.hasError()) << xml.errorString().toStdString();
    EXPECT_EQ(title, data.title);
    EXPECT_EQ(description, provenance);
}

TEST(Histogram, ContextMenuOffersFigureAndData) {
    HistogramPlot plot;
    plot.setData(twoGroups());
    plot.show();
    QStringList offered;
    QTimer::singleShot(0, &plot, [&] {
        auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
        ASSERT_NE(menu, nullptr);
        for (const QAction* action : menu->actions())
            offered << action->text();
        menu->close();
    });
    QContextMenuEvent event(QContextMenuEvent::Mouse, QPoint(50, 50), plot.mapToGlobal(QPoint(50, 50)));
    QCoreApplication::sendEvent(plot.findChild<QCustomPlot*>(), &event);
    EXPECT_TRUE(offered.contains(QStringLiteral("Save figure…")));
    EXPECT_TRUE(offered.contains(QStringLiteral("Export data…")));
}

TEST(Histogram, AFolderThatIsNotThereIsAnError) {
    HistogramPlot plot;
    plot.setData(twoGroups());
    try {
        plot.saveFigure("/no/such/folder/m.png", {});
        FAIL() << "nothing was thrown";
    } catch (const Error& error) {
        EXPECT_EQ(error.class_name(), "CannotWrite");
        EXPECT_EQ(error.place().file, "/no/such/folder/m.png");
        EXPECT_FALSE(error.remedy().empty());
    }
}

TEST(Histogram, WheelZoomsAtTheCursorAndDoubleClickResets) {
    HistogramPlot plot;
    plot.resize(600, 400);
    plot.setData(twoGroups());
    plot.show();
    auto* canvas = plot.findChild<QCustomPlot*>();
    canvas->replot();
    const QCPRange before = canvas->xAxis->range();
    const QPoint place(300, 150);
    const double under = canvas->xAxis->pixelToCoord(place.x());
    QWheelEvent wheel(place, canvas->mapToGlobal(place), {}, {0, 120}, Qt::NoButton, Qt::NoModifier,
                      Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(canvas, &wheel);
    EXPECT_LT(canvas->xAxis->range().size(), before.size());
    EXPECT_NEAR(canvas->xAxis->pixelToCoord(place.x()), under, 1e-9);
    EXPECT_EQ(canvas->yAxis->range().lower, 0);
    QTest::mouseDClick(canvas, Qt::LeftButton, Qt::NoModifier, place);
    EXPECT_NEAR(canvas->xAxis->range().size(), before.size(), 1e-9);
}

TEST(Histogram, ALegendOfManyGroupsStaysInsideThePlot) {
    HistogramData data = twoGroups();
    for (int i = 0; i < 60; ++i)
        data.series.push_back(
            {QStringLiteral("a rather long name of a group, number %1").arg(i), {1, 2, 3}, {}, true});
    HistogramPlot plot;
    plot.resize(600, 160);
    plot.setData(data);
    plot.show();
    auto* canvas = plot.findChild<QCustomPlot*>();
    canvas->replot();
    EXPECT_TRUE(canvas->rect().contains(canvas->legend->outerRect()));
    EXPECT_GT(canvas->axisRect()->width(), plot.width() / 3);
    EXPECT_GT(canvas->legend->itemCount(), 1);
    EXPECT_LT(canvas->legend->itemCount(), canvas->graphCount());
}

TEST(Histogram, KeysZoomPanAndReset) {
    HistogramPlot plot;
    plot.setData(twoGroups());
    const auto* axis = plot.findChild<QCustomPlot*>()->xAxis;
    const QCPRange before = axis->range();
    QTest::keyClick(&plot, Qt::Key_Plus);
    EXPECT_LT(axis->range().size(), before.size());
    QTest::keyClick(&plot, Qt::Key_Right);
    EXPECT_GT(axis->range().center(), before.center());
    QTest::keyClick(&plot, Qt::Key_Home);
    EXPECT_NEAR(axis->range().lower, before.lower, 1e-12);
}

TEST(Histogram, DialogOffersFormatsAndCompletesTheEnding) {
    SaveFigureDialog dialog("magnitude");
    EXPECT_EQ(unnamedControls(dialog).join('\n').toStdString(), "");
    EXPECT_TRUE(dialog.path().endsWith("magnitude.png"));
    dialog.findChild<QComboBox*>("figureFormat")->setCurrentIndex(2);
    EXPECT_TRUE(dialog.path().endsWith("magnitude.pdf"));
    EXPECT_FALSE(dialog.findChild<QSpinBox*>("figureDpi")->isEnabled());
}

TEST(Histogram, SmallOneDescribesItsRange) {
    SmallHistogram histogram;
    histogram.setData(makeHistogram(std::vector<double>{1, 2, 3000}, 10));
    EXPECT_EQ(histogram.accessibleDescription().toStdString(), "from 1 to 3,000");
    histogram.resize(200, 60);
    const QImage image = histogram.grab().toImage();
    EXPECT_NE(image.pixelColor(5, image.height() / 3),
              image.pixelColor(image.width() / 2, image.height() / 3));
}

} // namespace

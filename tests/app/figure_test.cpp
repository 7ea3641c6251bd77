// `emberview figure predictions`: without a display, in all formats, with provenance and tables.

#include <QDir>
#include <QFile>
#include <QImage>
#include <QPainter>
#include <QPointer>
#include <QProcess>
#include <QSvgRenderer>
#include <QTemporaryDir>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/base/demo_workspace.hpp"
#include "core/base/job.hpp"
#include "views/prediction/six_panel_export.hpp"
#include "window_fixture.hpp"

namespace ember {
namespace {

using nlohmann::json;

struct Outcome {
    int status = -1;
    QByteArray out, err;
};

Outcome figure(const QStringList& arguments) {
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}) {
        environment.remove(name);
    }
    process.setProcessEnvironment(environment);
    process.start(qEnvironmentVariable("EMBER_BIN") + "/emberview", QStringList{"figure"} + arguments);
    EXPECT_TRUE(process.waitForFinished(60'000));
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

QString demo(const char* file) {
    return QString::fromStdString((bundled_demo() / file).string());
}

QByteArray contentOf(const QString& path) {
    QFile file(path);
    EXPECT_TRUE(file.open(QIODevice::ReadOnly)) << path.toStdString();
    return file.readAll();
}

TEST(FigureCommand, WritesEveryFormatWithoutADisplay) {
    const QTemporaryDir folder;
    const QString png = folder.filePath("f.png"), svg = folder.filePath("f.svg"),
                  pdf = folder.filePath("f.pdf"), tables = folder.filePath("tables/new");
    const QStringList what = {"predictions", "--adata", demo("wound_demo.h5ad"), "--obsm", "X_hvg",
                              "--quiet",     "--output"};
    const Outcome first = figure(what + QStringList{png, "--csv", tables, "--dpi=150", "--width_mm", "180"});
    ASSERT_EQ(first.status, 0) << first.err.toStdString();
    EXPECT_TRUE(first.err.isEmpty()) << first.err.toStdString();
    EXPECT_TRUE(first.out.contains("differ between Sham and Burn"));
    const QImage image(png);
    EXPECT_NEAR(image.width(), 180 / 25.4 * 150, 2);
    EXPECT_NEAR(image.height(), 120 / 25.4 * 150, 2);
    EXPECT_NEAR(image.dotsPerMeterX() * 0.0254, 150, 1);
    const json record = json::parse(image.text("Provenance").toStdString());
    EXPECT_EQ(record["input"]["sha256"].get<std::string>().size(), 64u);
    EXPECT_EQ(record["parameters"]["seed"], 42);
    EXPECT_EQ(record["differences"]["unit"], "replicates");
    EXPECT_EQ(QDir(tables).entryList({"*.csv"}).size(), 7);
    EXPECT_EQ(json::parse(contentOf(tables + "/e_means.csv.json").toStdString()), record);
    EXPECT_EQ(contentOf(tables + "/b_embedding_by_timepoint.csv").count('\n'), 4001);

    ASSERT_EQ(figure(what + QStringList{svg, "--embedding", "X_hvg"}).status, 0);
    EXPECT_TRUE(QSvgRenderer(svg).isValid());
    EXPECT_TRUE(contentOf(svg).contains("&quot;sha256&quot;"));
    ASSERT_EQ(figure(what + QStringList{pdf, "--dark", "--embedding", "X_hvg"}).status, 0);
    const QByteArray page = contentOf(pdf);
    EXPECT_TRUE(page.startsWith("%PDF"));
    EXPECT_TRUE(page.contains("provenance.json"));
}

/// The tables hold the figures that `emberview-cli stats` gives.
TEST(FigureCommand, TablesEqualTheStatistics) {
    const QTemporaryDir folder;
    ASSERT_EQ(
        figure({"predictions", "--adata", demo("wound_demo.h5ad"), "--obsm", "X_hvg", "--quiet", "--dpi",
                "60", "--output", folder.filePath("f.png"), "--csv", folder.path(), "--embedding", "X_hvg"})
            .status,
        0);
    QProcess cli;
    cli.start(qEnvironmentVariable("EMBER_BIN") + "/emberview-cli",
              {"stats", "--adata", demo("wound_demo.h5ad"), "--obsm", "X_hvg", "--by",
               "cell_type,condition*timepoint", "--test", "condition", "--seed", "42", "--output",
               folder.filePath("stats"), "--quiet"});
    ASSERT_TRUE(cli.waitForFinished(60'000));
    ASSERT_EQ(cli.exitCode(), 0) << cli.readAllStandardError().toStdString();
    EXPECT_EQ(contentOf(folder.filePath("differences.csv")),
              contentOf(folder.filePath("stats/differences.csv")));
    for (const QByteArray& line : contentOf(folder.filePath("stats/by_cell_type.csv")).split('\n').mid(1)) {
        const QList<QByteArray> fields = line.split(',');
        if (fields.size() > 6) {
            EXPECT_TRUE(
                contentOf(folder.filePath("f_sparsity.csv")).contains('\n' + fields[0] + ',' + fields[6]))
                << line.toStdString();
        }
    }
    for (const QByteArray& line :
         contentOf(folder.filePath("stats/by_condition_timepoint.csv")).split('\n').mid(1)) {
        const QList<QByteArray> fields = line.split(',');
        if (fields.size() > 2) {
            EXPECT_TRUE(contentOf(folder.filePath("e_means.csv")).contains(',' + fields[2]))
                << line.toStdString();
        }
    }
}

TEST(FigureCommand, FaultsAreOneLineWithTheRightStatus) {
    const QTemporaryDir folder;
    const QString output = folder.filePath("f.png"), data = demo("wound_demo.h5ad");
    const auto expect = [](const Outcome& outcome, int status, const char* part) {
        EXPECT_EQ(outcome.status, status) << part;
        EXPECT_TRUE(outcome.err.startsWith("error: ")) << outcome.err.toStdString();
        EXPECT_EQ(outcome.err.count('\n'), 1) << outcome.err.toStdString();
        EXPECT_TRUE(outcome.err.contains(part)) << outcome.err.toStdString();
    };
    expect(figure({}), 2, "subcommand");
    expect(figure({"predictions", "--output", output}), 2, "--adata");
    expect(figure({"predictions", "--adata", data, "--output", folder.filePath("f.jpg")}), 2, ".png");
    expect(figure({"predictions", "--adata", data, "--output", output, "--nonsense", "--quiet"}), 2,
           "nonsense");
    expect(figure({"predictions", "--adata", "nowhere.h5ad", "--output", output, "--quiet"}), 3,
           "nowhere.h5ad");
    expect(figure({"predictions", "--adata", data, "--output", output, "--obsm", "X_hgv", "--quiet"}), 3,
           "X_hvg");
    expect(figure({"predictions", "--adata", data, "--output", output, "--condition", "cond", "--quiet"}), 3,
           "condition");
    const Outcome machine = figure({"predictions", "--adata", data, "--output", "/nowhere/f.png", "--obsm",
                                    "X_hvg", "--quiet", "--json"});
    EXPECT_EQ(machine.status, 3);
    EXPECT_EQ(json::parse(machine.out.toStdString())["error"]["class"], "CannotWrite");
    EXPECT_TRUE(QDir(folder.path()).isEmpty());
    EXPECT_TRUE(figure({"predictions", "--help"}).out.contains("--embedding"));
}

/// From the window: one call, a job, a message; the same figure as the command's.
TEST(SixPanelFigure, IsSavedFromTheWindowAsAJob) {
    const QTemporaryDir folder;
    test::LoneWorkspace workspace;
    workspace.open({demo("wound_demo.h5ad")});
    ASSERT_TRUE(test::waitFor([&] { return workspace.datasets().size() == 1 && workspace.jobs.isIdle(); }));
    const DatasetDocument& data = *workspace.datasets().front();
    SixPanelRequest request = sixPanelRequestFor(data, {MatrixSource::Kind::obsm, "X_hvg"});
    EXPECT_EQ(request.condition, "condition");
    EXPECT_EQ(request.replicate, "mouse");
    request.permutations = 19;
    request.points = std::make_shared<const std::vector<float>>(8000, 0.5F); // on screen already
    request.pointsName = "UMAP";
    request.pointsNote = "Points: those of the window.";
    const QString path = folder.filePath("figure.svg");
    QPointer<Job> job = saveSixPanels(workspace, data.data, request, {path, folder.filePath("tables"), {}});
    ASSERT_TRUE(test::waitFor([&] { return workspace.jobs.isIdle() && QFile::exists(path); }));
    EXPECT_TRUE(QSvgRenderer(path).isValid());
    EXPECT_TRUE(contentOf(path).contains("those of the window"));
    EXPECT_EQ(QDir(folder.filePath("tables")).entryList({"*.csv"}).size(), 7);
}

/// Draws into a picture and returns how many of its pixels are not ground.
qint64 inkOf(const SixPanelData& data, const QSize& size, bool light) {
    QImage image(size, QImage::Format_RGB32);
    QPainter painter(&image);
    drawSixPanels(painter, size, data, light, 96);
    painter.end();
    qint64 ink = 0;
    const QRgb ground = image.pixel(0, 0);
    for (int y = 0; y < size.height(); ++y) {
        for (int x = 0; x < size.width(); ++x) {
            ink += image.pixel(x, y) != ground;
        }
    }
    for (int x = 0; x < size.width(); ++x) { // nothing runs into the margin
        EXPECT_EQ(image.pixel(x, 1), ground);
        EXPECT_EQ(image.pixel(x, size.height() - 2), ground);
    }
    for (int y = 0; y < size.height(); ++y) {
        EXPECT_EQ(image.pixel(1, y), ground);
        EXPECT_EQ(image.pixel(size.width() - 2, y), ground);
    }
    return ink;
}

TEST(SixPanelFigure, IsDrawnAtAnySizeInBothThemesAndWithoutColumns) {
    JobContext job;
    const AnnDataPtr data = AnnData::open(bundled_demo() / "wound_demo.h5ad");
    SixPanelRequest request =
        sixPanelRequest(*data, {MatrixSource::Kind::obsm, "X_hvg"}, guess_schema(*data));
    request.permutations = 9;
    request.embedding = "X_hvg"; // the first two columns: quick
    const SixPanelData full = gatherSixPanels(*data, request, job);
    for (const QSize& size : {QSize(454, 302), QSize(680, 454), QSize(1400, 900)}) {
        for (const bool light : {true, false}) {
            EXPECT_GT(inkOf(full, size, light), size.width() * size.height() / 20);
        }
    }
    request.condition = request.timepoint = request.celltype = "";
    const SixPanelData bare = gatherSixPanels(*data, request, job);
    EXPECT_GT(inkOf(bare, {680, 454}, true), 5000);
}

} // namespace
} // namespace ember

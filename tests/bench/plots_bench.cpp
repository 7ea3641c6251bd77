// Repaint of the plots of comparisons at 1920 × 1080 and the clustering behind their heat maps.
// usage: plots_bench [ROUNDS]
// Prints one JSON object; CPU times of all threads together in ms. "view": another view each time (zoom, pan,
// scroll); "hover": the mouse moves over the points.

#include <cmath>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <iostream>
#include <random>

#include <QApplication>
#include <QMouseEvent>

#include <nlohmann/json.hpp>

#include "core/analysis/hierarchical_clustering.hpp"
#include "core/analysis/kernel_density.hpp"
#include "widgets/heat_map.hpp"
#include "widgets/point_cloud_canvas.hpp"
#include "widgets/scatter_plot.hpp"
#include "widgets/theme.hpp"

namespace {

using namespace ember;

double cpuMs(const std::function<void(int)>& work, int rounds) {
    const auto now = [] {
        timespec time{};
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
        return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
    };
    work(0); // warm
    const double start = now();
    for (int round = 1; round <= rounds; ++round)
        work(round);
    return (now() - start) / rounds;
}

ScatterData volcano(int count) {
    std::mt19937 random(3);
    std::normal_distribution<double> normal;
    ScatterData data;
    data.xLabel = "log2 fold change";
    data.yLabel = "-log10 p";
    data.categoryNames = {"higher", "lower"};
    for (int i = 0; i < count; ++i) {
        const double x = normal(random);
        data.x.push_back(x);
        data.y.push_back(std::fabs(x) * std::fabs(normal(random)) * 3);
        data.names << QString("Gene%1").arg(i);
        data.category.push_back(data.y.back() < 4 ? -1 : x > 0 ? 0 : 1);
        if (data.y.back() > 8 && data.labelled.size() < 30)
            data.labelled.push_back(i);
    }
    return data;
}

nlohmann::json scatter(int count, int rounds) {
    ScatterPlot plot;
    plot.resize(1920, 1080);
    plot.setData(volcano(count));
    plot.show();
    const double view = cpuMs(
        [&](int round) {
            plot.setView(QRectF(-4 - 0.01 * round, 0, 8, 14));
            plot.grab();
        },
        rounds);
    const double hover = cpuMs(
        [&](int round) {
            QMouseEvent move(QEvent::MouseMove, QPointF(400 + 7 * round, 500), QPointF(), Qt::NoButton,
                             Qt::NoButton, {});
            QCoreApplication::sendEvent(&plot, &move);
        },
        rounds);
    return {{"points", count}, {"view", view}, {"hover", hover}};
}

nlohmann::json heatMap(int rows, int columns, int rounds) {
    HeatMapData data;
    std::mt19937 random(5);
    std::normal_distribution<double> normal;
    for (int i = 0; i < rows; ++i)
        data.rows << QString("Gene%1").arg(i);
    for (int i = 0; i < columns; ++i)
        data.columns << QString("Condition %1").arg(i);
    for (int i = 0; i < rows * columns; ++i)
        data.values.push_back(normal(random) + (i / columns) % 3);
    JobContext job;
    ClusterTree tree;
    const double cluster = cpuMs(
        [&](int) {
            tree = cluster_rows(data.values, static_cast<std::size_t>(columns), RowDistance::correlation,
                                Linkage::average, job);
        },
        1);
    for (const TreeMerge& merge : tree.merges) {
        data.rowTree.merges.push_back({static_cast<int>(merge.first), static_cast<int>(merge.second)});
        data.rowTree.heights.push_back(merge.height);
    }
    data.rowOrder = leaf_order(tree);
    HeatMap map;
    map.resize(1920, 1080);
    map.setData(data);
    map.show();
    const double view = cpuMs(
        [&](int round) {
            map.showRows(round, rows - rounds - 1);
            map.grab();
        },
        rounds);
    return {{"rows", rows}, {"columns", columns}, {"cluster", cluster}, {"view", view}};
}

nlohmann::json arrows(int count, int rounds) {
    std::mt19937 random(9);
    std::normal_distribution<float> normal;
    auto points = std::make_shared<std::vector<float>>();
    auto ends = std::make_shared<std::vector<float>>();
    for (int i = 0; i < 57298; ++i) {
        const float x = 4 * normal(random), y = 4 * normal(random);
        points->insert(points->end(), {x, y});
        if (i < count)
            ends->insert(ends->end(), {x, y, x + 0.4F * normal(random), y + 0.4F});
    }
    PointCloudCanvas canvas;
    canvas.resize(1920, 1080);
    canvas.setPoints(points, "UMAP 1", "UMAP 2");
    canvas.setArrows({ends, {}, {}});
    canvas.show();
    const double view = cpuMs(
        [&](int round) {
            canvas.setView(QRectF(-10 - 0.01 * round, -10, 20, 20));
            canvas.grab();
        },
        rounds);
    return {{"arrows", count}, {"view", view}};
}

double violin(int cells, int rounds) {
    std::mt19937 random(2);
    std::normal_distribution<double> normal;
    std::vector<double> values;
    for (int i = 0; i < cells; ++i)
        values.push_back(std::max(0.0, normal(random)));
    return cpuMs([&](int) { density_curve(values); }, rounds);
}

} // namespace

int main(int argc, char** argv) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    applyTheme(application, ThemeMode::light);
    const int rounds = argc > 1 ? std::max(1, std::atoi(argv[1])) : 20;
    nlohmann::json result;
    for (const int count : {2000, 20000, 100000})
        result["scatter"].push_back(scatter(count, rounds));
    for (const int rows : {500, 2000, 5000})
        result["heat_map"].push_back(heatMap(rows, 66, rounds));
    for (const int count : {0, 1000, 5000, 57298})
        result["arrows"].push_back(arrows(count, rounds));
    result["violin_57298"] = violin(57298, rounds);
    std::cout << result.dump(2) << '\n';
    return 0;
}

// Repaint of point clouds at 1920 × 1080 and the lasso, beside QPainter in the same process.
// usage: cloud_bench [ROUNDS]
// Prints one JSON object; times in ms, "cpu" of all threads together. "repaint": another view each time (zoom
// and pan); "widget": the whole PointCloudCanvas with axes, into its window; "recolor" and "select": new
// colours or selection, then the repaint.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <iostream>
#include <random>

#include <QApplication>
#include <QPainter>

#include <nlohmann/json.hpp>

#include "widgets/category_palette.hpp"
#include "widgets/point_cloud_canvas.hpp"
#include "widgets/point_cloud_drawing.hpp"
#include "widgets/point_search.hpp"
#include "widgets/theme.hpp"

namespace {

using namespace ember;
using Clock = std::chrono::steady_clock;

constexpr int width = 1920, height = 1080, categories = 11;

struct Cloud {
    SharedPoints xy;
    std::shared_ptr<const std::vector<std::int32_t>> codes;
    std::shared_ptr<const std::vector<float>> values;
};

/// Blobs as an embedding has them.
Cloud makeCloud(std::size_t count) {
    std::mt19937 random(7);
    std::normal_distribution<float> normal;
    std::uniform_real_distribution<float> uniform(-10, 10);
    std::vector<std::array<float, 2>> centers(categories);
    for (auto& center : centers)
        center = {uniform(random), uniform(random) * 0.56F};
    auto xy = std::make_shared<std::vector<float>>();
    auto codes = std::make_shared<std::vector<std::int32_t>>();
    auto values = std::make_shared<std::vector<float>>();
    for (std::size_t i = 0; i < count; ++i) {
        const auto code = static_cast<std::int32_t>(random() % categories);
        const auto& center = centers[static_cast<std::size_t>(code)];
        xy->push_back(center[0] + 1.5F * normal(random));
        xy->push_back(center[1] + normal(random));
        codes->push_back(code);
        values->push_back(std::fabs(normal(random)));
    }
    return {xy, codes, values};
}

PointColors byCategory(const Cloud& cloud) {
    QStringList names;
    for (int i = 0; i < categories; ++i)
        names << QString::number(i);
    return categoryPointColors(QStringLiteral("Cell type"), names, cloud.codes);
}

/// Of all threads.
double cpuMs() {
    return 1e3 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

nlohmann::json times(int rounds, const std::function<void(int)>& work) {
    std::vector<double> ms;
    work(0); // memory and tables
    const double cpu = cpuMs();
    for (int i = 0; i < rounds; ++i) {
        const auto start = Clock::now();
        work(i + 1);
        ms.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
    }
    const double cpuEach = (cpuMs() - cpu) / rounds;
    std::sort(ms.begin(), ms.end());
    const auto at = [&](double share) {
        return ms[static_cast<std::size_t>(share * static_cast<double>(ms.size() - 1))];
    };
    return {{"p50", at(0.5)}, {"p95", at(0.95)}, {"cpu", cpuEach}};
}

/// Zoom and place change with every step; most points stay in view.
QRectF viewOf(const QRectF& whole, int step) {
    const double zoom = 1 - 0.25 * std::fabs(std::sin(step * 0.37));
    const QPointF center = whole.center() + QPointF(std::sin(step * 0.9), std::cos(step * 0.7)) * 0.3;
    const QRectF view(center.x() - whole.width() * zoom / 2, center.y() - whole.height() * zoom / 2,
                      whole.width() * zoom, whole.height() * zoom);
    return withEqualAspect(view, QSizeF(width, height));
}

nlohmann::json peer(const Cloud& cloud, double size, bool antialiased, int rounds) {
    const OrderedPoints points = orderPoints(*cloud.xy);
    const QRectF whole = wholeView(points.bounds), area(0, 0, width, height);
    const std::vector<QColor> colors = categoryColors(categories);
    QImage image(width, height, QImage::Format_RGB32);
    return times(rounds, [&](int step) {
        const QRectF view = viewOf(whole, step);
        image.fill(Qt::white);
        QPainter painter(&image);
        painter.setRenderHint(QPainter::Antialiasing, antialiased);
        painter.setPen(Qt::NoPen);
        for (std::size_t i = 0; i < points.size(); ++i) {
            const QPointF place = toArea({points.x[i], points.y[i]}, view, area);
            const QColor& color = colors[static_cast<std::size_t>((*cloud.codes)[(*points.order)[i]])];
            if (antialiased) {
                painter.setBrush(color);
                painter.drawEllipse(place, size / 2, size / 2);
            } else {
                painter.fillRect(QRectF(place, QSizeF(size, size)).toRect(), color);
            }
        }
    });
}

nlohmann::json measure(std::size_t count, int rounds) {
    const Cloud cloud = makeCloud(count);
    PointCloudCanvas canvas;
    canvas.resize(width, height);
    canvas.setPoints(cloud.xy, QStringLiteral("UMAP 1"), QStringLiteral("UMAP 2"));
    const PointColors colors = byCategory(cloud);
    canvas.setColors(colors);
    canvas.show();
    QApplication::processEvents();
    const OrderedPoints points = orderPoints(*cloud.xy);
    const QRectF whole = wholeView(points.bounds);
    nlohmann::json result;

    PointRaster raster;
    PointCloudFigure figure;
    figure.colors = colors;
    PointInks inked;
    const auto& inks = inked.update(points.order, colors, nullptr, lightThemeColors());
    result["repaint"] = times(rounds, [&](int step) {
        rasterCloud(raster, figure, points, inks, viewOf(whole, step), {width, height}, 1);
    });
    figure.density = true;
    result["density"] = times(rounds, [&](int step) {
        rasterCloud(raster, figure, points, inks, viewOf(whole, step), {width, height}, 1);
    });
    result["widget"] = times(rounds, [&](int step) {
        canvas.setView(viewOf(whole, step));
        canvas.repaint();
    });
    result["recolor"] = times(rounds, [&](int step) {
        PointColors changed = colors;
        changed.colors[0] = QColor::fromHsv(step * 7 % 360, 200, 200);
        canvas.setColors(changed);
        canvas.picture();
    });
    PointColors byValue = valuePointColors(QStringLiteral("Value"), cloud.values);
    result["range_drag"] = times(rounds, [&](int step) {
        byValue.high = 1 + 0.01 * step;
        canvas.setColors(byValue);
        canvas.picture();
    });
    canvas.setColors(colors);
    CellSelection selection(count);
    canvas.setSelection(&selection);
    std::vector<QPointF> lasso;
    result["lasso"] = times(rounds, [&](int step) {
        lasso.clear();
        for (int i = 0; i < 300; ++i) {
            const double angle = i * 2 * 3.14159265 / 300, radius = 5 + std::sin(angle * 9 + step);
            lasso.emplace_back(radius * 1.4 * std::cos(angle), radius * std::sin(angle));
        }
        selection = pointsInPolygon(*cloud.xy, lasso);
    });
    result["select"] = times(rounds, [&](int step) {
        selection.invert();
        selection.insert(static_cast<std::size_t>(step));
        canvas.selectionChanged();
        canvas.picture();
    });
    result["lasso_to_picture"] = times(rounds, [&](int step) {
        lasso[0].rx() += 0.001 * step;
        selection = pointsInPolygon(*cloud.xy, lasso);
        canvas.selectionChanged();
        canvas.picture();
    });
    result["hover"] = times(rounds, [&](int step) {
        nearestPoint(*cloud.xy, {std::sin(step), std::cos(step)}, 0.1, 0.1, &canvas.drawn());
    });
    result["set_points"] = times(std::max(3, rounds / 10),
                                 [&](int step) { canvas.setPoints(cloud.xy, QString::number(step), {}); });
    const double size = std::max(1.0, automaticPointSize(count, width, height, 1));
    result["size_px"] = size;
    result["qpainter_squares"] = peer(cloud, std::ceil(size), false, std::max(3, rounds / 20));
    result["qpainter_discs"] = peer(cloud, size, true, std::max(3, rounds / 40));
    return result;
}

} // namespace

int main(int argc, char** argv) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    const int rounds = argc > 1 ? std::atoi(argv[1]) : 200;
    QApplication application(argc, argv);
    applyTheme(application, ThemeMode::light);
    nlohmann::json result;
    for (const std::size_t count : {std::size_t{57298}, std::size_t{1000000}})
        result[std::to_string(count)] = measure(count, rounds);
    result["repaint_57298_p95_ms"] = result["57298"]["repaint"]["p95"];
    result["repaint_1000000_p95_ms"] = result["1000000"]["repaint"]["p95"];
    std::cout << result.dump() << '\n';
    return 0;
}

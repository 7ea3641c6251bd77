#include <algorithm>
#include <cmath>

#include "widgets/heat_map_drawing.hpp"

namespace ember {

namespace {

/// First place that pixel `at` of `pixels` shows, of `shown` places from `first` on.
int placeAt(int at, int pixels, double first, double shown, std::size_t count) {
    const double place = first + (at + 0.5) * shown / pixels;
    return std::clamp(static_cast<int>(place), 0, std::max(0, static_cast<int>(count) - 1));
}

struct Span {
    int begin, end;
};

/// The places below a pixel: one, or all whose middle lies in it where there are more places than pixels.
std::vector<Span> spans(int pixels, double first, double shown, std::size_t count) {
    std::vector<Span> result;
    for (int at = 0; at < pixels; ++at) {
        const int place = placeAt(at, pixels, first, shown, count);
        if (shown <= pixels) {
            result.push_back({place, place + 1});
            continue;
        }
        const int begin = static_cast<int>(first + at * shown / pixels);
        const int end = static_cast<int>(first + (at + 1) * shown / pixels);
        result.push_back({std::clamp(begin, 0, static_cast<int>(count) - 1),
                          std::clamp(std::max(end, begin + 1), 1, static_cast<int>(count))});
    }
    return result;
}

} // namespace

QImage heatMapImage(const HeatMapFigure& figure, const HeatMapOrder& order, const HeatMapLayout& layout,
                    const QSize& pixels) {
    QImage image(pixels, QImage::Format_RGB32);
    image.fill(figure.theme.surface);
    if (order.rowAt.empty() || order.columnAt.empty())
        return image;
    const QRgb missing = missingColor(figure.theme).rgb();
    const ColorMap map = figure.data.diverging ? ColorMap::diverging : figure.data.map;
    const std::vector<Span> rows =
        spans(pixels.height(), layout.firstRow, layout.shownRows, order.rowAt.size());
    const std::vector<Span> columns =
        spans(pixels.width(), 0, static_cast<double>(order.columnAt.size()), order.columnAt.size());
    for (int y = 0; y < pixels.height(); ++y) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
        const Span& row = rows[static_cast<std::size_t>(y)];
        if (y > 0 && row.begin == rows[static_cast<std::size_t>(y) - 1].begin &&
            row.end == rows[static_cast<std::size_t>(y) - 1].end) {
            std::copy_n(reinterpret_cast<const QRgb*>(image.constScanLine(y - 1)), pixels.width(), line);
            continue;
        }
        for (int x = 0; x < pixels.width(); ++x) {
            const Span& column = columns[static_cast<std::size_t>(x)];
            if (x > 0 && column.begin == columns[static_cast<std::size_t>(x) - 1].begin &&
                column.end == columns[static_cast<std::size_t>(x) - 1].end) {
                line[x] = line[x - 1];
                continue;
            }
            double sum = 0;
            int count = 0;
            for (int r = row.begin; r < row.end; ++r) {
                for (int c = column.begin; c < column.end; ++c) {
                    const double value = heatMapValue(figure.data, order.rowAt[static_cast<std::size_t>(r)],
                                                      order.columnAt[static_cast<std::size_t>(c)]);
                    if (!std::isnan(value)) {
                        sum += value;
                        ++count;
                    }
                }
            }
            line[x] = count == 0 ? missing : colorMapAt(map, layout.span.shareOf(sum / count));
        }
    }
    return image;
}

} // namespace ember

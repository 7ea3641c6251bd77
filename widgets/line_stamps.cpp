#include "widgets/line_stamps.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace ember {

namespace {

struct Ink {
    int red, green, blue, alpha;
};

void blend(QRgb& under, const Ink& ink, double coverage) {
    const int a = static_cast<int>(coverage * ink.alpha + 0.5);
    const auto mix = [a](int over, int below) { return (over * a + below * (255 - a) + 127) / 255; };
    under = qRgba(mix(ink.red, qRed(under)), mix(ink.green, qGreen(under)), mix(ink.blue, qBlue(under)),
                  mix(255, qAlpha(under)));
}

/// `perLength`: 1 / squared length, 0 for a point.
double distance(double x, double y, const QLineF& line, double perLength) {
    const double along =
        std::clamp(((x - line.x1()) * line.dx() + (y - line.y1()) * line.dy()) * perLength, 0.0, 1.0);
    const double right = x - line.x1() - along * line.dx(), down = y - line.y1() - along * line.dy();
    return std::sqrt(right * right + down * down);
}

} // namespace

void stampLine(QImage& image, const QLineF& line, double width, const QColor& color) {
    const double reach = width / 2 + 0.5;
    const double squares = line.dx() * line.dx() + line.dy() * line.dy();
    if (!std::isfinite(squares))
        return;
    const double perLength = squares > 0 ? 1 / squares : 0;
    const Ink ink{color.red(), color.green(), color.blue(), color.alpha()};
    const double top = std::max(0.0, std::floor(std::min(line.y1(), line.y2()) - reach));
    const double bottom = std::min(image.height() - 1.0, std::ceil(std::max(line.y1(), line.y2()) + reach));
    // Half of the line's width along a row.
    const double half = squares > 0 && line.dy() != 0 ? reach * std::sqrt(squares) / std::fabs(line.dy()) : 0;
    for (double y = top; y <= bottom; ++y) {
        double left = std::min(line.x1(), line.x2()) - reach, right = std::max(line.x1(), line.x2()) + reach;
        if (half > 0) {
            const double middle = line.x1() + (y + 0.5 - line.y1()) / line.dy() * line.dx();
            left = std::max(left, middle - half - 1);
            right = std::min(right, middle + half + 1);
        }
        const int first = static_cast<int>(std::max(0.0, std::floor(left)));
        const int last = static_cast<int>(std::min(image.width() - 1.0, std::ceil(right)));
        auto* row = reinterpret_cast<QRgb*>(image.scanLine(static_cast<int>(y)));
        for (int x = first; x <= last; ++x) {
            const double coverage = std::min(1.0, reach - distance(x + 0.5, y + 0.5, line, perLength));
            if (coverage > 0)
                blend(row[x], ink, coverage);
        }
    }
}

} // namespace ember

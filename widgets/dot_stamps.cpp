#include "widgets/dot_stamps.hpp"

#include <algorithm>
#include <cmath>

namespace ember {

DotStamps::DotStamps(QImage& image, double diameter) : image_(image) {
    const double radius = std::max(0.4, diameter / 2);
    size_ = static_cast<int>(std::ceil(2 * radius)) + 2;
    coverages_.resize(static_cast<std::size_t>(phases * phases * size_ * size_));
    constexpr int grid = 8; // samples of a pixel, each way
    std::size_t at = 0;
    for (int phase = 0; phase < phases * phases; ++phase) {
        const double cx = size_ / 2 + (phase % phases + 0.5) / phases;
        const double cy = size_ / 2 + (phase / phases + 0.5) / phases;
        for (int pixel = 0; pixel < size_ * size_; ++pixel) {
            int inside = 0;
            for (int sample = 0; sample < grid * grid; ++sample) {
                const double x = pixel % size_ + (sample % grid + 0.5) / grid - cx;
                const double y = pixel / size_ + (sample / grid + 0.5) / grid - cy;
                inside += x * x + y * y <= radius * radius ? 1 : 0;
            }
            coverages_[at++] = static_cast<std::uint8_t>(inside * 255 / (grid * grid));
        }
    }
}

void DotStamps::stamp(const QPointF& center, const QColor& color) {
    const double left = center.x() - size_ / 2, top = center.y() - size_ / 2;
    if (!(left > -size_) || !(top > -size_) || !(left < image_.width()) || !(top < image_.height()))
        return;
    const int x0 = static_cast<int>(std::floor(left)), y0 = static_cast<int>(std::floor(top));
    const int phase = std::min(phases - 1, static_cast<int>((top - y0) * phases)) * phases +
                      std::min(phases - 1, static_cast<int>((left - x0) * phases));
    const std::uint8_t* mask = coverages_.data() + static_cast<std::ptrdiff_t>(phase) * size_ * size_;
    const auto red = static_cast<std::uint32_t>(color.red()),
               green = static_cast<std::uint32_t>(color.green()),
               blue = static_cast<std::uint32_t>(color.blue()),
               alpha = static_cast<std::uint32_t>(color.alpha());
    for (int y = std::max(0, -y0); y < size_ && y0 + y < image_.height(); ++y) {
        auto* line = reinterpret_cast<QRgb*>(image_.scanLine(y0 + y));
        for (int x = std::max(0, -x0); x < size_ && x0 + x < image_.width(); ++x) {
            const std::uint32_t a = mask[y * size_ + x] * alpha / 255;
            if (a == 0)
                continue;
            const QRgb under = line[x0 + x];
            const auto mix = [a](std::uint32_t over, int below) {
                return static_cast<int>((over * a + static_cast<std::uint32_t>(below) * (255 - a) + 127) /
                                        255);
            };
            line[x0 + x] = qRgba(mix(red, qRed(under)), mix(green, qGreen(under)), mix(blue, qBlue(under)),
                                 mix(255, qAlpha(under)));
        }
    }
}

} // namespace ember

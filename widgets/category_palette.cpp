#include "widgets/category_palette.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <mutex>

namespace ember {

namespace {

struct OkLab {
    double l, a, b;
};

double linear(double channel) {
    return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double gamma(double channel) {
    return channel <= 0.0031308 ? 12.92 * channel : 1.055 * std::pow(channel, 1 / 2.4) - 0.055;
}

// Coefficients: B. Ottosson, "A perceptual color space for image processing", 2020.
OkLab okLabOf(const QColor& color) {
    const double r = linear(color.redF()), g = linear(color.greenF()), b = linear(color.blueF());
    const double l = std::cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
    const double m = std::cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
    const double s = std::cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
    return {0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
            1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
            0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s};
}

/// False when the colour lies outside sRGB.
bool colorOf(const OkLab& lab, QColor& color) {
    const double l = std::pow(lab.l + 0.3963377774 * lab.a + 0.2158037573 * lab.b, 3);
    const double m = std::pow(lab.l - 0.1055613458 * lab.a - 0.0638541728 * lab.b, 3);
    const double s = std::pow(lab.l - 0.0894841775 * lab.a - 1.2914855480 * lab.b, 3);
    const std::array<double, 3> rgb = {4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
                                       -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
                                       -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s};
    for (const double channel : rgb) {
        if (channel < 0 || channel > 1)
            return false;
    }
    color = QColor::fromRgbF(static_cast<float>(gamma(rgb[0])), static_cast<float>(gamma(rgb[1])),
                             static_cast<float>(gamma(rgb[2])));
    color = QColor(color.name()); // to what a file will say
    return true;
}

double distance(const OkLab& a, const OkLab& b) {
    return std::hypot(a.l - b.l, a.a - b.a, a.b - b.b);
}

struct Candidate {
    QColor color;
    OkLab lab;
    double nearest; ///< distance to what is chosen already
};

/// Colours of middling lightness, so that they read on white and on near-black.
std::vector<Candidate> candidates() {
    std::vector<Candidate> all;
    constexpr double pi = 3.14159265358979323846;
    for (double lightness = 0.45; lightness < 0.84; lightness += 0.06) {
        for (double chroma = 0.04; chroma < 0.26; chroma += 0.04) {
            for (int hue = 0; hue < 360; hue += 10) {
                const double angle = hue * pi / 180;
                const OkLab lab = {lightness, chroma * std::cos(angle), chroma * std::sin(angle)};
                if (QColor color; colorOf(lab, color))
                    all.push_back({color, lab, std::numeric_limits<double>::infinity()});
            }
        }
    }
    return all;
}

/// Okabe and Ito's eight without black, in an order that keeps neighbours apart.
constexpr std::array<const char*, 7> okabeIto = {"#0072B2", "#E69F00", "#009E73", "#CC79A7",
                                                 "#56B4E9", "#D55E00", "#F0E442"};

class Palette {
public:
    /// Beyond some hundreds nothing new is left to tell apart, and the palette starts again.
    const QColor& at(std::size_t index) {
        while (colors_.size() <= index && grow()) {
        }
        return colors_[index % colors_.size()];
    }

private:
    bool grow() {
        if (colors_.size() < okabeIto.size()) {
            choose(QColor(okabeIto[colors_.size()]));
            return true;
        }
        const auto best =
            std::max_element(candidates_.begin(), candidates_.end(),
                             [](const Candidate& a, const Candidate& b) { return a.nearest < b.nearest; });
        constexpr double tellApart = 0.025;
        if (best->nearest < tellApart)
            return false;
        choose(QColor(best->color));
        return true;
    }

    void choose(const QColor& color) {
        colors_.push_back(color);
        const OkLab lab = okLabOf(color);
        for (Candidate& candidate : candidates_)
            candidate.nearest = std::min(candidate.nearest, distance(candidate.lab, lab));
    }

    std::vector<Candidate> candidates_ = candidates();
    std::vector<QColor> colors_;
};

} // namespace

QColor categoryColor(int index) {
    static std::mutex mutex; // jobs ask as well
    static Palette palette;
    const std::lock_guard lock(mutex);
    return palette.at(static_cast<std::size_t>(std::max(0, index)));
}

std::vector<QColor> categoryColors(int count) {
    std::vector<QColor> colors;
    for (int i = 0; i < count; ++i)
        colors.push_back(categoryColor(i));
    return colors;
}

std::vector<QColor> categoryColors(int count, const std::vector<QColor>& fromFile) {
    const bool usable =
        static_cast<int>(fromFile.size()) == count &&
        std::all_of(fromFile.begin(), fromFile.end(), [](const QColor& c) { return c.isValid(); });
    return usable ? fromFile : categoryColors(count);
}

double colorDistance(const QColor& a, const QColor& b) {
    return distance(okLabOf(a), okLabOf(b));
}

} // namespace ember

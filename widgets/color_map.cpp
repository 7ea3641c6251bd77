#include "widgets/color_map.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <QCoreApplication>

namespace ember {

namespace {

// Every fifth of the 256 published colours, the last one included; between them linear: within one step of
// 255 of the published tables, four at the kink of cividis's blue.
constexpr std::array<std::uint32_t, 52> viridis = {
    0x440154, 0x46085c, 0x471063, 0x481769, 0x481d6f, 0x482475, 0x472a7a, 0x46307e, 0x453781,
    0x433d84, 0x414287, 0x3f4889, 0x3d4e8a, 0x3a538b, 0x38598c, 0x355e8d, 0x33638d, 0x31688e,
    0x2e6d8e, 0x2c718e, 0x2a768e, 0x297b8e, 0x27808e, 0x25848e, 0x23898e, 0x218e8d, 0x20928c,
    0x1f978b, 0x1e9c89, 0x1fa188, 0x21a585, 0x24aa83, 0x28ae80, 0x2eb37c, 0x35b779, 0x3dbc74,
    0x46c06f, 0x50c46a, 0x5ac864, 0x65cb5e, 0x70cf57, 0x7cd250, 0x89d548, 0x95d840, 0xa2da37,
    0xb0dd2f, 0xbddf26, 0xcae11f, 0xd8e219, 0xe5e419, 0xf1e51d, 0xfde725};

constexpr std::array<std::uint32_t, 52> magma = {
    0x000004, 0x02020b, 0x050416, 0x090720, 0x0e0b2b, 0x140e36, 0x1a1042, 0x21114e, 0x29115a,
    0x311165, 0x390f6e, 0x420f75, 0x4a1079, 0x52137c, 0x5a167e, 0x621980, 0x6a1c81, 0x721f81,
    0x792282, 0x812581, 0x892881, 0x912b81, 0x992d80, 0xa1307e, 0xaa337d, 0xb2357b, 0xba3878,
    0xc23b75, 0xca3e72, 0xd2426f, 0xd9466b, 0xe04c67, 0xe75263, 0xec5860, 0xf1605d, 0xf4695c,
    0xf7725c, 0xf97b5d, 0xfb8560, 0xfc8e64, 0xfd9869, 0xfea16e, 0xfeaa74, 0xfeb47b, 0xfebd82,
    0xfec68a, 0xfecf92, 0xfed89a, 0xfde2a3, 0xfdebac, 0xfcf4b6, 0xfcfdbf};

constexpr std::array<std::uint32_t, 52> cividis = {
    0x00224e, 0x002656, 0x002a5f, 0x002d68, 0x003070, 0x083370, 0x163770, 0x203a6f, 0x273e6e,
    0x2e416d, 0x34456c, 0x3a486c, 0x3f4c6c, 0x444f6c, 0x49536c, 0x4e566c, 0x535a6d, 0x575d6d,
    0x5c616e, 0x60646f, 0x656870, 0x696b71, 0x6d6f72, 0x727274, 0x767676, 0x7a7a78, 0x7e7d78,
    0x838179, 0x888578, 0x8d8878, 0x928c78, 0x969077, 0x9b9476, 0xa09875, 0xa59c74, 0xaaa073,
    0xafa471, 0xb5a86f, 0xbaac6d, 0xbfb06b, 0xc4b468, 0xc9b965, 0xcfbd62, 0xd4c15f, 0xdac65b,
    0xdfca57, 0xe5cf52, 0xead34c, 0xf0d846, 0xf6dd3f, 0xfce236, 0xfee838};

std::array<QRgb, colorMapSteps> interpolated(const std::array<std::uint32_t, 52>& anchors) {
    std::array<QRgb, colorMapSteps> table{};
    for (int i = 0; i < colorMapSteps; ++i) {
        const int anchor = std::min(i / 5, 50), part = i - 5 * anchor;
        const auto channel = [&](int shift) {
            const int from = static_cast<int>(anchors[static_cast<std::size_t>(anchor)] >> shift & 0xff);
            const int to = static_cast<int>(anchors[static_cast<std::size_t>(anchor) + 1] >> shift & 0xff);
            return static_cast<int>(std::lround(from + (to - from) * part / 5.0));
        };
        table[static_cast<std::size_t>(i)] = qRgb(channel(16), channel(8), channel(0));
    }
    return table;
}

int encoded(double linear) {
    const double channel = std::clamp(linear, 0.0, 1.0);
    const double value = channel <= 0.0031308 ? 12.92 * channel : 1.055 * std::pow(channel, 1 / 2.4) - 0.055;
    return static_cast<int>(std::lround(value * 255));
}

/// OKLab to sRGB (coefficients: Ottosson 2020).
QRgb fromOkLab(double lightness, double a, double b) {
    const double l = std::pow(lightness + 0.3963377774 * a + 0.2158037573 * b, 3);
    const double m = std::pow(lightness - 0.1055613458 * a - 0.0638541728 * b, 3);
    const double s = std::pow(lightness - 0.0894841775 * a - 1.2914855480 * b, 3);
    return qRgb(encoded(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
                encoded(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
                encoded(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s));
}

/// Middle grey light enough for white paper and dark enough to be seen on it.
std::array<QRgb, colorMapSteps> blueGreyRed() {
    constexpr double blue = 4.45, red = 0.52; // hues, radians
    constexpr double endLightness = 0.43, middleLightness = 0.86, endChroma = 0.14;
    std::array<QRgb, colorMapSteps> table{};
    for (int i = 0; i < colorMapSteps; ++i) {
        const double place = 2.0 * i / (colorMapSteps - 1) - 1; // -1 … 1
        const double far = std::fabs(place), hue = place < 0 ? blue : red;
        const double chroma = endChroma * std::sin(std::min(1.0, far * 1.25) * 1.5707963267948966);
        table[static_cast<std::size_t>(i)] =
            fromOkLab(middleLightness + (endLightness - middleLightness) * far, chroma * std::cos(hue),
                      chroma * std::sin(hue));
    }
    return table;
}

constexpr std::array<ColorMap, 4> all = {ColorMap::viridis, ColorMap::magma, ColorMap::cividis,
                                         ColorMap::diverging};
constexpr std::array<const char*, 4> words = {"viridis", "magma", "cividis", "diverging"};

} // namespace

const std::array<QRgb, colorMapSteps>& colorMapTable(ColorMap map) {
    static const std::array<std::array<QRgb, colorMapSteps>, 4> tables = {
        interpolated(viridis), interpolated(magma), interpolated(cividis), blueGreyRed()};
    return tables[static_cast<std::size_t>(map)];
}

QRgb colorMapAt(ColorMap map, double share) {
    const double step = std::clamp(share, 0.0, 1.0) * (colorMapSteps - 1);
    return colorMapTable(map)[static_cast<std::size_t>(std::lround(step))];
}

std::span<const ColorMap> colorMaps() {
    return all;
}

QString toString(ColorMap map) {
    return QString::fromLatin1(words[static_cast<std::size_t>(map)]);
}

ColorMap colorMapFrom(const QString& word) {
    for (const ColorMap map : all) {
        if (toString(map) == word)
            return map;
    }
    return ColorMap::viridis;
}

QString colorMapLabel(ColorMap map) {
    switch (map) {
    case ColorMap::viridis:
        return QCoreApplication::translate("ember::ColorMap", "Viridis");
    case ColorMap::magma:
        return QCoreApplication::translate("ember::ColorMap", "Magma");
    case ColorMap::cividis:
        return QCoreApplication::translate("ember::ColorMap", "Cividis");
    case ColorMap::diverging:
        return QCoreApplication::translate("ember::ColorMap", "Diverging");
    }
    return {};
}

} // namespace ember

#include "widgets/theme_colors.hpp"

#include <algorithm>
#include <cmath>

namespace ember {

const ThemeColors& lightThemeColors() {
    static const ThemeColors colors = [] {
        ThemeColors c;
        c.dark = false;
        c.window = "#f5f4f2";
        c.surface = "#ffffff";
        c.raised = "#ffffff";
        c.stripe = "#faf9f7";
        c.hover = "#ebe9e6";
        c.selection = "#e4e0da";
        c.track = "#e6e3df";
        c.text = "#23211f";
        c.muted = "#625d57";
        c.disabled = "#a19b94";
        c.border = "#dedad5";
        c.control = "#bdb7b0";
        c.accent = "#a8481a";
        c.accentHover = "#923c12";
        c.accentText = "#ffffff";
        c.information = "#1f5b8f";
        c.success = "#2b6a34";
        c.warning = "#7d5200";
        c.error = "#ad2323";
        c.informationSurface = "#eaf2f9";
        c.successSurface = "#ebf5ec";
        c.warningSurface = "#fdf4df";
        c.errorSurface = "#fceeed";
        c.bar = "#8c979f";
        c.grid = "#e8e5e1";
        return c;
    }();
    return colors;
}

const ThemeColors& darkThemeColors() {
    static const ThemeColors colors = [] {
        ThemeColors c;
        c.dark = true;
        c.window = "#1d1b19";
        c.surface = "#252321";
        c.raised = "#2d2a28";
        c.stripe = "#292725";
        c.hover = "#33302d";
        c.selection = "#3d3834";
        c.track = "#3a3633";
        c.text = "#e9e5e0";
        c.muted = "#aaa49d";
        c.disabled = "#746e68";
        c.border = "#3a3633";
        c.control = "#5b5650";
        c.accent = "#f08f52";
        c.accentHover = "#f5a573";
        c.accentText = "#1d1b19";
        c.information = "#85bdec";
        c.success = "#86cf92";
        c.warning = "#e9bd62";
        c.error = "#f39a92";
        c.informationSurface = "#20303d";
        c.successSurface = "#213325";
        c.warningSurface = "#372e1b";
        c.errorSurface = "#3d2523";
        c.bar = "#7f8a93";
        c.grid = "#35322f";
        return c;
    }();
    return colors;
}

namespace {

double linear(double channel) {
    return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double luminance(const QColor& color) {
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

} // namespace

double contrastRatio(const QColor& a, const QColor& b) {
    const auto [dark, light] = std::minmax({luminance(a), luminance(b)});
    return (light + 0.05) / (dark + 0.05);
}

} // namespace ember

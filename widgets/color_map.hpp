#pragma once
// Perceptually uniform colour maps for values. Viridis and magma: S. van der Walt, N. Smith and E. Firing
// (2015, CC0); cividis: J. Nuñez, C. Anderton and R. Renslow (2018, CC0); diverging: blue to red through grey
// with the lightness rising and falling evenly in OKLab (Ottosson 2020).

#include <array>
#include <span>
#include <vector>

#include <QColor>
#include <QString>

namespace ember {

enum class ColorMap { viridis, magma, cividis, diverging };

inline constexpr int colorMapSteps = 256;

/// 0xffrrggbb from the lowest to the highest value.
const std::array<QRgb, colorMapSteps>& colorMapTable(ColorMap map);

/// Colour at `share` 0 … 1 of the range; clamped.
QRgb colorMapAt(ColorMap map, double share);

std::span<const ColorMap> colorMaps();      ///< all, in the order of menus
QString toString(ColorMap map);             ///< "viridis": for files
ColorMap colorMapFrom(const QString& word); ///< unknown words give viridis
QString colorMapLabel(ColorMap map);        ///< "Viridis": for people

} // namespace ember

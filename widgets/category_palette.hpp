#pragma once
// Colours for categories: Okabe–Ito first (safe for the common colour blindnesses; Okabe and Ito 2008), then
// further colours, each as far as possible from all before it (after Glasbey et al. 2007, distances in
// OKLab).

#include <vector>

#include <QColor>

namespace ember {

/// `count` colours; the first n do not depend on `count`. They read on light and dark surfaces.
std::vector<QColor> categoryColors(int count);

/// Colour `index` of the palette (index >= 0).
QColor categoryColor(int index);

/// "#rrggbb" strings of a file where valid and of the right number, else the palette.
std::vector<QColor> categoryColors(int count, const std::vector<QColor>& fromFile);

/// Euclidean distance in OKLab (Ottosson 2020); just noticeable is about 0.02.
double colorDistance(const QColor& a, const QColor& b);

} // namespace ember

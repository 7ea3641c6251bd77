#pragma once
// Many short smooth lines into an image, fast; the same bytes for the same lines.

#include <QColor>
#include <QImage>
#include <QLineF>

namespace ember {

/// A line with round ends into a premultiplied image, in pixels; the colour's alpha counts.
void stampLine(QImage& image, const QLineF& line, double width, const QColor& color);

} // namespace ember

#pragma once
// Writes figures as PNG, SVG or PDF at a size in mm, with how they were made inside the file.

#include <functional>

#include <QSize>
#include <QSizeF>
#include <QString>

class QPaintDevice;

namespace ember {

enum class FigureFormat { png, svg, pdf };

struct FigureOptions {
    QSizeF size_mm{140, 90};
    int dpi = 300;     ///< of PNG
    bool light = true; ///< figures are for paper: light colours, white ground
};

/// By the ending of the path; PNG when unknown.
FigureFormat figureFormatOf(const QString& path);

struct Figure {
    QString title;
    QString provenance; ///< JSON text; may be empty
    /// Draws into a rectangle of this size in units of 1/96 inch; the painter is to be scaled by `scale`.
    /// Fonts in pixel sizes, so that they follow that scale and not the device's resolution.
    std::function<void(QPaintDevice&, double scale, const QSize& units)> draw;
};

/// Replaces the file atomically, then reads it back. Throws ember::Error `CannotWrite`.
void writeFigure(const QString& path, const Figure& figure, const FigureOptions& options);

/// Writes text as UTF-8 atomically; with a provenance, "<path>.json" beside it. Throws `CannotWrite`.
void writeTextFile(const QString& path, const QString& text, const QString& provenance = {});

} // namespace ember

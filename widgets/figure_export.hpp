#pragma once
// Writes figures as PNG, SVG or PDF at a size in mm, with how they were made inside the file.

#include <functional>

#include <QSizeF>
#include <QString>

class QPainter;

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
    /// Draws into a rectangle of this size, in points of 1/96 inch, whatever the device.
    std::function<void(QPainter&, const QSizeF& points)> draw;
};

/// Replaces the file atomically, then reads it back. Throws ember::Error `CannotWrite`.
void writeFigure(const QString& path, const Figure& figure, const FigureOptions& options);

/// Writes text as UTF-8 atomically; with a provenance, "<path>.json" beside it. Throws `CannotWrite`.
void writeTextFile(const QString& path, const QString& text, const QString& provenance = {});

} // namespace ember

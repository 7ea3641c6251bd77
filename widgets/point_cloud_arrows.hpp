#pragma once
// Arrows and paths over a cloud of points: displacements of cells, trajectories of groups.

#include <cstdint>
#include <memory>
#include <vector>

#include <QColor>
#include <QFont>
#include <QPointF>
#include <QRectF>
#include <QString>
#include <QStringList>

#include "widgets/theme_colors.hpp"

class QImage;
class QPainter;

namespace ember {

struct CloudArrows {
    std::shared_ptr<const std::vector<float>> ends; ///< [arrows × 4]: x0 y0 x1 y1; NaN: not drawn; null: none
    std::vector<QColor> colors;                     ///< [arrows], one for all, or empty: the text's colour
    QString label;                                  ///< what an arrow is; for the note
    bool isEmpty() const { return !ends || ends->size() < 4; }
};

/// A line through nodes with an arrow head at the end of each leg.
struct CloudTrajectory {
    QString name;               ///< written at its end
    std::vector<QPointF> nodes; ///< NaN: a gap
    QStringList labels;         ///< [nodes] "day10"; empty ones are not written
    QColor color;
    bool dashed = false; ///< predicted beside observed
};

/// No more are drawn at once; a random part of them, the same at each view, and a note says so.
inline constexpr int mostArrows = 5000;

/// Where data coordinates lie on the painter, and the look.
struct CloudGround {
    QRectF area, view; ///< painter units; data, top() the lowest y
    const ThemeColors& theme;
    const QFont& font;
};

struct ArrowChoice {
    std::vector<std::uint32_t> shown; ///< arrows to draw
    std::size_t inView = 0;           ///< finite ones that touch the view
};
ArrowChoice chooseArrows(const CloudArrows& arrows, const QRectF& view);

/// How many of more than `mostArrows` are drawn; empty for fewer.
QString arrowNote(const CloudArrows& arrows, const QRectF& view);

void drawArrows(QPainter& painter, const CloudArrows& arrows, const CloudGround& ground);
/// The same into a transparent premultiplied image of the area, many times faster.
void stampArrows(QImage& image, const CloudArrows& arrows, const CloudGround& ground, double pixelRatio);
void drawTrajectories(QPainter& painter, const std::vector<CloudTrajectory>& paths,
                      const CloudGround& ground);

/// "arrow,x0,y0,x1,y1" of all arrows, full precision.
QString arrowsCsv(const CloudArrows& arrows);

} // namespace ember

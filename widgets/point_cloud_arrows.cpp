#include "widgets/point_cloud_arrows.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QImage>
#include <QLineF>
#include <QPainter>
#include <QPolygonF>

#include "widgets/formatting.hpp"
#include "widgets/label_placement.hpp"
#include "widgets/line_stamps.hpp"
#include "widgets/plot_axes.hpp"
#include "widgets/point_order.hpp"

namespace ember {

namespace {

constexpr double headLength = 6, headAngle = 0.45; // units, radians to each side

QString tr(const char* text) {
    return QCoreApplication::translate("ember::PointCloudPlot", text);
}

bool isFinite(const float* arrow) {
    return std::isfinite(arrow[0]) && std::isfinite(arrow[1]) && std::isfinite(arrow[2]) &&
           std::isfinite(arrow[3]);
}

bool touches(const float* arrow, const QRectF& view) {
    const auto [left, right] = std::minmax(arrow[0], arrow[2]);
    const auto [low, high] = std::minmax(arrow[1], arrow[3]);
    return right >= view.left() && left <= view.right() && high >= view.top() && low <= view.bottom();
}

QColor colorOf(const CloudArrows& arrows, std::size_t arrow, const ThemeColors& theme) {
    if (arrows.colors.empty())
        return theme.text;
    const QColor& color = arrows.colors.size() == 1      ? arrows.colors.front()
                          : arrow < arrows.colors.size() ? arrows.colors[arrow]
                                                         : theme.text;
    return color.isValid() ? color : theme.text;
}

/// An arrow's shaft and the two strokes of its head; short arrows get a small one.
struct ArrowStrokes {
    std::array<QLineF, 3> lines;
    QColor color;
};

ArrowStrokes strokesOf(const CloudArrows& arrows, std::size_t arrow, const CloudGround& ground) {
    const float* place = arrows.ends->data() + 4 * arrow;
    const QLineF shaft(
        toArea({static_cast<double>(place[0]), static_cast<double>(place[1])}, ground.view, ground.area),
        toArea({static_cast<double>(place[2]), static_cast<double>(place[3])}, ground.view, ground.area));
    const double length = std::min(headLength, shaft.length() * 0.45);
    const double angle = std::atan2(shaft.dy(), shaft.dx());
    const auto side = [&](double turn) {
        return QLineF(shaft.p2(),
                      shaft.p2() - length * QPointF(std::cos(angle + turn), std::sin(angle + turn)));
    };
    return {{shaft, side(headAngle), side(-headAngle)}, colorOf(arrows, arrow, ground.theme)};
}

/// Every arrow in the random order of the choice, so that no colour hides another. `draw(lines, width,
/// color)`.
template<typename Draw>
void eachArrow(const CloudArrows& arrows, const CloudGround& ground, Draw draw) {
    const ArrowChoice choice = chooseArrows(arrows, ground.view);
    std::vector<ArrowStrokes> strokes;
    strokes.reserve(choice.shown.size());
    for (const std::uint32_t arrow : choice.shown)
        strokes.push_back(strokesOf(arrows, arrow, ground));
    const bool few = strokes.size() <= 1500;
    if (few) { // a rim sets few arrows off from points of their colour
        QColor rim = ground.theme.surface;
        rim.setAlphaF(0.7F);
        for (const ArrowStrokes& one : strokes)
            draw(one.lines, 2.8, rim);
    }
    for (ArrowStrokes& one : strokes) {
        if (!few) // where they crowd, the dense places show
            one.color.setAlphaF(one.color.alphaF() * 0.65F);
        draw(one.lines, 1.1, one.color);
    }
}

QPolygonF filledHead(const QPointF& tip, double angle, double size) {
    const auto corner = [&](double turn) {
        return tip - size * QPointF(std::cos(angle + turn), std::sin(angle + turn));
    };
    return QPolygonF{tip, corner(headAngle), corner(-headAngle)};
}

bool isFinite(const QPointF& point) {
    return std::isfinite(point.x()) && std::isfinite(point.y());
}

struct Leg {
    QLineF line; ///< between the rims of the nodes
    double angle;
};

std::vector<Leg> legsOf(const CloudTrajectory& path, const CloudGround& ground, double nodeRadius) {
    std::vector<Leg> legs;
    for (std::size_t i = 1; i < path.nodes.size(); ++i) {
        if (!isFinite(path.nodes[i - 1]) || !isFinite(path.nodes[i]))
            continue;
        const QPointF from = toArea(path.nodes[i - 1], ground.view, ground.area);
        const QPointF to = toArea(path.nodes[i], ground.view, ground.area);
        const double length = QLineF(from, to).length();
        if (length <= 2 * nodeRadius + 2)
            continue;
        const QPointF inset = (to - from) / length * (nodeRadius + 1);
        legs.push_back({QLineF(from + inset, to - inset), std::atan2(to.y() - from.y(), to.x() - from.x())});
    }
    return legs;
}

void drawPath(QPainter& painter, const CloudTrajectory& path, const CloudGround& ground) {
    const double radius = 4.2;
    const QColor color = path.color.isValid() ? path.color : ground.theme.text;
    for (const Leg& leg : legsOf(path, ground, radius)) {
        const QPolygonF head = filledHead(leg.line.p2(), leg.angle, 9);
        const QPointF neck = (head[1] + head[2]) / 2;
        painter.setPen(QPen(ground.theme.surface, 5, Qt::SolidLine, Qt::RoundCap));
        painter.drawLine(leg.line.p1(), neck);
        painter.setPen(QPen(color, 2.4, path.dashed ? Qt::DashLine : Qt::SolidLine, Qt::FlatCap));
        painter.drawLine(leg.line.p1(), neck);
        painter.setPen(QPen(ground.theme.surface, 1));
        painter.setBrush(color);
        painter.drawPolygon(head);
    }
    painter.setBrush(path.dashed ? ground.theme.surface : color);
    for (const QPointF& node : path.nodes) {
        if (!isFinite(node))
            continue;
        const QPointF place = toArea(node, ground.view, ground.area);
        painter.setPen(QPen(ground.theme.surface, 4));
        painter.drawEllipse(place, radius, radius);
        painter.setPen(QPen(color, 1.8));
        painter.drawEllipse(place, radius, radius);
    }
}

struct NodeName {
    QPointF place;
    QString text;
    bool strong = false;
};

/// The names of the paths come first: they find a place before the nodes' labels.
std::vector<NodeName> namesOf(const std::vector<CloudTrajectory>& paths, const CloudGround& ground) {
    std::vector<NodeName> names;
    for (const CloudTrajectory& path : paths) {
        const auto last = std::find_if(path.nodes.rbegin(), path.nodes.rend(),
                                       [](const QPointF& node) { return isFinite(node); });
        if (last != path.nodes.rend() && !path.name.isEmpty())
            names.push_back({toArea(*last, ground.view, ground.area), path.name, true});
    }
    for (const CloudTrajectory& path : paths) {
        for (std::size_t i = 0; i < path.nodes.size(); ++i) {
            const QString label = path.labels.value(static_cast<qsizetype>(i));
            if (isFinite(path.nodes[i]) && !label.isEmpty())
                names.push_back({toArea(path.nodes[i], ground.view, ground.area), label, false});
        }
    }
    std::erase_if(names, [&](const NodeName& name) { return !ground.area.contains(name.place); });
    return names;
}

void drawNames(QPainter& painter, const std::vector<CloudTrajectory>& paths, const CloudGround& ground) {
    const std::vector<NodeName> names = namesOf(paths, ground);
    QFont plain = ground.font, strong = ground.font;
    plain.setPixelSize(std::max(8, static_cast<int>(std::lround(plain.pixelSize() * 0.92))));
    strong.setWeight(QFont::DemiBold);
    std::vector<QPointF> anchors;
    std::vector<QSizeF> sizes;
    for (const NodeName& name : names) {
        const QFontMetricsF metrics(name.strong ? strong : plain);
        anchors.push_back(name.place);
        sizes.emplace_back(metrics.horizontalAdvance(name.text) + 6, metrics.height());
    }
    const auto placed = placeLabels(anchors, sizes, anchors, ground.area, 5);
    for (std::size_t i = 0; i < placed.size(); ++i) {
        if (!placed[i])
            continue;
        if (placed[i]->leader) {
            painter.setPen(QPen(ground.theme.text, 0.8));
            painter.drawLine(names[i].place, leaderEnd(placed[i]->box, names[i].place));
        }
        QColor veil = ground.theme.surface;
        veil.setAlphaF(0.8F);
        painter.setPen(Qt::NoPen);
        painter.setBrush(veil);
        painter.drawRoundedRect(placed[i]->box, 2, 2);
        painter.setFont(names[i].strong ? strong : plain);
        painter.setPen(ground.theme.text);
        painter.drawText(placed[i]->box, Qt::AlignCenter | Qt::TextDontClip, names[i].text);
    }
}

} // namespace

ArrowChoice chooseArrows(const CloudArrows& arrows, const QRectF& view) {
    ArrowChoice choice;
    if (arrows.isEmpty())
        return choice;
    const std::vector<float>& ends = *arrows.ends;
    // A fixed random order: those in view stay the same ones while one pans, and more appear as one zooms in.
    const auto order = drawOrder(ends.size() / 4);
    for (const std::uint32_t arrow : *order) {
        const float* place = ends.data() + 4 * static_cast<std::size_t>(arrow);
        if (!isFinite(place) || !touches(place, view))
            continue;
        ++choice.inView;
        if (choice.shown.size() < mostArrows)
            choice.shown.push_back(arrow);
    }
    return choice;
}

QString arrowNote(const CloudArrows& arrows, const QRectF& view) {
    if (arrows.isEmpty() || arrows.ends->size() / 4 <= mostArrows)
        return {};
    const ArrowChoice choice = chooseArrows(arrows, view);
    const QString label = arrows.label.isEmpty() ? tr("Arrows") : arrows.label;
    if (choice.shown.size() == choice.inView)
        return tr("%1: all %2 in view are drawn").arg(label, formatCount(static_cast<qint64>(choice.inView)));
    return tr("%1: %2 of the %3 in view are drawn, chosen at random")
        .arg(label, formatCount(static_cast<qint64>(choice.shown.size())),
             formatCount(static_cast<qint64>(choice.inView)));
}

void drawArrows(QPainter& painter, const CloudArrows& arrows, const CloudGround& ground) {
    painter.save();
    painter.setClipRect(ground.area);
    painter.setRenderHint(QPainter::Antialiasing);
    eachArrow(arrows, ground, [&](const auto& lines, double width, const QColor& color) {
        painter.setPen(QPen(color, width, Qt::SolidLine, Qt::RoundCap));
        painter.drawLines(lines.data(), static_cast<int>(lines.size()));
    });
    painter.restore();
}

void stampArrows(QImage& image, const CloudArrows& arrows, const CloudGround& ground, double pixelRatio) {
    const auto pixels = [&](const QPointF& place) { return (place - ground.area.topLeft()) * pixelRatio; };
    eachArrow(arrows, ground, [&](const auto& lines, double width, const QColor& color) {
        for (const QLineF& line : lines)
            stampLine(image, QLineF(pixels(line.p1()), pixels(line.p2())), width * pixelRatio, color);
    });
}

void drawTrajectories(QPainter& painter, const std::vector<CloudTrajectory>& paths,
                      const CloudGround& ground) {
    if (paths.empty())
        return;
    painter.save();
    painter.setClipRect(ground.area);
    painter.setRenderHint(QPainter::Antialiasing);
    for (const CloudTrajectory& path : paths)
        drawPath(painter, path, ground);
    drawNames(painter, paths, ground);
    painter.restore();
}

QString arrowsCsv(const CloudArrows& arrows) {
    QString csv = QStringLiteral("arrow,x0,y0,x1,y1\n");
    for (std::size_t i = 0; !arrows.isEmpty() && i < arrows.ends->size() / 4; ++i) {
        csv += QString::number(i);
        for (std::size_t k = 0; k < 4; ++k)
            csv += QLatin1Char(',') + formatExact(static_cast<double>((*arrows.ends)[4 * i + k]));
        csv += QLatin1Char('\n');
    }
    return csv;
}

} // namespace ember

#include "widgets/label_placement.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <QLineF>

namespace ember {

namespace {

/// Counts of points per square, to ask quickly how many lie below a box.
class Crowd {
public:
    Crowd(const std::vector<QPointF>& points, const QRectF& area)
        : area_(area),
          columns_(static_cast<int>(area.width() / side) + 1),
          rows_(static_cast<int>(area.height() / side) + 1),
          counts_(static_cast<std::size_t>(columns_ * rows_)) {
        for (const QPointF& point : points) {
            if (area.contains(point))
                ++counts_[static_cast<std::size_t>(rowOf(point.y()) * columns_ + columnOf(point.x()))];
        }
    }
    int below(const QRectF& box) const {
        int count = 0;
        for (int row = rowOf(box.top()); row <= rowOf(box.bottom()); ++row) {
            for (int column = columnOf(box.left()); column <= columnOf(box.right()); ++column)
                count += counts_[static_cast<std::size_t>(row * columns_ + column)];
        }
        return count;
    }

private:
    static constexpr double side = 6;
    int rowOf(double y) const { return std::clamp(static_cast<int>((y - area_.top()) / side), 0, rows_ - 1); }
    int columnOf(double x) const {
        return std::clamp(static_cast<int>((x - area_.left()) / side), 0, columns_ - 1);
    }
    QRectF area_;
    int columns_, rows_;
    std::vector<int> counts_;
};

bool crosses(const QLineF& line, const QRectF& box) {
    if (box.contains(line.p1()) || box.contains(line.p2()))
        return true;
    for (const QLineF& side :
         {QLineF(box.topLeft(), box.topRight()), QLineF(box.topRight(), box.bottomRight()),
          QLineF(box.bottomRight(), box.bottomLeft()), QLineF(box.bottomLeft(), box.topLeft())}) {
        if (line.intersects(side, nullptr) == QLineF::BoundedIntersection)
            return true;
    }
    return false;
}

struct Taken {
    std::vector<QRectF> boxes;
    std::vector<QLineF> leaders;
    bool allows(const QRectF& box, const std::optional<QLineF>& leader) const {
        for (const QRectF& other : boxes) {
            if (box.intersects(other) || (leader && crosses(*leader, other)))
                return false;
        }
        for (const QLineF& other : leaders) {
            if (crosses(other, box) ||
                (leader && leader->intersects(other, nullptr) == QLineF::BoundedIntersection))
                return false;
        }
        return true;
    }
};

QRectF boxAt(const QPointF& anchor, const QSizeF& size, double angle, double distance) {
    const double x = std::cos(angle), y = std::sin(angle);
    // Its nearest side or corner is `distance` from the anchor.
    const QPointF center(anchor.x() + x * distance +
                             (x > 0.1    ? 1
                              : x < -0.1 ? -1
                                         : 0) *
                                 size.width() / 2,
                         anchor.y() + y * distance +
                             (y > 0.1    ? 1
                              : y < -0.1 ? -1
                                         : 0) *
                                 size.height() / 2);
    return {center.x() - size.width() / 2, center.y() - size.height() / 2, size.width(), size.height()};
}

} // namespace

QPointF leaderEnd(const QRectF& box, const QPointF& anchor) {
    return {std::clamp(anchor.x(), box.left(), box.right()), std::clamp(anchor.y(), box.top(), box.bottom())};
}

std::vector<std::optional<PlacedLabel>> placeLabels(const std::vector<QPointF>& anchors,
                                                    const std::vector<QSizeF>& sizes,
                                                    const std::vector<QPointF>& others, const QRectF& area,
                                                    double radius, const std::vector<QRectF>& occupied) {
    std::vector<std::optional<PlacedLabel>> placed(anchors.size());
    const Crowd crowd(others, area);
    Taken taken{occupied, {}};
    const double pi = std::acos(-1.0);
    for (std::size_t i = 0; i < anchors.size(); ++i) {
        double best = std::numeric_limits<double>::infinity();
        std::optional<QLineF> line;
        for (const double far : {2.0, 8.0, 16.0, 26.0, 38.0, 54.0}) {
            for (int step = 0; step < 16; ++step) {
                const double angle = step * pi / 8;
                const QRectF box = boxAt(anchors[i], sizes[i], angle, radius + far);
                const double cost = crowd.below(box) + far * 0.35 + (step % 8 == 0 ? 0 : 0.5);
                if (cost >= best || !area.contains(box))
                    continue;
                std::optional<QLineF> leader;
                if (far > 4)
                    leader = QLineF(anchors[i], leaderEnd(box, anchors[i]));
                const QRectF wide = box.adjusted(-1, 0, 1, 0);
                const bool hides = std::any_of(anchors.begin(), anchors.end(), [&](const QPointF& anchor) {
                    return wide.adjusted(-radius, -radius, radius, radius).contains(anchor);
                });
                if (hides || !taken.allows(wide, leader))
                    continue;
                best = cost;
                line = leader;
                placed[i] = PlacedLabel{box, leader.has_value()};
            }
        }
        if (placed[i]) {
            taken.boxes.push_back(placed[i]->box.adjusted(-1, 0, 1, 0));
            if (line)
                taken.leaders.push_back(*line);
        }
    }
    return placed;
}

} // namespace ember

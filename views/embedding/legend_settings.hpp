#pragma once
// What a user changed about a legend, by the names of its categories, so that it fits every document that has
// them.

#include <QJsonObject>

#include "widgets/point_colors.hpp"

namespace ember {

/// What `edited` differs in from `base`: colours, hidden categories, order, colour map, range.
QJsonObject legendToJson(const PointColors& base, const PointColors& edited);

/// `base` with those changes; names that it lacks are skipped.
PointColors withLegend(PointColors base, const QJsonObject& legend);

/// The text of an undo command: "Change a colour of condition".
QString legendChangeText(const PointColors& before, const PointColors& after);

} // namespace ember

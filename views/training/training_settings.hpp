#pragma once
// What the session keeps of the Training view.

#include <QJsonObject>
#include <QString>
#include <QStringList>

#include "views/training/curve_panels.hpp"

namespace ember {

struct TrainingSettings {
    QString run;        ///< whose details are shown; empty: the first of the list
    QStringList ticked; ///< runs whose curves are shown beside it
    CurveChoice curves;
    int tab = 0; ///< facts, checkpoints, map
    QString mapColor = QStringLiteral("perturbation");
    QString folder; ///< where the last run was started
    bool operator==(const TrainingSettings&) const = default;
};

QJsonObject toJson(const TrainingSettings& settings);
TrainingSettings trainingSettingsFrom(const QJsonObject& json);

} // namespace ember

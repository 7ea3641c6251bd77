#pragma once
// What the Genes view shows, as plain values that go to JSON and back. Empty texts mean the default.

#include <QJsonObject>
#include <QString>
#include <QStringList>

namespace ember {

struct DifferentialSettings {
    QString values;    ///< matrix: "X", "obsm/X_hvg"
    QString groupBy;   ///< obs column
    QString group;     ///< one label; empty: the first that is not the reference, "*": each
    QString reference; ///< one label, or "rest"
    QStringList within;
    bool withinChosen = false;       ///< so that an empty list means all cells together
    QString unit;                    ///< replicate column, or "cells"
    QString test;                    ///< "wilcoxon" or "t-test"
    QString table;                   ///< which result is shown: labels joined by a line break
    QString gene;                    ///< the chosen one
    double alpha = 0.05, effect = 1; ///< thresholds: adjusted p, |log2 fold change|
    bool operator==(const DifferentialSettings&) const = default;
};

struct ResponseSettings {
    QString values, group, reference;
    QStringList strata;
    bool strataChosen = false;
    QStringList predictions; ///< names; with `predictionsChosen`
    bool predictionsChosen = false;
    QString unit;
    QString stratum, gene;
    bool operator==(const ResponseSettings&) const = default;
};

struct PathwaySettings {
    QString sets;              ///< path of a GMT file; empty: the bundled pathways
    QString genes = "changed"; ///< "up", "down", "changed", "ranked"
    QString set;               ///< the chosen one
    bool operator==(const PathwaySettings&) const = default;
};

struct GenesSettings {
    int page = 0;
    DifferentialSettings differential;
    ResponseSettings response;
    PathwaySettings pathways;
    bool operator==(const GenesSettings&) const = default;
};

QJsonObject settingsToJson(const GenesSettings& settings);
/// What is missing or unknown takes its default.
GenesSettings genesSettingsFromJson(const QJsonObject& json);

} // namespace ember

#pragma once
// What the Compare view shows, as plain values that go to JSON and back.

#include <QJsonObject>
#include <QString>
#include <QStringList>

namespace ember {

enum class ComparePage { maps, metrics, differences };

/// Where the cells of all maps lie.
struct MapLayout {
    enum class Kind {
        joint,    ///< one UMAP of the real and all predicted cells
        ontoReal, ///< a UMAP of the real cells; predicted cells are placed among them
        stored    ///< a member of obsm, `key`: each cell where its file has it
    };
    Kind kind = Kind::joint;
    QString key;
    bool operator==(const MapLayout&) const = default;
};

/// What colours the maps.
struct MapColor {
    enum class Kind {
        automatic, ///< the perturbation column
        plain,
        column,        ///< obs column `key`
        magnitude,     ///< Euclidean norm per cell
        gene,          ///< gene `key` of the compared values
        distance,      ///< per cell, from its values in the reference
        geneDifference ///< of gene `key`: less the cell's value in the reference
    };
    Kind kind = Kind::automatic;
    QString key;
    QString reference; ///< path of a compared file; empty: the real cells
    bool operator==(const MapColor&) const = default;
    bool isDifference() const { return kind == Kind::distance || kind == Kind::geneDifference; }
    bool isGene() const { return kind == Kind::gene || kind == Kind::geneDifference; }
};

/// Arrows over the maps.
enum class MapArrows {
    none,
    fromControl, ///< real control cells' centre → centre of each perturbed group
    ofGroups,    ///< a group's real centre → its predicted centre
    ofCells      ///< a cell's real place → its predicted place
};

struct MapSettings {
    MapLayout layout;
    MapColor color;
    MapArrows arrows = MapArrows::none;
    bool paths = false; ///< centres of groups over the time points
    QString cellType;   ///< whose arrows and paths; empty: all
    bool operator==(const MapSettings&) const = default;
};

struct MetricSettings {
    QString metric = "pearson_delta"; ///< the one that is plotted
    QString perturbation, cellType;   ///< scope of the table; empty: all
    bool operator==(const MetricSettings&) const = default;
};

struct DifferenceSettings {
    bool change = true;     ///< changes from the control; else mean values
    QString model;          ///< path of the prediction in the scatter plot; empty: the first
    QString perturbation;   ///< empty: the first that is not the control
    QString cellType, time; ///< empty: all
    bool operator==(const DifferenceSettings&) const = default;
};

struct CompareSettings {
    ComparePage page = ComparePage::maps;
    QStringList predictions; ///< paths; empty: all of the current cells
    MapSettings maps;
    MetricSettings metrics;
    DifferenceSettings differences;
    QJsonObject legends; ///< colouring → what the user changed; as in the Predictions view
    bool operator==(const CompareSettings&) const = default;
};

QJsonObject settingsToJson(const CompareSettings& settings);
/// What is missing or unknown takes its default.
CompareSettings compareSettingsFromJson(const QJsonObject& json);

/// Names a colouring in CompareSettings::legends: "column:condition".
QString legendKey(const MapColor& color);

} // namespace ember

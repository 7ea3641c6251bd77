#pragma once
// What panes of cells show, as plain values that go to JSON and back.

#include <vector>

#include <QJsonObject>
#include <QString>

namespace ember {

/// Where a pane's points lie.
struct EmbeddingChoice {
    enum class Kind {
        automatic, ///< the file's best embedding, else a UMAP
        obsm,      ///< a member of obsm, `key`
        umap       ///< a UMAP of the values that the statistics are of
    };
    Kind kind = Kind::automatic;
    QString key;
    bool operator==(const EmbeddingChoice&) const = default;
};

/// What colours a pane's points.
struct ColorChoice {
    enum class Kind {
        automatic,     ///< the perturbation column, when there is one
        plain,         ///< all alike
        column,        ///< obs column `key`
        gene,          ///< gene `key` of X
        predictedGene, ///< column `key` of the predicted values
        magnitude      ///< Euclidean norm per cell
    };
    Kind kind = Kind::automatic;
    QString key;
    bool operator==(const ColorChoice&) const = default;
};

struct PaneSettings {
    QString document; ///< path of the file that is shown; empty: the view's own
    EmbeddingChoice embedding;
    ColorChoice color;
    bool operator==(const PaneSettings&) const = default;
};

constexpr int most_panes = 4;

struct PredictionSettings {
    QString group, crossed;
    bool grouped = false; ///< `group` was chosen, so that an empty one means all cells together
    QString values,
        valuesOf; ///< a matrix other than the main one ("layers/counts"), of the file at this path
    std::vector<PaneSettings> panes = {PaneSettings()};
    QJsonObject legends; ///< colouring → what the user changed: colours, order, hidden categories, range
    bool operator==(const PredictionSettings&) const = default;
};

QJsonObject settingsToJson(const PredictionSettings& settings);
/// What is missing or unknown takes its default.
PredictionSettings settingsFromJson(const QJsonObject& json);

/// Names a colouring in PredictionSettings::legends: "column:condition".
QString legendKey(const ColorChoice& color);

} // namespace ember

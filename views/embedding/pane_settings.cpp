#include "views/embedding/pane_settings.hpp"

#include <algorithm>
#include <array>

#include <QJsonArray>

namespace ember {

namespace {

constexpr std::array<const char*, 3> embeddingKinds = {"automatic", "obsm", "umap"};
constexpr std::array<const char*, 6> colorKinds = {"automatic", "plain",          "column",
                                                   "gene",      "predicted_gene", "magnitude"};

template<typename Choice, std::size_t count>
QJsonObject choiceToJson(const Choice& choice, const std::array<const char*, count>& kinds) {
    QJsonObject json{{"kind", kinds[static_cast<std::size_t>(choice.kind)]}};
    if (!choice.key.isEmpty()) {
        json["key"] = choice.key;
    }
    return json;
}

template<typename Choice, std::size_t count>
Choice choiceFromJson(const QJsonValue& value, const std::array<const char*, count>& kinds) {
    const QString word = value["kind"].toString();
    const auto found = std::find_if(kinds.begin(), kinds.end(),
                                    [&word](const char* kind) { return word == QLatin1String(kind); });
    Choice choice;
    if (found != kinds.end()) {
        choice.kind = static_cast<typename Choice::Kind>(found - kinds.begin());
        choice.key = value["key"].toString();
    }
    return choice;
}

} // namespace

QJsonObject settingsToJson(const PredictionSettings& settings) {
    QJsonObject json;
    if (settings.grouped) {
        json["group"] = settings.group;
    }
    if (!settings.crossed.isEmpty()) {
        json["crossed"] = settings.crossed;
    }
    if (!settings.values.isEmpty()) {
        json["values"] = settings.values;
        json["values_of"] = settings.valuesOf;
    }
    QJsonArray panes;
    for (const PaneSettings& pane : settings.panes) {
        QJsonObject entry{{"embedding", choiceToJson(pane.embedding, embeddingKinds)},
                          {"color", choiceToJson(pane.color, colorKinds)}};
        if (!pane.document.isEmpty()) {
            entry["document"] = pane.document;
        }
        panes.append(entry);
    }
    if (settings.panes != PredictionSettings().panes) {
        json["panes"] = panes;
    }
    if (!settings.legends.isEmpty()) {
        json["legends"] = settings.legends;
    }
    return json;
}

PredictionSettings settingsFromJson(const QJsonObject& json) {
    PredictionSettings settings;
    settings.grouped = json["group"].isString();
    settings.group = json["group"].toString();
    settings.crossed = json["crossed"].toString();
    settings.values = json["values"].toString();
    settings.valuesOf = json["values_of"].toString();
    const QJsonArray panes = json["panes"].toArray();
    if (!panes.isEmpty()) {
        settings.panes.clear();
    }
    for (const QJsonValue& pane : panes) {
        if (static_cast<int>(settings.panes.size()) < most_panes) {
            settings.panes.push_back({pane["document"].toString(),
                                      choiceFromJson<EmbeddingChoice>(pane["embedding"], embeddingKinds),
                                      choiceFromJson<ColorChoice>(pane["color"], colorKinds)});
        }
    }
    settings.legends = json["legends"].toObject();
    return settings;
}

QString legendKey(const ColorChoice& color) {
    return QString("%1:%2").arg(QLatin1String(colorKinds[static_cast<std::size_t>(color.kind)]), color.key);
}

} // namespace ember

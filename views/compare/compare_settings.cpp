#include "views/compare/compare_settings.hpp"

#include <algorithm>
#include <array>

#include <QJsonArray>

namespace ember {

namespace {

constexpr std::array pages = {"maps", "metrics", "differences"};
constexpr std::array layouts = {"joint", "onto_real", "stored"};
constexpr std::array colors = {"automatic", "plain",    "column",         "magnitude",
                               "gene",      "distance", "gene_difference"};
constexpr std::array arrows = {"none", "from_control", "of_groups", "of_cells"};

template<typename Kind, std::size_t count>
QString word(Kind kind, const std::array<const char*, count>& words) {
    return QLatin1String(words[static_cast<std::size_t>(kind)]);
}

template<typename Kind, std::size_t count>
Kind kindOf(const QJsonValue& value, const std::array<const char*, count>& words) {
    const auto found = std::find(words.begin(), words.end(), value.toString());
    return found == words.end() ? Kind() : static_cast<Kind>(found - words.begin());
}

/// Only what differs from the default is written.
void put(QJsonObject& json, const char* name, const QString& text, const QString& usual = {}) {
    if (text != usual) {
        json[QLatin1String(name)] = text;
    }
}

void put(QJsonObject& json, const char* name, bool value) {
    if (value) {
        json[QLatin1String(name)] = true;
    }
}

void put(QJsonObject& json, const char* name, const QJsonObject& part) {
    if (!part.isEmpty()) {
        json[QLatin1String(name)] = part;
    }
}

QJsonObject mapsToJson(const MapSettings& maps) {
    QJsonObject json;
    put(json, "layout", word(maps.layout.kind, layouts), layouts[0]);
    put(json, "layout_key", maps.layout.key);
    put(json, "color", word(maps.color.kind, colors), colors[0]);
    put(json, "color_key", maps.color.key);
    put(json, "reference", maps.color.reference);
    put(json, "arrows", word(maps.arrows, arrows), arrows[0]);
    put(json, "paths", maps.paths);
    put(json, "cell_type", maps.cellType);
    return json;
}

MapSettings mapsFromJson(const QJsonObject& json) {
    return {{kindOf<MapLayout::Kind>(json["layout"], layouts), json["layout_key"].toString()},
            {kindOf<MapColor::Kind>(json["color"], colors), json["color_key"].toString(),
             json["reference"].toString()},
            kindOf<MapArrows>(json["arrows"], arrows),
            json["paths"].toBool(),
            json["cell_type"].toString()};
}

QJsonObject metricsToJson(const MetricSettings& metrics) {
    QJsonObject json;
    put(json, "metric", metrics.metric, MetricSettings().metric);
    put(json, "perturbation", metrics.perturbation);
    put(json, "cell_type", metrics.cellType);
    return json;
}

QJsonObject differencesToJson(const DifferenceSettings& differences) {
    QJsonObject json;
    put(json, "means", !differences.change);
    put(json, "model", differences.model);
    put(json, "perturbation", differences.perturbation);
    put(json, "cell_type", differences.cellType);
    put(json, "time", differences.time);
    return json;
}

DifferenceSettings differencesFromJson(const QJsonObject& json) {
    return {!json["means"].toBool(), json["model"].toString(), json["perturbation"].toString(),
            json["cell_type"].toString(), json["time"].toString()};
}

} // namespace

QJsonObject settingsToJson(const CompareSettings& settings) {
    QJsonObject json;
    put(json, "page", word(settings.page, pages), pages[0]);
    if (!settings.predictions.isEmpty()) {
        json["predictions"] = QJsonArray::fromStringList(settings.predictions);
    }
    put(json, "maps", mapsToJson(settings.maps));
    put(json, "metrics", metricsToJson(settings.metrics));
    put(json, "differences", differencesToJson(settings.differences));
    put(json, "legends", settings.legends);
    return json;
}

CompareSettings compareSettingsFromJson(const QJsonObject& json) {
    CompareSettings settings;
    settings.page = kindOf<ComparePage>(json["page"], pages);
    for (const QJsonValue& path : json["predictions"].toArray()) {
        settings.predictions << path.toString();
    }
    settings.maps = mapsFromJson(json["maps"].toObject());
    const QJsonObject metrics = json["metrics"].toObject();
    settings.metrics = {metrics["metric"].toString(MetricSettings().metric),
                        metrics["perturbation"].toString(), metrics["cell_type"].toString()};
    settings.differences = differencesFromJson(json["differences"].toObject());
    settings.legends = json["legends"].toObject();
    return settings;
}

QString legendKey(const MapColor& color) {
    return QString("%1:%2").arg(word(color.kind, colors), color.key);
}

} // namespace ember

#include "views/genes/genes_settings.hpp"

#include <algorithm>

#include <QJsonArray>

namespace ember {

namespace {

void put(QJsonObject& json, const char* key, const QString& text) {
    if (!text.isEmpty()) {
        json[key] = text;
    }
}

void putList(QJsonObject& json, const char* key, const QStringList& texts, bool chosen) {
    if (chosen) {
        json[key] = QJsonArray::fromStringList(texts);
    }
}

void takeList(const QJsonObject& json, const char* key, QStringList& texts, bool& chosen) {
    chosen = json[key].isArray();
    for (const QJsonValue& text : json[key].toArray()) {
        texts << text.toString();
    }
}

QJsonObject toJson(const DifferentialSettings& settings) {
    QJsonObject json;
    put(json, "values", settings.values);
    put(json, "group_by", settings.groupBy);
    put(json, "group", settings.group);
    put(json, "reference", settings.reference);
    putList(json, "within", settings.within, settings.withinChosen);
    put(json, "unit", settings.unit);
    put(json, "test", settings.test);
    put(json, "table", settings.table);
    put(json, "gene", settings.gene);
    json["alpha"] = settings.alpha;
    json["effect"] = settings.effect;
    return json;
}

DifferentialSettings differentialFrom(const QJsonObject& json) {
    DifferentialSettings settings;
    settings.values = json["values"].toString();
    settings.groupBy = json["group_by"].toString();
    settings.group = json["group"].toString();
    settings.reference = json["reference"].toString();
    takeList(json, "within", settings.within, settings.withinChosen);
    settings.unit = json["unit"].toString();
    settings.test = json["test"].toString();
    settings.table = json["table"].toString();
    settings.gene = json["gene"].toString();
    settings.alpha = std::clamp(json["alpha"].toDouble(settings.alpha), 0.0, 1.0);
    settings.effect = std::clamp(json["effect"].toDouble(settings.effect), 0.0, 100.0);
    return settings;
}

QJsonObject toJson(const ResponseSettings& settings) {
    QJsonObject json;
    put(json, "values", settings.values);
    put(json, "group", settings.group);
    put(json, "reference", settings.reference);
    putList(json, "strata", settings.strata, settings.strataChosen);
    putList(json, "predictions", settings.predictions, settings.predictionsChosen);
    put(json, "unit", settings.unit);
    put(json, "stratum", settings.stratum);
    put(json, "gene", settings.gene);
    return json;
}

ResponseSettings responseFrom(const QJsonObject& json) {
    ResponseSettings settings;
    settings.values = json["values"].toString();
    settings.group = json["group"].toString();
    settings.reference = json["reference"].toString();
    takeList(json, "strata", settings.strata, settings.strataChosen);
    takeList(json, "predictions", settings.predictions, settings.predictionsChosen);
    settings.unit = json["unit"].toString();
    settings.stratum = json["stratum"].toString();
    settings.gene = json["gene"].toString();
    return settings;
}

} // namespace

QJsonObject settingsToJson(const GenesSettings& settings) {
    QJsonObject pathways;
    put(pathways, "sets", settings.pathways.sets);
    put(pathways, "genes", settings.pathways.genes);
    put(pathways, "set", settings.pathways.set);
    return {{"page", settings.page},
            {"differential", toJson(settings.differential)},
            {"response", toJson(settings.response)},
            {"pathways", pathways}};
}

GenesSettings genesSettingsFromJson(const QJsonObject& json) {
    GenesSettings settings;
    settings.page = std::clamp(json["page"].toInt(), 0, 2);
    settings.differential = differentialFrom(json["differential"].toObject());
    settings.response = responseFrom(json["response"].toObject());
    const QJsonObject pathways = json["pathways"].toObject();
    settings.pathways.sets = pathways["sets"].toString();
    const QString genes = pathways["genes"].toString();
    if (QStringList{"up", "down", "ranked"}.contains(genes)) {
        settings.pathways.genes = genes;
    }
    settings.pathways.set = pathways["set"].toString();
    return settings;
}

} // namespace ember

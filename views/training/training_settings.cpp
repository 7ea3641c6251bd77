#include "views/training/training_settings.hpp"

#include <algorithm>

#include <QJsonArray>

namespace ember {

QJsonObject toJson(const TrainingSettings& settings) {
    const TrainingSettings usual;
    QJsonObject json;
    const auto keep = [&](const char* key, const auto& value, const auto& fallback, const QJsonValue& shown) {
        if (value != fallback) {
            json[QLatin1String(key)] = shown;
        }
    };
    keep("run", settings.run, usual.run, settings.run);
    keep("ticked", settings.ticked, usual.ticked, QJsonArray::fromStringList(settings.ticked));
    keep("logarithmic", settings.curves.logarithmic, usual.curves.logarithmic, settings.curves.logarithmic);
    keep("smoothing", settings.curves.smoothing, usual.curves.smoothing, settings.curves.smoothing);
    keep("tab", settings.tab, usual.tab, settings.tab);
    keep("map_color", settings.mapColor, usual.mapColor, settings.mapColor);
    keep("folder", settings.folder, usual.folder, settings.folder);
    return json;
}

TrainingSettings trainingSettingsFrom(const QJsonObject& json) {
    const TrainingSettings usual;
    TrainingSettings settings;
    settings.run = json["run"].toString();
    settings.ticked = json["ticked"].toVariant().toStringList();
    settings.curves.logarithmic = json["logarithmic"].toBool(usual.curves.logarithmic);
    settings.curves.smoothing = std::clamp(json["smoothing"].toDouble(usual.curves.smoothing), 0.0, 0.99);
    settings.tab = std::clamp(json["tab"].toInt(usual.tab), 0, 2);
    settings.mapColor = json["map_color"].toString(usual.mapColor);
    settings.folder = json["folder"].toString();
    return settings;
}

} // namespace ember

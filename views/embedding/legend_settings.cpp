#include "views/embedding/legend_settings.hpp"

#include <algorithm>

#include <QCoreApplication>
#include <QHash>
#include <QJsonArray>

namespace ember {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("ember::EmbeddingPane", text);
}

QHash<QString, int> indicesOf(const QStringList& names) {
    QHash<QString, int> indices;
    for (int index = 0; index < names.size(); ++index) {
        indices.insert(names[index], index);
    }
    return indices;
}

QJsonObject changedColors(const PointColors& base, const PointColors& edited) {
    QJsonObject colors;
    for (int index = 0; index < edited.names.size(); ++index) {
        if (edited.colorOf(index) != base.colorOf(index)) {
            colors[edited.names[index]] = edited.colorOf(index).name();
        }
    }
    return colors;
}

QJsonArray hiddenNames(const PointColors& colors) {
    QJsonArray names;
    for (int index = 0; index < colors.names.size(); ++index) {
        if (colors.isHidden(index)) {
            names.append(colors.names[index]);
        }
    }
    return names;
}

QJsonArray orderedNames(const PointColors& colors) {
    QJsonArray names;
    for (const int index : colors.order) {
        names.append(colors.names.value(index));
    }
    return names;
}

void applyCategories(PointColors& colors, const QJsonObject& legend) {
    const QHash<QString, int> indices = indicesOf(colors.names);
    const auto count = static_cast<std::size_t>(colors.names.size());
    const QJsonObject chosen = legend["colors"].toObject();
    if (!chosen.isEmpty()) {
        colors.colors.resize(count);
    }
    for (auto entry = chosen.begin(); entry != chosen.end(); ++entry) {
        if (const int index = indices.value(entry.key(), -1); index >= 0) {
            colors.colors[static_cast<std::size_t>(index)] = QColor(entry->toString());
        }
    }
    if (legend.contains("hidden")) {
        colors.hidden.assign(count, 0);
        for (const QJsonValue& name : legend["hidden"].toArray()) {
            if (const int index = indices.value(name.toString(), -1); index >= 0) {
                colors.hidden[static_cast<std::size_t>(index)] = 1;
            }
        }
    }
    colors.missingHidden = legend["missing_hidden"].toBool(colors.missingHidden);
    const QJsonArray ordered = legend["order"].toArray();
    std::vector<int> order;
    for (const QJsonValue& name : ordered) {
        order.push_back(indices.value(name.toString(), -1));
    }
    if (order.size() == count && std::find(order.begin(), order.end(), -1) == order.end()) {
        colors.order = std::move(order);
    }
}

} // namespace

QJsonObject legendToJson(const PointColors& base, const PointColors& edited) {
    QJsonObject legend;
    if (edited.coloring() == PointColoring::category) {
        if (const QJsonObject colors = changedColors(base, edited); !colors.isEmpty()) {
            legend["colors"] = colors;
        }
        if (const QJsonArray hidden = hiddenNames(edited); hidden != hiddenNames(base)) {
            legend["hidden"] = hidden;
        }
        if (edited.missingHidden != base.missingHidden) {
            legend["missing_hidden"] = edited.missingHidden;
        }
        if (edited.order != base.order) {
            legend["order"] = orderedNames(edited);
        }
    } else if (edited.coloring() == PointColoring::value) {
        if (edited.map != base.map) {
            legend["map"] = toString(edited.map);
        }
        if (edited.low != base.low || edited.high != base.high) {
            legend["low"] = edited.low;
            legend["high"] = edited.high;
        }
    }
    return legend;
}

PointColors withLegend(PointColors base, const QJsonObject& legend) {
    if (base.coloring() == PointColoring::category) {
        applyCategories(base, legend);
    } else if (base.coloring() == PointColoring::value) {
        base.map = legend.contains("map") ? colorMapFrom(legend["map"].toString()) : base.map;
        base.low = legend["low"].toDouble(base.low);
        base.high = legend["high"].toDouble(base.high);
    }
    return base;
}

QString legendChangeText(const PointColors& before, const PointColors& after) {
    if (before.map != after.map) {
        return tr("Change the colour map");
    }
    if (before.low != after.low || before.high != after.high) {
        return tr("Change the colour range");
    }
    if (before.order != after.order) {
        return tr("Reorder the legend");
    }
    if (before.hidden != after.hidden || before.missingHidden != after.missingHidden) {
        return tr("Show or hide categories");
    }
    return tr("Change a colour of %1").arg(after.title);
}

} // namespace ember

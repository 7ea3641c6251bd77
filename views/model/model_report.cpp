#include "views/model/model_report.hpp"

#include <algorithm>

#include <QCoreApplication>
#include <QTreeWidget>

#include "views/model/model_terms.hpp"
#include "widgets/formatting.hpp"

namespace ember {

namespace {

using Json = nlohmann::json;

QString tr(const char* text) {
    return QCoreApplication::translate("ember::ModelReport", text);
}

QString textOf(const std::string& text) {
    return QString::fromStdString(text);
}

const Json& member(const Json& object, const char* name) {
    static const Json nothing;
    const auto found = object.is_object() ? object.find(name) : object.end();
    return found == object.end() ? nothing : *found;
}

/// Lists of plain values stay on one line; nested ones and objects get lines of their own.
bool isOneLine(const Json& value) {
    if (value.is_object()) {
        return value.empty();
    }
    return !value.is_array() ||
           std::all_of(value.begin(), value.end(), [](const Json& item) { return item.is_primitive(); });
}

void addBranch(QTreeWidgetItem* parent, const Json& value, bool keysAreNames) {
    for (const auto& [key, child] : value.items()) {
        const QString label = keysAreNames ? textOf(key) : readableKey(key);
        if (isOneLine(child)) {
            auto* item = new QTreeWidgetItem(parent, {label, readableValue(child)});
            item->setToolTip(1, item->text(1));
        } else {
            addBranch(new QTreeWidgetItem(parent, {label}), child, keysAreNames);
        }
    }
}

void addSection(QTreeWidget& tree, const QString& title, const Json& value, bool open, bool keysAreNames) {
    if (!value.is_object() || value.empty()) {
        return;
    }
    auto* section = new QTreeWidgetItem(&tree, {title});
    QFont bold = tree.font();
    bold.setWeight(QFont::DemiBold);
    section->setFont(0, bold);
    section->setFirstColumnSpanned(true);
    addBranch(section, value, keysAreNames);
    section->setExpanded(open);
}

Json general(const Json& report) {
    Json lines = Json::object();
    for (const char* key : {"format", "parameters", "dead_parameters", "epoch", "global_step",
                            "has_optimizer_state", "default_checkpoint", "fingerprint"}) {
        if (const Json& value = member(report, key); !value.is_null()) {
            lines[key] = value;
        }
    }
    return lines;
}

Json checkpoints(const Json& report) {
    Json files = Json::object();
    for (const Json& checkpoint : member(report, "checkpoints")) {
        files[checkpoint.value("file", std::string())] =
            formatBytes(checkpoint.value("bytes", std::uint64_t{0})).toStdString();
    }
    return files;
}

} // namespace

QString readableKey(const std::string& key) {
    if (const QString text = modelTerm(key); !text.isEmpty()) {
        return text;
    }
    QString text = textOf(key).replace('_', ' ');
    return text.isEmpty() ? text : text[0].toUpper() + text.mid(1);
}

QString readableValue(const Json& value) {
    if (value.is_string()) {
        return textOf(value.get<std::string>());
    }
    if (value.is_number_integer()) {
        return formatCount(value.get<std::int64_t>());
    }
    if (value.is_number_float()) {
        return formatNumber(value.get<double>());
    }
    if (value.is_boolean()) {
        return value.get<bool>() ? tr("yes") : tr("no");
    }
    if (value.is_null() || value.empty()) {
        return tr("none");
    }
    constexpr std::size_t most = 12;
    if (!isOneLine(value) || value.size() > most) {
        return tr("%1 entries").arg(formatCount(static_cast<std::int64_t>(value.size())));
    }
    QStringList items;
    for (const Json& item : value) {
        items << readableValue(item);
    }
    return items.join(", ");
}

void fillModelReport(QTreeWidget& tree, const Json& report) {
    tree.clear();
    addSection(tree, tr("General"), general(report), true, false);
    addSection(tree, tr("Dimensions"), member(report, "dimensions"), true, false);
    addSection(tree, tr("Options"), member(report, "options"), true, false);
    addSection(tree, tr("Checkpoints"), checkpoints(report), true, true);
    addSection(tree, tr("Configuration"), member(report, "config"), false, true);
    addSection(tree, tr("Hyper-parameters"), member(report, "hyper_parameters"), false, true);
    addSection(tree, tr("Tensors"), member(report, "tensors"), false, true);
}

QString modelSummary(const Json& report) {
    QStringList parts{textOf(report.value("kind", std::string()))};
    if (const Json& parameters = member(report, "parameters"); parameters.is_number()) {
        parts << tr("%1 parameters").arg(readableValue(parameters));
    }
    const Json& dimensions = member(report, "dimensions");
    const Json& key = member(member(report, "options"), "embed_key");
    if (dimensions.is_object()) {
        const QString read = readableValue(member(dimensions, "input_dim"));
        parts << (key.is_string() ? tr("reads %1 values per cell (%2)").arg(read, readableValue(key))
                                  : tr("reads %1 values per cell").arg(read));
        parts << tr("predicts %1").arg(readableValue(member(dimensions, "output_dim")));
    }
    return parts.join(QString::fromUtf8("  ·  "));
}

} // namespace ember

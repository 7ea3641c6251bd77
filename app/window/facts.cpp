#include "app/window/facts.hpp"

#include <QCoreApplication>
#include <QStringList>

#include "app/window/recent_files.hpp"
#include "widgets/formatting.hpp"

namespace ember {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("ember::Facts", text);
}

QString count(std::uint64_t number) {
    return formatCount(static_cast<std::int64_t>(number));
}

QString orNone(const QStringList& items) {
    return items.isEmpty() ? tr("none") : items.join(", ");
}

template<typename Items, typename Name>
QStringList names(const Items& items, Name name) {
    QStringList all;
    for (const auto& item : items) {
        all << QString::fromStdString(name(item));
    }
    return all;
}

QStringList memberTexts(const std::vector<MemberInfo>& members) {
    QStringList texts;
    for (const MemberInfo& member : members) {
        texts << QString("%1 (%2)").arg(QString::fromStdString(member.key), count(member.cols));
    }
    return texts;
}

void addContent(QList<Fact>& facts, const DatasetDocument& dataset) {
    const AnnData& data = *dataset.data;
    const auto itself = [](const std::string& name) { return name; };
    const auto name = [](const auto& info) { return info.name; };
    facts << Fact{tr("Cells"), count(data.n_obs())} << Fact{tr("Genes"), count(data.n_vars())}
          << Fact{tr("Format"), QString::fromStdString(data.generation())}
          << Fact{tr("Cell columns"), orNone(names(data.obs_columns(), name))}
          << Fact{tr("Gene columns"), orNone(names(data.var_columns(), name))}
          << Fact{tr("Layers"), orNone(names(data.layers(), itself))}
          << Fact{tr("Embeddings"), orNone(memberTexts(data.obsm()))}
          << Fact{tr("Unstructured"), orNone(names(data.uns_keys(), itself))};
}

QString readable(QString key) {
    key.replace('_', ' ');
    return key.isEmpty() ? key : key[0].toUpper() + key.mid(1);
}

QString valueText(const nlohmann::json& value) {
    if (value.is_string()) {
        return QString::fromStdString(value.get<std::string>());
    }
    if (value.is_number_integer() || value.is_number_unsigned()) {
        return formatCount(value.get<std::int64_t>());
    }
    if (value.is_number_float()) {
        return formatNumber(value.get<double>());
    }
    if (value.is_boolean()) {
        return value.get<bool>() ? tr("yes") : tr("no");
    }
    if (!value.is_array()) {
        return {};
    }
    constexpr std::size_t shown = 12;
    QStringList items;
    for (std::size_t at = 0; at < value.size() && at < shown; ++at) {
        if (!value[at].is_primitive()) {
            return tr("%1 entries").arg(value.size());
        }
        items << valueText(value[at]);
    }
    const QString more = value.size() > shown ? tr(" and %1 more").arg(value.size() - shown) : QString();
    return orNone(items) + more;
}

/// A report nested at most two deep: members of objects go below a heading.
void addReport(QList<Fact>& facts, const nlohmann::json& report, bool headings) {
    for (const auto& [key, value] : report.items()) {
        if (!value.is_object() && !value.is_null() && key != "path") {
            facts << Fact{readable(QString::fromStdString(key)), valueText(value)};
        }
    }
    for (const auto& [key, value] : report.items()) {
        if (headings && value.is_object() && !value.empty() && key != "hyper_parameters") {
            facts << Fact{readable(QString::fromStdString(key)), {}};
            addReport(facts, value, false);
        }
    }
}

} // namespace

QList<Fact> factsOf(const DatasetDocument& dataset) {
    QList<Fact> facts{{tr("Data set"), {}}, {tr("File"), shortPath(dataset.path)}};
    addContent(facts, dataset);
    return facts;
}

QList<Fact> factsOf(const ModelDocument& model) {
    QList<Fact> facts{{tr("Model"), {}}, {tr("Folder"), shortPath(model.path)}};
    addReport(facts, model.info, true);
    return facts;
}

QList<Fact> factsOf(const PredictionDocument& prediction) {
    const InferResult& result = prediction.result;
    QList<Fact> facts{{tr("Prediction"), {}}, {tr("File"), shortPath(prediction.output.path)}};
    const auto add = [&facts](const QString& label, const QString& value) {
        if (!value.isEmpty()) {
            facts << Fact{label, value};
        }
    };
    const auto text = [](const std::string& value) { return QString::fromStdString(value); };
    add(tr("Model"), shortPath(prediction.modelPath));
    add(tr("Input"), shortPath(prediction.inputPath));
    add(tr("Predicted matrix"), text(to_string(prediction.source)));
    add(tr("Perturbation column"), text(result.pert_col));
    add(tr("Control"), text(result.control_pert));
    add(tr("Cell type column"), text(result.celltype_col));
    add(tr("Batch column"), text(result.batch_col));
    add(tr("Embedding read"), text(result.embed_key));
    if (result.cells_per_second > 0) {
        add(tr("Speed"), tr("%1 cells/s").arg(formatNumber(result.cells_per_second, 3)));
    }
    add(tr("Never seen by the model"),
        names(result.unknown, [](const auto& unknown) { return unknown.label; }).join(", "));
    facts << Fact{tr("Output file"), {}};
    addContent(facts, prediction.output);
    return facts;
}

} // namespace ember

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

QString shortList(const nlohmann::json& values) {
    constexpr std::size_t shown = 12;
    QStringList items;
    for (std::size_t at = 0; at < values.size() && at < shown; ++at) {
        items << QString::fromStdString(values[at].get<std::string>());
    }
    const QString more =
        values.size() > shown ? tr(" and %1 more").arg(count(values.size() - shown)) : QString();
    return items.join(", ") + more;
}

/// A number or a list of texts somewhere in the report; nothing when it is not there.
void addFrom(QList<Fact>& facts, const nlohmann::json& report, const QString& label, const char* pointer) {
    const nlohmann::json::json_pointer place(pointer);
    if (!report.contains(place)) {
        return;
    }
    const nlohmann::json& value = report[place];
    if (value.is_number_integer()) {
        facts << Fact{label, formatCount(value.get<std::int64_t>())};
    } else if (value.is_string()) {
        facts << Fact{label, QString::fromStdString(value.get<std::string>())};
    } else if (value.is_array() && !value.empty()) {
        facts << Fact{QString("%1 (%2)").arg(label, formatCount(static_cast<std::int64_t>(value.size()))),
                      shortList(value)};
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
    const auto add = [&](const QString& label, const char* pointer) {
        addFrom(facts, model.info, label, pointer);
    };
    add(tr("Format"), "/format");
    add(tr("Checkpoint"), "/default_checkpoint");
    add(tr("Parameters"), "/parameters");
    add(tr("Reads"), "/options/embed_key");
    add(tr("Values read"), "/dimensions/input_dim");
    add(tr("Values predicted"), "/dimensions/output_dim");
    add(tr("Cells per set"), "/dimensions/cell_set_len");
    add(tr("Layers"), "/dimensions/layers");
    add(tr("Control"), "/options/control_pert");
    facts << Fact{tr("Trained with"), {}};
    add(tr("Perturbations"), "/vocabulary/perturbations/labels");
    add(tr("Cell types"), "/vocabulary/cell_types/labels");
    add(tr("Batches"), "/vocabulary/batches/labels");
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

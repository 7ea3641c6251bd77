#include "views/genes/differential_choice.hpp"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>

#include "widgets/formatting.hpp"

namespace ember {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("ember::DifferentialPage", text);
}

QString textOf(const std::string& text) {
    return QString::fromStdString(text);
}

QString columnOr(const QString& wish, const QString& fallback, const GeneContext& context) {
    return context.hasColumn(wish) ? wish : context.hasColumn(fallback) ? fallback : QString();
}

/// "Burn (1,204 cells, 9 × mouse)".
QString sideText(const std::string& name, std::uint64_t cells, std::uint64_t replicates,
                 const std::string& column) {
    QString inside = formatCount(static_cast<std::int64_t>(cells), tr("cell"), tr("cells"));
    if (replicates > 0) {
        inside += tr(", %1: %2").arg(textOf(column), formatCount(static_cast<std::int64_t>(replicates)));
    }
    return QString("%1 (%2)").arg(textOf(name), inside);
}

} // namespace

DifferentialSettings resolved(const DifferentialSettings& settings, const GeneContext& context,
                              const MatrixSource& main) {
    DifferentialSettings full = settings;
    const Schema& schema = context.schema;
    const QString perturbation = textOf(schema.pert_col.value), type = textOf(schema.celltype_col.value);
    full.values = textOf(to_string(context.source(settings.values, main)));
    full.groupBy = columnOr(settings.groupBy, columnOr(perturbation, type, context), context);
    if (full.groupBy.isEmpty()) {
        full.groupBy = context.columns.value(0);
    }
    const QStringList labels = context.labelsOf(full.groupBy);
    const QString control = textOf(schema.control_pert.value);
    const bool controlled = full.groupBy == perturbation && labels.contains(control);
    if (!labels.contains(full.reference) && full.reference != "rest") {
        full.reference = controlled ? control : QString("rest");
    }
    if (full.group != "*" && (!labels.contains(full.group) || full.group == full.reference)) {
        const bool pair = full.reference != "rest" && labels.size() == 2;
        full.group = pair ? (labels[0] == full.reference ? labels[1] : labels[0]) : QString("*");
    }
    if (!settings.withinChosen) {
        full.within = full.groupBy == perturbation && context.hasColumn(type) && type != full.groupBy
                          ? QStringList{type}
                          : QStringList();
    }
    full.within.removeAll(full.groupBy);
    full.within.removeIf([&context](const QString& column) { return !context.hasColumn(column); });
    const QString replicates = textOf(schema.replicate_col.value);
    if (full.unit != "cells" && (!context.hasColumn(full.unit) || full.unit == full.groupBy)) {
        full.unit = context.hasColumn(replicates) && replicates != full.groupBy ? replicates : "cells";
    }
    return full;
}

DifferentialRequest differentialRequest(const QString& file, const DifferentialSettings& settings,
                                        const GeneContext& context) {
    DifferentialRequest request;
    request.adata = file.toStdString();
    request.source = context.source(settings.values);
    request.groupby = settings.groupBy.toStdString();
    request.reference = settings.reference.toStdString();
    if (settings.group != "*") {
        request.groups = {settings.group.toStdString()};
    } else if (settings.reference != "rest") {
        for (const QString& label : context.labelsOf(settings.groupBy)) {
            if (label != settings.reference) {
                request.groups.push_back(label.toStdString());
            }
        }
    }
    request.test = settings.test == "wilcoxon" ? GeneTest::wilcoxon
                   : settings.test == "t-test" ? GeneTest::welch
                                               : GeneTest::automatic;
    const bool cells = settings.unit == "cells";
    request.unit = cells ? TestUnit::cells : TestUnit::replicates;
    request.replicate_col = cells ? std::string() : settings.unit.toStdString();
    for (const QString& column : settings.within) {
        request.within.push_back(column.toStdString());
    }
    return request;
}

QString keyOf(DocumentRef document, const DifferentialRequest& request) {
    QStringList parts = {QString::number(document.id), textOf(to_string(request.source)),
                         textOf(request.groupby),      textOf(request.reference),
                         to_string(request.test),      to_string(request.unit),
                         textOf(request.replicate_col)};
    for (const auto* list : {&request.groups, &request.within}) {
        parts << QString::number(list->size());
        for (const std::string& text : *list) {
            parts << textOf(text);
        }
    }
    return parts.join('\n');
}

QString tableKey(const DifferentialTable& table) {
    QStringList parts = {textOf(table.group)};
    for (const std::string& label : table.within) {
        parts << textOf(label);
    }
    return parts.join('\n');
}

QString tableTitle(const DifferentialTable& table) {
    return tableKey(table).replace('\n', ", ");
}

int tableIndex(const DifferentialResult& result, const QString& key) {
    const auto found =
        std::find_if(result.tables.begin(), result.tables.end(),
                     [&key](const DifferentialTable& table) { return tableKey(table) == key; });
    return result.tables.empty()          ? -1
           : found == result.tables.end() ? 0
                                          : static_cast<int>(found - result.tables.begin());
}

QString describeTable(const DifferentialRequest& request, const DifferentialTable& table, double alpha) {
    const bool replicates = table.unit == TestUnit::replicates;
    const std::string& column = request.replicate_col;
    QString text = tr("%1 against %2")
                       .arg(sideText(table.group, table.n_group, table.replicates_group, column),
                            sideText(table.reference, table.n_reference, table.replicates_reference, column));
    if (!table.tested) {
        return tr("%1: %2").arg(text, table.note.empty() ? tr("not tested") : textOf(table.note));
    }
    const QString test = table.test == GeneTest::wilcoxon ? tr("Wilcoxon rank sum")
                         : table.paired                   ? tr("paired t-test")
                                                          : tr("Welch's t-test");
    const auto changed =
        std::count_if(table.padj.begin(), table.padj.end(), [alpha](double p) { return p < alpha; });
    text += tr(" · %1 on %2").arg(test, replicates ? textOf(column) : tr("cells"));
    text += tr(" · %1 of %2 genes with padj < %3")
                .arg(formatCount(changed), formatCount(static_cast<std::int64_t>(table.padj.size())),
                     formatNumber(alpha));
    return table.note.empty() ? text : tr("%1 · %2").arg(text, textOf(table.note));
}

std::vector<int> directions(const DifferentialTable& table, double alpha, double effect) {
    std::vector<int> signs(table.log_fold_change.size(), 0);
    for (std::size_t gene = 0; gene < signs.size(); ++gene) {
        const double change = table.log_fold_change[gene];
        if (table.padj[gene] < alpha && std::abs(change) >= effect) {
            signs[gene] = change > 0 ? 1 : -1;
        }
    }
    return signs;
}

} // namespace ember

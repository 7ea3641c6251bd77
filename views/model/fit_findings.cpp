#include "views/model/fit_findings.hpp"

#include <QCoreApplication>
#include <QStringList>

#include "widgets/formatting.hpp"

namespace ember {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("ember::FitFindings", text);
}

QString textOf(const std::string& text) {
    return QString::fromStdString(text);
}

} // namespace

BarKind barKindOf(FitSeverity severity) {
    return severity == FitSeverity::serious   ? BarKind::error
           : severity == FitSeverity::warning ? BarKind::warning
           : severity == FitSeverity::note    ? BarKind::information
                                              : BarKind::success;
}

BarMessage findingMessage(const FitFinding& finding) {
    BarMessage message;
    message.kind = barKindOf(finding.severity);
    message.title = textOf(finding.title);
    if (finding.cells != 0) {
        message.title += QStringLiteral("  ·  ") +
                         formatCount(static_cast<std::int64_t>(finding.cells), tr("cell"), tr("cells"));
    }
    message.text = textOf(finding.explanation);
    if (const std::string nearest = nearest_text(finding); !nearest.empty()) {
        message.text += QLatin1Char(' ') + textOf(nearest) + QLatin1Char('.');
    }
    message.remedy = textOf(finding.remedy);
    return message;
}

QString severityIcon(FitSeverity severity) {
    switch (severity) {
    case FitSeverity::fine:
        return QStringLiteral("state-success");
    case FitSeverity::note:
        return QStringLiteral("state-info");
    case FitSeverity::warning:
        return QStringLiteral("state-warning");
    case FitSeverity::serious:
        return QStringLiteral("state-error");
    }
    return {};
}

QString fitCaption(const FitReport& report) {
    QStringList parts;
    if (!report.pert_col.empty()) {
        parts << tr("perturbation %1").arg(textOf(report.pert_col));
    }
    if (!report.control.empty()) {
        parts << tr("control %1").arg(textOf(report.control));
    }
    if (!report.celltype_col.empty()) {
        parts << tr("cell type %1").arg(textOf(report.celltype_col));
    }
    if (!report.input.empty()) {
        parts << tr("input %1").arg(textOf(report.input));
    }
    const auto count = [](std::uint64_t number) { return formatCount(static_cast<std::int64_t>(number)); };
    if (report.genes.found + report.genes.missing != 0) {
        parts << tr("%1 of the model's %2 genes found by name")
                     .arg(count(report.genes.found), count(report.genes.model));
    }
    return parts.isEmpty() ? QString() : tr("Compared: %1").arg(parts.join(QStringLiteral(", ")));
}

} // namespace ember

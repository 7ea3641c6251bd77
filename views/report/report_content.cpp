#include "views/report/report_content.hpp"

#include <QCoreApplication>
#include <QDate>
#include <QLocale>

#include "views/report/report_sections.hpp"

namespace ember {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("ember::Report", text);
}

QString modelNames(const CompareResult& result) {
    QStringList names;
    for (const ModelResult& model : result.models) {
        names << QString::fromStdString(model.name);
    }
    const QString last = names.takeLast();
    return names.isEmpty() ? last : tr("%1 and %2").arg(names.join(", "), last);
}

} // namespace

ReportInput gatherReport(const CompareRequest& request, JobContext& job) {
    ReportInput input;
    input.request = request;
    input.result = compare(request, job);
    input.cells = gatherReportCells(request, job);
    input.provenance = compare_provenance(request, input.result, job);
    input.provenance["picture_of_the_cells"] = input.cells.provenance;
    return input;
}

ReportDocument reportOn(const ReportInput& input) {
    ReportDocument document;
    document.title = tr("Predictions of %1 against real cells").arg(modelNames(input.result));
    QStringList parts = {QString::fromStdString(input.request.real->path().filename().string())};
    if (input.result.changes.size() == 1) {
        parts << tr("%1 against %2")
                     .arg(QString::fromStdString(input.result.changes.front().perturbation),
                          QString::fromStdString(input.request.control_pert));
    } else {
        parts << tr("%1 perturbations against %2")
                     .arg(input.result.changes.size())
                     .arg(QString::fromStdString(input.request.control_pert));
    }
    parts << QLocale(QLocale::English).toString(QDate::currentDate(), "d MMMM yyyy");
    document.subtitle = parts.join(QStringLiteral(" · "));
    for (ReportSection section :
         {verdictSection(input), dataSection(input), metricSection(input), changeSection(input),
          cellSection(input), geneSection(input), conditionSection(input), pathwaySection(input),
          methodSection(input), limitSection(input), provenanceSection(input)}) {
        if (!section.blocks.empty()) {
            document.sections.push_back(std::move(section));
        }
    }
    document.provenance = QString::fromStdString(
        input.provenance.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
    return document;
}

} // namespace ember

#include "views/report/report_export.hpp"

#include <QCoreApplication>

#include "views/job.hpp"
#include "views/report/report_content.hpp"
#include "views/report/report_dialog.hpp"

namespace ember {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("ember::Report", text);
}

} // namespace

CompareRequest reportRequestFor(const DatasetDocument& real,
                                const std::vector<const PredictionDocument*>& predictions) {
    std::vector<AnnDataPtr> files;
    for (const PredictionDocument* prediction : predictions) {
        files.push_back(prediction->output.data);
    }
    CompareRequest request = compare_request(real.data, files, real.schema);
    for (std::size_t i = 0; i < predictions.size(); ++i) {
        request.predictions[i].source = predictions[i]->source;
    }
    return request;
}

Job* saveReport(Workspace& workspace, const CompareRequest& request, const QStringList& paths) {
    return runJob(
        workspace, tr("Report on %1").arg(QString::fromStdString(request.real->path().filename().string())),
        [request, paths](JobContext& job) {
            const ReportDocument document = reportOn(gatherReport(request, job));
            job.begin("Writing the report", static_cast<std::uint64_t>(paths.size()), "files");
            for (int i = 0; i < paths.size(); ++i) {
                writeReport(paths[i], document, [&] { job.check_cancelled(); });
                job.advance_to(static_cast<std::uint64_t>(i) + 1);
            }
            return paths;
        },
        &workspace,
        [workspace = &workspace](const QStringList& written) {
            workspace->post({MessageKind::information,
                             tr("Report written"),
                             tr("The report is in %1.").arg(written.join(tr(" and "))),
                             {},
                             written.join('\n')});
        },
        JobWeight::heavy);
}

Job* chooseAndSaveReport(QWidget* parent, Workspace& workspace) {
    ReportDialog dialog(workspace, parent);
    if (dialog.exec() != QDialog::Accepted) {
        return nullptr;
    }
    const DatasetDocument* real = workspace.dataset(dialog.real());
    std::vector<const PredictionDocument*> predictions;
    for (const int id : dialog.predictions()) {
        if (const PredictionDocument* prediction = workspace.prediction(id)) {
            predictions.push_back(prediction);
        }
    }
    if (real == nullptr || predictions.empty()) { // closed meanwhile
        return nullptr;
    }
    return saveReport(workspace, reportRequestFor(*real, predictions), dialog.paths());
}

} // namespace ember

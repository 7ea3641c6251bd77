#include "views/prediction/six_panel_export.hpp"

#include <QCoreApplication>
#include <QFileInfo>

#include "views/job.hpp"
#include "widgets/save_figure_dialog.hpp"

namespace ember {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("ember::SixPanelFigure", text);
}

QString fileName(const SixPanelRequest& request) {
    return QString::fromStdString(request.adata.filename().string());
}

} // namespace

SixPanelRequest sixPanelRequestFor(const DatasetDocument& data, const MatrixSource& source) {
    SixPanelRequest request = sixPanelRequest(*data.data, source, data.schema);
    request.adata = data.path.toStdString();
    return request;
}

SixPanelRequest sixPanelRequestFor(const PredictionDocument& prediction) {
    SixPanelRequest request = sixPanelRequestFor(prediction.output, prediction.source);
    if (!prediction.result.pert_col.empty()) {
        request.condition = prediction.result.pert_col;
    }
    if (!prediction.result.celltype_col.empty()) {
        request.celltype = prediction.result.celltype_col;
    }
    return request;
}

Job* saveSixPanels(Workspace& workspace, AnnDataPtr data, const SixPanelRequest& request,
                   const SixPanelTarget& target) {
    return runJob(
        workspace, tr("Figure of %1").arg(fileName(request)),
        [data = std::move(data), request, target](JobContext& job) {
            const SixPanelData panels = gatherSixPanels(*data, request, job);
            job.begin("Drawing", 0, "");
            writeFigure(target.path, sixPanelFigure(panels, target.options), target.options);
            return target.tables.isEmpty() ? QStringList() : writeSixPanelTables(panels, target.tables);
        },
        &workspace,
        [workspace = &workspace, target](const QStringList& tables) {
            workspace->post(
                {MessageKind::information,
                 tr("Saved"),
                 tables.isEmpty()
                     ? tr("The figure is in %1.").arg(target.path)
                     : tr("The figure is in %1, its tables are in %2.").arg(target.path, target.tables),
                 {},
                 tables.join('\n')});
        },
        JobWeight::heavy);
}

Job* chooseAndSaveSixPanels(QWidget* parent, Workspace& workspace, AnnDataPtr data,
                            const SixPanelRequest& request) {
    const QString proposed = QFileInfo(fileName(request)).completeBaseName() + QStringLiteral("_predictions");
    SaveFigureDialog dialog(proposed, parent);
    dialog.setSize({180, 120}, {150, 100});
    if (dialog.exec() != QDialog::Accepted) {
        return nullptr;
    }
    const QFileInfo file(dialog.path());
    return saveSixPanels(
        workspace, std::move(data), request,
        {dialog.path(), file.absolutePath() + '/' + file.completeBaseName() + "_tables", dialog.options()});
}

} // namespace ember

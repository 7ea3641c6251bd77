#include "views/genes/genes_page.hpp"

#include <QComboBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QUndoStack>

#include "widgets/figure_widget.hpp"

namespace ember {

void GenesPage::reportExports(const FigureWidget* plot) {
    connect(plot, &FigureWidget::exported, this, [this](const QString& path) {
        workspace_.post({MessageKind::information, tr("Saved"), tr("It is in %1.").arg(path), {}, {}});
    });
    connect(plot, &FigureWidget::exportFailed, this,
            [this](const QString& message, const QString& place, const QString& remedy) {
                workspace_.post({MessageKind::error, "CannotWrite", message, remedy, place});
            });
}

void GenesPage::chooseGene(DocumentRef document, const MatrixSource& source, const QString& gene,
                           const Change& change) {
    const QString text = tr("Choose %1").arg(gene);
    workspace_.history().beginMacro(text);
    emit wanted(text, change);
    workspace_.chooseGene(document, source, gene);
    workspace_.history().endMacro();
}

void GenesPage::saveAs(const QString& title, const QString& proposed,
                       const std::function<void(const QString& path, JobContext& job)>& write) {
    const QString path = QFileDialog::getSaveFileName(this, title, proposed, tr("CSV tables (*.csv)"));
    if (path.isEmpty()) {
        return;
    }
    runJob(
        workspace_, title, [write, path](JobContext& job) { write(path, job); }, &workspace_,
        [workspace = &workspace_, path] {
            workspace->post({MessageKind::information, tr("Exported"), tr("It is in %1.").arg(path), {}, {}});
        });
}

QComboBox* makeChoice(const char* name, const QString& accessible, const QString& tip) {
    auto* box = new QComboBox;
    box->setObjectName(name);
    box->setAccessibleName(accessible);
    box->setToolTip(tip);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(6);
    box->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    return box;
}

void addField(QHBoxLayout* row, const QString& label, QWidget* field, int stretch) {
    auto* text = new QLabel(label);
    text->setBuddy(field);
    row->addWidget(text);
    row->addWidget(field, stretch);
}

void fillChoice(QComboBox* box, const QStringList& texts, const QStringList& data, const QString& current) {
    const QSignalBlocker quiet(box);
    box->clear();
    for (int at = 0; at < texts.size(); ++at) {
        box->addItem(texts[at], data[at]);
        box->setItemData(at, texts[at], Qt::ToolTipRole);
    }
    box->setCurrentIndex(box->findData(current));
}

} // namespace ember

#include "views/compare/map_pane.hpp"

#include <QVBoxLayout>

#include "views/selections.hpp"
#include "widgets/elided_label.hpp"
#include "widgets/formatting.hpp"
#include "widgets/point_cloud_plot.hpp"
#include "widgets/theme.hpp"

namespace ember {

MapPane::MapPane(Workspace& workspace, int number, QWidget* parent) : QWidget(parent), workspace_(workspace) {
    setObjectName(QString("mapPane%1").arg(number));
    name_ = new ElidedLabel;
    name_->setObjectName(QString("mapName%1").arg(number));
    name_->setFont(headingFont(font(), 1.0));
    plot_ = new PointCloudPlot;
    plot_->setObjectName(QString("mapCloud%1").arg(number));
    plot_->setAccessibleName(tr("Cells, map %1").arg(number));
    plot_->setMinimumSize(lengthInEms(this, 9), lengthInEms(this, 7));
    plot_->setToolsVisible(false);
    plot_->setLegendVisible(false); // one for all maps
    plot_->setHoverText([this](qint64 cell) { return hoverText(cell); });
    note_ = new ElidedLabel;
    note_->setObjectName(QString("mapNote%1").arg(number));
    setRole(note_, "muted");
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    layout->addWidget(name_);
    layout->addWidget(plot_, 1);
    layout->addWidget(note_);
    connect(plot_, &PointCloudPlot::regionSelected, this,
            [this](const CellSelection& region, SelectionMode mode) {
                workspace_.selections().change(file_.document, region, mode, {});
            });
}

void MapPane::setFile(const ComparedFile& file) {
    file_ = file;
    name_->setText(file.name);
    plot_->setTitle(file.name);
    plot_->setFigureName("map_" + file.name);
}

void MapPane::setNote(const QString& note) {
    note_->setText(note);
}

void MapPane::setNoteVisible(bool visible) {
    note_->setVisible(visible);
}

QString MapPane::note() const {
    return note_->text();
}

void MapPane::showSelection() {
    plot_->setSelection(&workspace_.selections().of(file_.document));
}

/// The cell's name and what its colour says.
QString MapPane::hoverText(qint64 cell) const {
    const DatasetDocument* data = workspace_.dataOf(file_.document);
    const auto at = static_cast<std::size_t>(cell);
    if (data == nullptr || at >= data->data->n_obs()) {
        return {};
    }
    const QString name = QString::fromStdString(data->data->obs_names()[at]); // read when it was opened
    const PointColors& colors = plot_->colors();
    QString value;
    if (colors.coloring() == PointColoring::category) {
        const std::int32_t code = (*colors.codes)[at];
        value = code < 0 ? tr("no label") : colors.names.value(code);
    } else if (colors.coloring() == PointColoring::value) {
        value = formatNumber((*colors.values)[at]);
    }
    return value.isEmpty() ? name : QString("%1\n%2: %3").arg(name, colors.title, value);
}

} // namespace ember

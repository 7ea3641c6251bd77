#include "widgets/point_cloud_plot.hpp"

#include <algorithm>
#include <optional>

#include <QAction>
#include <QActionGroup>
#include <QApplication>
#include <QContextMenuEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QPointer>
#include <QThreadPool>
#include <QToolBar>
#include <QVBoxLayout>

#include "core/base/error.hpp"
#include "widgets/category_legend.hpp"
#include "widgets/point_cloud_canvas.hpp"
#include "widgets/point_legend.hpp"
#include "widgets/save_figure_dialog.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

void writeCloud(const QString& path, const FigureOptions& options, PointCloudFigure cloud,
                const QString& provenance) {
    cloud.theme = options.light ? lightThemeColors() : darkThemeColors();
    Figure written;
    written.title = cloud.title;
    written.provenance = provenance;
    written.draw = [&](QPaintDevice& device, double scale, const QSize& units) {
        QPainter painter(&device);
        painter.scale(scale, scale);
        drawPointCloud(painter, QRectF(QPointF(), QSizeF(units)), cloud, options.dpi);
    };
    writeFigure(path, written, options);
}

} // namespace

PointCloudPlot::PointCloudPlot(QWidget* parent) : QWidget(parent), figureName_(QStringLiteral("points")) {
    setObjectName(QStringLiteral("pointCloudPlot"));
    setAccessibleName(tr("Point cloud"));
    canvas_ = new PointCloudCanvas(this);
    legend_ = new PointLegend(this);
    note_ = new QLabel(this);
    note_->setObjectName(QStringLiteral("pointCloudNote"));
    note_->setTextFormat(Qt::PlainText);
    note_->setWordWrap(true);
    note_->setContentsMargins(8, 2, 8, 2);
    note_->hide();
    setRole(note_, "muted");
    makeTools();
    setFocusProxy(canvas_);

    row_ = new QHBoxLayout;
    row_->setSpacing(0);
    row_->addWidget(canvas_, 1);
    row_->addWidget(legend_);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(tools_);
    layout->addLayout(row_, 1);
    layout->addWidget(note_);

    canvas_->installEventFilter(this);
    connect(canvas_, &PointCloudCanvas::regionSelected, this, &PointCloudPlot::regionSelected);
    connect(canvas_, &PointCloudCanvas::viewChanged, this, &PointCloudPlot::viewRectChanged);
    connect(canvas_, &PointCloudCanvas::hovered, this, &PointCloudPlot::hovered);
    connect(legend_, &PointLegend::previewed, canvas_, &PointCloudCanvas::setColors);
    connect(legend_, &PointLegend::edited, this, [this](const PointColors& colors) {
        canvas_->setColors(colors);
        emit colorsChanged(colors);
    });
}

PointCloudPlot::~PointCloudPlot() = default;

void PointCloudPlot::makeTools() {
    tools_ = new QToolBar(this);
    tools_->setObjectName(QStringLiteral("pointCloudTools"));
    tools_->setAccessibleName(tr("Tools of the point cloud"));
    tools_->setIconSize({16, 16});
    auto* group = new QActionGroup(this);
    const auto addTool = [&](PointTool tool, const char* name, const QString& text, const QString& tip) {
        QAction* action = tools_->addAction(icon(QLatin1String(name)), text);
        action->setObjectName(QLatin1String(name));
        action->setToolTip(tip);
        action->setCheckable(true);
        action->setData(static_cast<int>(tool));
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, tool] { setTool(tool); });
        QWidget* button = tools_->widgetForAction(action);
        button->setObjectName(QLatin1String(name) + QStringLiteral("-button"));
        button->setAccessibleName(text);
        toolActions_.push_back(action);
    };
    const QString how = tr("Shift adds, Ctrl or Alt removes");
    addTool(PointTool::pan, "tool-pan", tr("Move"), tr("Drag moves the view (M)"));
    addTool(PointTool::lasso, "tool-lasso", tr("Lasso"),
            tr("Drag around points to select them (L). %1").arg(how));
    addTool(PointTool::rectangle, "tool-rectangle", tr("Rectangle"),
            tr("Drag a rectangle to select its points (R). %1").arg(how));
    addTool(PointTool::click, "tool-click", tr("Click"), tr("Click a point to select it (C). %1").arg(how));
    tools_->addSeparator();
    const auto addAction = [this](const char* name, const QString& text, const QString& tip) {
        QAction* action = tools_->addAction(icon(QLatin1String(name)), text);
        action->setObjectName(QLatin1String(name));
        action->setToolTip(tip);
        QWidget* button = tools_->widgetForAction(action);
        button->setObjectName(QLatin1String(name) + QStringLiteral("-button"));
        button->setAccessibleName(text);
        return action;
    };
    connect(addAction("zoom-fit-best", tr("Reset view"), tr("Show all points (Home)")), &QAction::triggered,
            this, &PointCloudPlot::resetView);
    density_ = addAction("tool-density", tr("Density"), tr("Points per small square instead of points (D)"));
    density_->setCheckable(true);
    connect(density_, &QAction::toggled, this, &PointCloudPlot::setDensity);
    toolActions_.front()->setChecked(true);
}

void PointCloudPlot::setPoints(SharedPoints xy, const QString& xLabel, const QString& yLabel) {
    canvas_->setPoints(std::move(xy), xLabel, yLabel);
}

void PointCloudPlot::setArrows(std::shared_ptr<const std::vector<float>> ends, std::vector<QColor> colors,
                               const QString& label) {
    canvas_->setArrows({std::move(ends), std::move(colors), label});
}

void PointCloudPlot::setTrajectories(std::vector<CloudTrajectory> trajectories) {
    canvas_->setTrajectories(std::move(trajectories));
}

void PointCloudPlot::setColors(PointColors colors) {
    legend_->setColors(colors);
    canvas_->setColors(std::move(colors));
}

const PointColors& PointCloudPlot::colors() const {
    return canvas_->colors();
}

void PointCloudPlot::setSelection(const CellSelection* selection) {
    canvas_->setSelection(selection);
}

void PointCloudPlot::selectionChanged() {
    canvas_->selectionChanged();
}

QRectF PointCloudPlot::viewRect() const {
    return canvas_->view().isEmpty() ? canvas_->visibleView() : canvas_->view();
}

void PointCloudPlot::setViewRect(const QRectF& view) {
    canvas_->setView(view);
}

bool PointCloudPlot::isWholeView() const {
    return canvas_->view().isEmpty();
}

PointTool PointCloudPlot::tool() const {
    return canvas_->tool();
}

void PointCloudPlot::setTool(PointTool tool) {
    const bool changed = tool != canvas_->tool();
    canvas_->setTool(tool);
    for (QAction* action : toolActions_)
        action->setChecked(action->data().toInt() == static_cast<int>(tool));
    if (changed)
        emit toolChanged(tool);
}

void PointCloudPlot::setTitle(const QString& title) {
    title_ = title;
    setAccessibleName(title.isEmpty() ? tr("Point cloud") : title);
    canvas_->setAccessibleName(accessibleName());
}

void PointCloudPlot::setEqualAspect(bool equal) {
    canvas_->setEqualAspect(equal);
}

void PointCloudPlot::setDensity(bool density) {
    canvas_->change([density](PointCloudFigure& figure) { figure.density = density; });
    density_->setChecked(density);
    legend_->setWanted(legendWanted_ && !density);
}

bool PointCloudPlot::isDensity() const {
    return density_->isChecked();
}

void PointCloudPlot::setPointSize(double size) {
    canvas_->change([size](PointCloudFigure& figure) { figure.pointSize = size; });
}

double PointCloudPlot::pointSize() const {
    return canvas_->settings().pointSize;
}

void PointCloudPlot::setOpacity(double opacity) {
    canvas_->change([opacity](PointCloudFigure& figure) { figure.opacity = opacity; });
}

double PointCloudPlot::opacity() const {
    return canvas_->settings().opacity;
}

void PointCloudPlot::setLegendBelow(bool below) {
    constexpr int most_ems = 8; // of the height, below
    row_->setDirection(below ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
    legend_->categories()->setCompact(below);
    const int most = std::min(lengthInEms(this, most_ems), legend_->categories()->compactHeight());
    legend_->setMaximumHeight(below ? most : QWIDGETSIZE_MAX);
}

void PointCloudPlot::setLegendVisible(bool visible) {
    legendWanted_ = visible;
    legend_->setWanted(visible && !isDensity());
}

void PointCloudPlot::setToolsVisible(bool visible) {
    tools_->setVisible(visible);
}

void PointCloudPlot::setHoverText(std::function<QString(qint64)> text) {
    canvas_->setHoverText(std::move(text));
}

void PointCloudPlot::setEmptyText(const QString& text) {
    canvas_->setEmptyText(text);
}

void PointCloudPlot::setNote(const QString& note) {
    note_->setText(note);
    note_->setVisible(!note.isEmpty());
}

QString PointCloudPlot::note() const {
    return note_->text();
}

void PointCloudPlot::setProvenance(const QString& provenance) {
    provenance_ = provenance;
}

void PointCloudPlot::setFigureName(const QString& name) {
    figureName_ = name;
}

PointCloudFigure PointCloudPlot::figure() const {
    PointCloudFigure figure = canvas_->figure();
    figure.title = title_;
    figure.legend = true;
    return figure;
}

void PointCloudPlot::resetView() {
    canvas_->resetView();
}

void PointCloudPlot::selectAll() {
    emit regionSelected(canvas_->drawn(), SelectionMode::replace);
}

void PointCloudPlot::clearSelection() {
    emit regionSelected(CellSelection(canvas_->points().size()), SelectionMode::replace);
}

void PointCloudPlot::invertSelection() {
    CellSelection region = canvas_->drawn();
    if (const CellSelection* chosen = canvas_->selection();
        chosen != nullptr && chosen->size() == region.size())
        region.combine(*chosen, SelectionMode::remove);
    emit regionSelected(region, SelectionMode::replace);
}

void PointCloudPlot::saveFigure(const QString& path, const FigureOptions& options) const {
    writeCloud(path, options, figure(), provenance_);
}

void PointCloudPlot::saveCsv(const QString& path) const {
    writeTextFile(path, csv(), provenance_);
}

void PointCloudPlot::writeLater(const QString& path, std::function<void()> write) {
    // A million lines or pixels take longer than a frame; `write` owns what it writes.
    QThreadPool::globalInstance()->start(
        [plot = QPointer<PointCloudPlot>(this), path, write = std::move(write)] {
            std::optional<Error> failure;
            try {
                write();
            } catch (const Error& error) {
                failure = error;
            }
            QMetaObject::invokeMethod(qApp, [plot, path, failure] {
                if (plot == nullptr)
                    return;
                if (!failure)
                    emit plot->exported(path);
                else
                    emit plot->exportFailed(QString::fromStdString(failure->message()),
                                            QString::fromStdString(failure->place_text()),
                                            QString::fromStdString(failure->remedy()));
            });
        });
}

void PointCloudPlot::chooseAndSaveFigure() {
    SaveFigureDialog dialog(figureName_, this);
    if (dialog.exec() != QDialog::Accepted)
        return;
    const QString path = dialog.path();
    writeLater(path, [path, options = dialog.options(), cloud = figure(), provenance = provenance_] {
        writeCloud(path, options, cloud, provenance);
    });
}

void PointCloudPlot::chooseAndSaveCsv() {
    const QString path = QFileDialog::getSaveFileName(
        this, tr("Export data"), figureName_ + QStringLiteral(".csv"), tr("Comma-separated values (*.csv)"));
    if (path.isEmpty())
        return;
    writeLater(path, [path, cloud = figure(), provenance = provenance_] {
        writeTextFile(path, pointCloudCsv(cloud), provenance);
    });
}

void PointCloudPlot::chooseAndSaveArrows() {
    const QString path =
        QFileDialog::getSaveFileName(this, tr("Export arrows"), figureName_ + QStringLiteral("_arrows.csv"),
                                     tr("Comma-separated values (*.csv)"));
    if (path.isEmpty())
        return;
    writeLater(path, [path, arrows = canvas_->settings().arrows, provenance = provenance_] {
        writeTextFile(path, arrowsCsv(arrows), provenance);
    });
}

void PointCloudPlot::showContextMenu(const QPoint& place) {
    QMenu menu(this);
    menu.setObjectName(QStringLiteral("pointCloudMenu"));
    menu.addAction(icon(QStringLiteral("document-save")), tr("Save figure…"), this,
                   &PointCloudPlot::chooseAndSaveFigure);
    menu.addAction(icon(QStringLiteral("document-export")), tr("Export data…"), this,
                   &PointCloudPlot::chooseAndSaveCsv);
    if (!canvas_->settings().arrows.isEmpty())
        menu.addAction(icon(QStringLiteral("document-export")), tr("Export arrows…"), this,
                       &PointCloudPlot::chooseAndSaveArrows);
    menu.addSeparator();
    menu.addAction(tr("Select all\tCtrl+A"), this, &PointCloudPlot::selectAll);
    menu.addAction(tr("Invert selection\tCtrl+I"), this, &PointCloudPlot::invertSelection);
    menu.addAction(tr("Clear selection\tEsc"), this, &PointCloudPlot::clearSelection);
    menu.addSeparator();
    menu.addAction(icon(QStringLiteral("zoom-fit-best")), tr("Reset view\tHome"), this,
                   &PointCloudPlot::resetView);
    menu.addAction(density_);
    menu.addSeparator();
    QMenu* sizes = menu.addMenu(tr("Point size"));
    auto* sizeGroup = new QActionGroup(&menu);
    for (const double size : {0.0, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0}) {
        QAction* action = sizes->addAction(size == 0 ? tr("Automatic") : tr("%1 px").arg(size), this,
                                           [this, size] { setPointSize(size); });
        action->setCheckable(true);
        action->setChecked(size == pointSize());
        sizeGroup->addAction(action);
    }
    QMenu* opacities = menu.addMenu(tr("Opacity"));
    auto* opacityGroup = new QActionGroup(&menu);
    for (const int percent : {100, 80, 60, 40, 20}) {
        QAction* action = opacities->addAction(tr("%1 %").arg(percent), this,
                                               [this, percent] { setOpacity(percent / 100.0); });
        action->setCheckable(true);
        action->setChecked(percent / 100.0 == opacity());
        opacityGroup->addAction(action);
    }
    menu.exec(place);
}

bool PointCloudPlot::eventFilter(QObject* watched, QEvent* event) {
    if (watched == canvas_ && event->type() == QEvent::ContextMenu) {
        showContextMenu(static_cast<QContextMenuEvent*>(event)->globalPos());
        return true;
    }
    if (watched == canvas_ && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (keyPressed(key->key(), key->modifiers()))
            return true;
    }
    return QWidget::eventFilter(watched, event);
}

bool PointCloudPlot::keyPressed(int key, Qt::KeyboardModifiers modifiers) {
    const QRectF area = canvas_->area();
    const double step = 0.1 * area.width();
    if ((modifiers & Qt::ControlModifier) != 0) {
        if (key == Qt::Key_A)
            selectAll();
        else if (key == Qt::Key_I)
            invertSelection();
        else
            return false;
        return true;
    }
    switch (key) {
    case Qt::Key_M:
        setTool(PointTool::pan);
        return true;
    case Qt::Key_L:
        setTool(PointTool::lasso);
        return true;
    case Qt::Key_R:
        setTool(PointTool::rectangle);
        return true;
    case Qt::Key_C:
        setTool(PointTool::click);
        return true;
    case Qt::Key_D:
        setDensity(!isDensity());
        return true;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        canvas_->zoomBy(0.8, area.center());
        return true;
    case Qt::Key_Minus:
        canvas_->zoomBy(1.25, area.center());
        return true;
    case Qt::Key_Left:
        canvas_->panBy({step, 0});
        return true;
    case Qt::Key_Right:
        canvas_->panBy({-step, 0});
        return true;
    case Qt::Key_Up:
        canvas_->panBy({0, step});
        return true;
    case Qt::Key_Down:
        canvas_->panBy({0, -step});
        return true;
    case Qt::Key_Home:
    case Qt::Key_0:
        resetView();
        return true;
    case Qt::Key_Escape:
        if (canvas_->isDragging())
            canvas_->cancelDrag();
        else
            clearSelection();
        return true;
    default:
        return false;
    }
}

QSize PointCloudPlot::sizeHint() const {
    return {lengthInEms(this, 36), lengthInEms(this, 26)};
}

QSize PointCloudPlot::minimumSizeHint() const {
    return {lengthInEms(this, 14), lengthInEms(this, 11)};
}

} // namespace ember

#include "views/compare/maps_page.hpp"

#include <algorithm>

#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QLineEdit>
#include <QPushButton>

#include "views/compare/map_colors.hpp"
#include "views/compare/map_pane.hpp"
#include "views/compare/map_store.hpp"
#include "views/embedding/coloring_store.hpp"
#include "views/embedding/legend_settings.hpp"
#include "views/embedding/pane_tools.hpp"
#include "views/selections.hpp"
#include "widgets/elided_label.hpp"
#include "widgets/formatting.hpp"
#include "widgets/point_legend.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

constexpr double legend_ems = 10; ///< width of a legend beside the maps

/// What the groups of arrows and paths are read from.
QString columnsText(const CompareColumns& columns) {
    return QString::fromStdString(columns.perturbation + '/' + columns.control + '/' + columns.cellType +
                                  '/' + columns.time);
}

} // namespace

MapsPage::MapsPage(Workspace& workspace, CompareEdit edit, QWidget* parent)
    : QWidget(parent),
      workspace_(workspace),
      edit_(std::move(edit)),
      maps_(new MapStore(workspace, this)),
      colorings_(new ColoringStore(workspace, this)) {
    setObjectName("mapsPage");
    build();
    connect(maps_, &MapStore::changed, this, [this](const QString& key) {
        if (key == pointsKey()) {
            showPoints();
        }
    });
    connect(colorings_, &ColoringStore::changed, this, [this] { showColors(); });
    connect(&workspace_.selections(), &Selections::changed, this, [this](DocumentRef document) {
        for (MapPane* pane : panes_) {
            if (pane->file().document == document) {
                pane->showSelection();
                tools_->setClearEnabled(workspace_.selections().of(document).any());
            }
        }
    });
    connect(legend_, &PointLegend::edited, this, [this](const PointColors& edited) {
        const QString key = legendKey(color_);
        const QJsonObject legend = legendToJson(legendBase_, edited);
        edit_(legendChangeText(legendColors_, edited), [&](CompareSettings& settings) {
            legend.isEmpty() ? settings.legends.remove(key)
                             : static_cast<void>(settings.legends[key] = legend);
        });
    });
    connect(legend_, &PointLegend::previewed, this, [this](const PointColors& edited) {
        for (MapPane* pane : panes_) {
            PointColors colors = pane->plot()->colors();
            if (colors.coloring() == PointColoring::value) {
                colors.low = edited.low;
                colors.high = edited.high;
                pane->plot()->setColors(colors);
            }
        }
    });
}

void MapsPage::show(const CompareSet& set, const CompareSettings& settings) {
    set_ = set;
    settings_ = settings;
    files_.clear();
    for (const ComparedFile* file : set_.comparable()) {
        files_.push_back(*file);
    }
    color_ = resolved(settings_.maps.color, set_, workspace_);
    arrange();
    fillLayouts();
    fillColors();
    fillOverlays();
    bool selected = false;
    for (std::size_t at = 0; at < panes_.size(); ++at) {
        panes_[at]->setFile(files_[at]);
        panes_[at]->showSelection();
        selected = selected || workspace_.selections().of(files_[at].document).any();
        wantMapColors(*colorings_, color_, files_[at], set_, workspace_);
    }
    tools_->setClearEnabled(selected);
    if (startsByItself()) {
        maps_->want(layout_, set_.comparable(), false);
    }
    std::set<QString> wanted;
    for (const ComparedFile& file : files_) {
        wanted.insert(mapColorKey(color_, file, set_, workspace_).key);
    }
    colorings_->keepOnly(wanted);
    showPoints();
    showColors();
}

/// A UMAP of very many cells waits until it is asked for.
bool MapsPage::startsByItself() const {
    constexpr std::uint64_t most = 200'000;
    std::uint64_t cells = 0;
    for (const ComparedFile& file : files_) {
        cells += file.cells;
    }
    return files_.size() > 1 && (layout_.kind == MapLayout::Kind::stored || cells <= most);
}

QString MapsPage::pointsKey() const {
    return MapStore::keyOf(layout_, set_.comparable());
}

MapPane* MapsPage::makePane() {
    auto* pane = new MapPane(workspace_, static_cast<int>(made_.size()) + 1);
    made_.push_back(pane);
    pane->plot()->setTool(tools_->tool());
    connect(pane->plot(), &PointCloudPlot::toolChanged, this, [this](PointTool tool) {
        tools_->setTool(tool);
        for (MapPane* other : made_) {
            other->plot()->setTool(tool);
        }
    });
    connect(pane->plot(), &PointCloudPlot::viewRectChanged, this, [this](const QRectF& rect) {
        view_ = rect;
        showView();
    });
    emit plotMade(pane->plot());
    return pane;
}

/// As many maps side by side as makes them largest; a legend without a free place needs some width.
int MapsPage::columnsFor(int count) const {
    int best = std::min(count, 1);
    double largest = 0;
    for (int columns = 1; columns <= count; ++columns) {
        const int rows = (count + columns - 1) / columns;
        const int legend = count % columns == 0 ? lengthInEms(this, legend_ems) : 0;
        const double side = std::min(static_cast<double>(width() - legend) / columns,
                                     static_cast<double>(height() - lengthInEms(this, 5)) / rows);
        if (side > largest) {
            largest = side;
            best = columns;
        }
    }
    return best;
}

/// The legend stands in the free place of the grid, else beside it.
void MapsPage::arrange() {
    while (made_.size() < files_.size()) {
        makePane();
    }
    const int count = static_cast<int>(files_.size());
    const int across = columnsFor(count);
    panes_.assign(made_.begin(), made_.begin() + count);
    for (MapPane* pane : made_) {
        grid_->removeWidget(pane);
        pane->setVisible(false);
    }
    grid_->removeWidget(legend_);
    for (int line = 0; line < 6; ++line) {
        grid_->setColumnStretch(line, line < across ? 1 : 0);
        grid_->setRowStretch(line, across > 0 && line < (count + across - 1) / across ? 1 : 0);
    }
    for (int at = 0; at < count; ++at) {
        grid_->addWidget(panes_[static_cast<std::size_t>(at)], at / across, at % across);
        panes_[static_cast<std::size_t>(at)]->setVisible(true);
    }
    const bool free = across > 0 && count % across != 0;
    legend_->setMaximumWidth(free ? QWIDGETSIZE_MAX : lengthInEms(this, legend_ems));
    if (free) {
        grid_->addWidget(legend_, count / across, count % across);
    } else {
        grid_->addWidget(legend_, 0, across, std::max(1, count / std::max(across, 1)), 1);
    }
}

void MapsPage::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    if (!files_.empty()) {
        arrange();
    }
}

void MapsPage::chooseColor(int index) {
    MapColor color{static_cast<MapColor::Kind>(colors_->itemData(index).toInt()),
                   colors_->itemData(index, Qt::UserRole + 1).toString(), color_.reference};
    if (color.isGene() && color_.isGene()) {
        color.key = color_.key;
    }
    edit_(tr("Colour by %1").arg(colors_->itemText(index)),
          [&color](CompareSettings& settings) { settings.maps.color = color; });
    if (color.isGene()) {
        gene_->setFocus();
    }
}

void MapsPage::showPoints() {
    const QString key = pointsKey();
    const MapPoints& points = maps_->points(key);
    if (pointsShown_ != key) {
        view_ = {};
    }
    for (std::size_t at = 0; at < panes_.size(); ++at) {
        PointCloudPlot* plot = panes_[at]->plot();
        const bool known = at < points.parts.size();
        plot->setPoints(known ? points.parts[at] : std::make_shared<const std::vector<float>>(),
                        points.xLabel, points.yLabel);
        const nlohmann::json provenance = {{"file", files_[at].path.toStdString()},
                                           {"values", to_string(files_[at].source)},
                                           {"places", points.xLabel.toStdString()},
                                           {"places_of", files_.size()},
                                           {"color", legendKey(color_).toStdString()}};
        plot->setProvenance(QString::fromStdString(provenance.dump()));
    }
    pointsShown_ = key;
    showView();
    showNotes();
    wantOverlays();
}

/// All maps show the same part; the whole is that of all cells.
void MapsPage::showView() {
    const QRectF bounds = maps_->points(pointsKey()).bounds;
    const QRectF view = view_.isEmpty() && !bounds.isNull() ? wholeView(bounds) : view_;
    for (MapPane* pane : panes_) {
        pane->plot()->setViewRect(view);
    }
}

void MapsPage::showColors() {
    std::vector<PointColors> all;
    for (const ComparedFile& file : files_) {
        const QString key = mapColorKey(color_, file, set_, workspace_).key;
        all.push_back(key.isEmpty() ? PointColors() : colorings_->colors(key).colors);
    }
    std::vector<PointColors*> pointers;
    for (PointColors& colors : all) {
        pointers.push_back(&colors);
    }
    shareRange(pointers);
    const QJsonObject legend = settings_.legends[legendKey(color_)].toObject();
    const auto known = std::find_if(all.begin(), all.end(), [](const PointColors& colors) {
        return colors.coloring() != PointColoring::plain;
    });
    legendBase_ = known == all.end() ? PointColors() : *known;
    legendColors_ = withLegend(legendBase_, legend);
    legend_->setColors(legendColors_);
    for (std::size_t at = 0; at < panes_.size(); ++at) {
        panes_[at]->plot()->setColors(withLegend(all[at], legend));
    }
    showNotes();
}

void MapsPage::showNotes() {
    using State = CellPoints::State;
    const MapPoints& points = maps_->points(pointsKey());
    QString text, action;
    if (files_.size() < 2) {
        text.clear();
    } else if (points.state == State::absent) {
        text = tr("A UMAP of so many cells takes a while.");
        action = tr("Compute");
    } else if (points.isRunning()) {
        text = points.activity.isEmpty() ? tr("Waiting for other jobs") : points.activity;
        action = tr("Cancel");
    } else if (points.state == State::cancelled) {
        text = points.parts.empty() ? tr("Cancelled") : tr("Cancelled before the end");
        action = tr("Start again");
    } else if (points.state == State::failed) {
        text = points.problem;
        action = tr("Try again");
    }
    note_->setText(text);
    note_->setVisible(!text.isEmpty());
    action_->setText(action);
    action_->setVisible(!action.isEmpty());
    bool noted = false;
    for (std::size_t at = 0; at < panes_.size(); ++at) {
        const MapColorKey key = mapColorKey(color_, files_[at], set_, workspace_);
        const CellColors& colors = colorings_->colors(key.key);
        QStringList parts{key.reason};
        if (colors.state == CellColors::State::loading) {
            parts << tr("Reading colours %1\u00a0%").arg(static_cast<int>(100 * colors.share));
        } else if (colors.state == CellColors::State::failed) {
            parts << colors.problem;
        } else if (color_.isGene() && color_.key.isEmpty()) {
            parts << tr("Type the name of a gene");
        }
        if (at < points.leftOut.size() && points.leftOut[at] > 0 && points.isDone()) {
            parts << tr("%1 without a place")
                         .arg(formatCount(static_cast<std::int64_t>(points.leftOut[at]), tr("cell"),
                                          tr("cells")));
        }
        parts.removeAll({});
        panes_[at]->setNote(parts.join(" · "));
        noted = noted || !parts.isEmpty();
    }
    for (MapPane* pane : panes_) {
        pane->setNoteVisible(noted);
    }
}

/// Centres of groups take a pass over all cells, so a job finds them.
void MapsPage::wantOverlays() {
    const MapPoints& points = maps_->points(pointsKey());
    const MapSettings& maps = settings_.maps;
    const bool wanted = points.isDone() && (maps.arrows != MapArrows::none || maps.paths);
    const QString key = !wanted ? QString()
                                : QStringList{pointsKey(), QString::number(static_cast<int>(maps.arrows)),
                                              QString::number(maps.paths), maps.cellType,
                                              columnsText(set_.columns)}
                                      .join('\n');
    if (key == overlaysShown_ && overlays_.size() == panes_.size()) {
        return;
    }
    overlaysShown_ = key;
    if (overlaying_ != nullptr) {
        overlaying_->disconnect(this);
        overlaying_->cancel();
    }
    showOverlays(std::vector<Overlay>(panes_.size()));
    if (!wanted) {
        return;
    }
    std::vector<AnnDataPtr> data;
    for (const ComparedFile& file : files_) {
        data.push_back(workspace_.dataOf(file.document)->data);
    }
    overlaying_ = runJob(
        workspace_, tr("Arrows and paths"),
        [data, files = files_, parts = points.parts, maps, columns = set_.columns,
         hasReal = set_.real.has_value()](JobContext& job) {
            std::vector<MapFileView> views;
            for (std::size_t at = 0; at < files.size(); ++at) {
                views.push_back(
                    {parts[at], std::make_shared<const MapGroups>(map_groups(*data[at], columns))});
                job.check_cancelled();
            }
            const MapFileView real = hasReal ? views.front() : MapFileView();
            std::vector<Overlay> made(files.size());
            for (std::size_t at = 0; at < files.size(); ++at) {
                const bool isReal = hasReal && at == 0;
                made[at].arrows = mapArrows(maps.arrows, real, views[at], files[at].sameCells,
                                            columns.control, maps.cellType.toStdString());
                if (maps.paths) {
                    made[at].paths =
                        mapPaths(real, views[at], !isReal, columns.control, maps.cellType.toStdString());
                }
                job.check_cancelled();
            }
            return made;
        },
        this, [this](std::vector<Overlay> made) { showOverlays(std::move(made)); });
}

void MapsPage::showOverlays(std::vector<Overlay> overlays) {
    overlays_ = std::move(overlays);
    overlays_.resize(panes_.size());
    for (std::size_t at = 0; at < panes_.size(); ++at) {
        const CloudArrows& arrows = overlays_[at].arrows;
        panes_[at]->plot()->setArrows(arrows.ends, arrows.colors, arrows.label);
        panes_[at]->plot()->setTrajectories(overlays_[at].paths);
    }
}

void MapsPage::pressed() {
    if (maps_->points(pointsKey()).isRunning()) {
        maps_->cancel(pointsKey());
    } else {
        maps_->want(layout_, set_.comparable(), true);
    }
}

} // namespace ember

#pragma once
// The compared files side by side on one map: same places, pan, zoom, selection, colours and scale.

#include <map>
#include <memory>
#include <vector>

#include <QPointer>
#include <QRectF>
#include <QWidget>

#include "views/compare/compare_edit.hpp"
#include "views/compare/compare_set.hpp"
#include "views/compare/map_groups.hpp"
#include "widgets/point_cloud_plot.hpp"

class QCheckBox;
class QComboBox;
class QGridLayout;
class QLineEdit;
class QPushButton;

namespace ember {

class ColoringStore;
class ElidedLabel;
class MapPane;
class MapStore;
class PaneTools;
class PointLegend;

class MapsPage : public QWidget {
    Q_OBJECT
public:
    MapsPage(Workspace& workspace, CompareEdit edit, QWidget* parent = nullptr);

    using QWidget::show;
    void show(const CompareSet& set, const CompareSettings& settings);
    const std::vector<MapPane*>& panes() const { return panes_; } ///< those that are shown
    const PointColors& legendColors() const { return legendColors_; }
    /// Arrows and paths of a pane, as drawn.
    const CloudArrows& arrowsOf(std::size_t pane) const { return overlays_.at(pane).arrows; }
    const std::vector<CloudTrajectory>& pathsOf(std::size_t pane) const { return overlays_.at(pane).paths; }

signals:
    void plotMade(ember::PointCloudPlot* plot);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Overlay {
        CloudArrows arrows;
        std::vector<CloudTrajectory> paths;
    };
    void build();
    QWidget* buildChoices();
    QWidget* buildBar();
    MapPane* makePane();
    int columnsFor(int count) const;
    void arrange();
    void fillLayouts();
    void fillColors();
    void fillOverlays();
    void readGenes();
    void readCellTypes();
    void chooseColor(int index);
    void showPoints();
    void showColors();
    void showNotes();
    void showView();
    void wantOverlays();
    void showOverlays(std::vector<Overlay> overlays);
    void pressed(); ///< the button beside the note
    bool startsByItself() const;
    QString pointsKey() const;

    Workspace& workspace_;
    CompareEdit edit_;
    CompareSet set_;
    CompareSettings settings_;
    std::vector<ComparedFile> files_; ///< on the maps
    MapLayout layout_;                ///< resolved
    MapColor color_;                  ///< resolved
    QRectF view_;                     ///< of all maps; null: everything
    QString genesOf_, typesOf_, pointsShown_, overlaysShown_;
    QPointer<Job> overlaying_;
    std::vector<Overlay> overlays_;
    PointColors legendBase_, legendColors_;
    MapStore* maps_ = nullptr;
    ColoringStore* colorings_ = nullptr;
    std::vector<MapPane*> panes_, made_;
    QComboBox *layouts_ = nullptr, *colors_ = nullptr, *references_ = nullptr, *arrows_ = nullptr,
              *cellTypes_ = nullptr;
    QLineEdit* gene_ = nullptr;
    QCheckBox* paths_ = nullptr;
    PaneTools* tools_ = nullptr;
    QGridLayout* grid_ = nullptr;
    PointLegend* legend_ = nullptr;
    ElidedLabel* note_ = nullptr;
    QPushButton* action_ = nullptr;
};

} // namespace ember

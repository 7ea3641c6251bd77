#pragma once
// A cloud of points with tools, legend or colour bar. Wheel zooms at the cursor, drag does what the tool says
// (the middle button always pans), double click resets; Shift adds to the selection, Ctrl or Alt removes from
// it.

#include <functional>
#include <vector>

#include <QWidget>

#include "core/base/cell_selection.hpp"
#include "widgets/figure_export.hpp"
#include "widgets/point_cloud_figure.hpp"

class QAction;
class QBoxLayout;
class QLabel;
class QToolBar;

namespace ember {

class PointCloudCanvas;
class PointLegend;

enum class PointTool { pan, lasso, rectangle, click };

class PointCloudPlot : public QWidget {
    Q_OBJECT
public:
    explicit PointCloudPlot(QWidget* parent = nullptr);
    ~PointCloudPlot() override;

    /// [points × 2]; NaN or infinite: not drawn. Where no point has a second coordinate, it becomes the share
    /// of points up to the first, and the label says so. Keeps the view when the number of points stays the
    /// same and the user has zoomed.
    void setPoints(SharedPoints xy, const QString& xLabel, const QString& yLabel);
    void setColors(PointColors colors);
    const PointColors& colors() const;
    /// Borrowed; call again or selectionChanged() after each change. Null: none.
    void setSelection(const CellSelection* selection);
    void selectionChanged();

    /// Arrows above the points: [arrows × 4] x0 y0 x1 y1; a colour per arrow, one for all, or none: the
    /// text's. Of more than `mostArrows` in view a random part is drawn, and a note says so, naming `label`.
    /// Null: none.
    void setArrows(std::shared_ptr<const std::vector<float>> ends, std::vector<QColor> colors = {},
                   const QString& label = {});
    void setTrajectories(std::vector<CloudTrajectory> trajectories); ///< above the arrows

    /// What the owner or user asked to see, y upwards (top() is the lowest y); on screen it may be wider to
    /// keep the aspect. Setting it emits nothing, so linked plots cannot answer each other.
    QRectF viewRect() const;
    void setViewRect(const QRectF& view); ///< null: everything
    bool isWholeView() const;             ///< no zoom was set

    PointTool tool() const;
    void setTool(PointTool tool);

    void setTitle(const QString& title); ///< of the figure and for screen readers
    void setEqualAspect(bool equal);     ///< on by default: embeddings
    void setDensity(bool density);
    bool isDensity() const;
    void setPointSize(double size); ///< device-independent pixels; 0: automatic
    double pointSize() const;
    void setOpacity(double opacity);
    double opacity() const;
    void setLegendVisible(bool visible);
    void setLegendBelow(bool below); ///< under the points instead of beside them, in narrow places
    void setToolsVisible(bool visible);
    /// What the tooltip says of a point; empty: no tooltip.
    void setHoverText(std::function<QString(qint64)> text);
    void setEmptyText(const QString& text); ///< when there are no points
    /// One line below the plot, such as which points are left out; empty: none.
    void setNote(const QString& note);
    QString note() const;

    /// Written into every exported file: how the figure was made (JSON text).
    void setProvenance(const QString& provenance);
    void setFigureName(const QString& name); ///< proposed file name without ending: "umap"

    /// What is on screen, for figures of several panels.
    PointCloudFigure figure() const;
    QString csv() const { return pointCloudCsv(figure()); }
    /// Throws ember::Error `CannotWrite`.
    void saveFigure(const QString& path, const FigureOptions& options) const;
    void saveCsv(const QString& path) const;

    QToolBar* toolRow() const { return tools_; } ///< owners may add actions
    PointCloudCanvas* canvas() const { return canvas_; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

public slots:
    void resetView();
    void selectAll();
    void clearSelection();
    void invertSelection();
    void chooseAndSaveFigure(); ///< asks for format, size and path; written in the background
    void chooseAndSaveCsv();
    void chooseAndSaveArrows();

signals:
    void regionSelected(const ember::CellSelection& region, ember::SelectionMode mode);
    void viewRectChanged(const QRectF& view);             ///< by the user
    void hovered(qint64 point);                           ///< -1: none
    void colorsChanged(const ember::PointColors& colors); ///< the legend or colour bar was edited
    void toolChanged(ember::PointTool tool);
    void exported(const QString& path);
    void exportFailed(const QString& message, const QString& place, const QString& remedy);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void makeTools();
    void showContextMenu(const QPoint& place);
    bool keyPressed(int key, Qt::KeyboardModifiers modifiers);
    void writeLater(const QString& path, std::function<void()> write);

    QToolBar* tools_ = nullptr;
    QBoxLayout* row_ = nullptr; ///< canvas and legend
    std::vector<QAction*> toolActions_;
    QAction* density_ = nullptr;
    QLabel* note_ = nullptr;
    PointCloudCanvas* canvas_ = nullptr;
    PointLegend* legend_ = nullptr;
    QString title_, provenance_, figureName_;
    bool legendWanted_ = true;
};

} // namespace ember

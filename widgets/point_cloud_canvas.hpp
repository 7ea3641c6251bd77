#pragma once
// The picture inside a PointCloudPlot and what the mouse does on it.

#include <functional>
#include <optional>

#include <QImage>
#include <QPolygonF>
#include <QWidget>

class QTimer;

#include "core/base/cell_selection.hpp"
#include "widgets/point_cloud_drawing.hpp"
#include "widgets/point_cloud_plot.hpp"

namespace ember {

class PointCloudCanvas : public QWidget {
    Q_OBJECT
public:
    explicit PointCloudCanvas(QWidget* parent = nullptr);

    void setPoints(SharedPoints xy, const QString& xLabel, const QString& yLabel);
    void setColors(PointColors colors);
    void setSelection(const CellSelection* selection);
    void selectionChanged();
    void setView(const QRectF& view); ///< null: everything; emits nothing
    void setTool(PointTool tool);
    void setEqualAspect(bool equal); ///< on by default; never while points are drawn against their rank
    void setHoverText(std::function<QString(qint64)> text) { hoverText_ = std::move(text); }
    void setEmptyText(const QString& text);

    void setArrows(CloudArrows arrows);
    void setTrajectories(std::vector<CloudTrajectory> trajectories);

    /// For settings that only change the picture: density, size, opacity.
    void change(const std::function<void(PointCloudFigure&)>& edit);

    /// Title and legend are left to the owner; the selection is a copy.
    PointCloudFigure figure() const;
    const PointCloudFigure& settings() const { return figure_; } ///< point size, opacity, density
    const PointColors& colors() const { return figure_.colors; }
    const QRectF& view() const { return figure_.view; }
    PointTool tool() const { return tool_; }
    const OrderedPoints& points() const { return points_; }
    const CellSelection& drawn() const; ///< finite and not hidden
    const CellSelection* selection() const { return selection_; }

    QRectF area() const;        ///< where the points are, in the widget's coordinates
    QRectF visibleView() const; ///< what the area shows
    QPointF placeOf(qint64 point) const;
    /// Draws the points if anything changed since; for measurements.
    const QImage& picture();

    void zoomBy(double factor, const QPointF& at); ///< as the user does; < 1 shows less
    void panBy(const QPointF& pixels);
    void resetView();
    bool isDragging() const { return drag_ != Drag::none; }
    void cancelDrag();

    QSize minimumSizeHint() const override;

signals:
    void regionSelected(const ember::CellSelection& region, ember::SelectionMode mode);
    void viewChanged(const QRectF& view); ///< by the user
    void hovered(qint64 point);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void leaveEvent(QEvent* event) override;
    bool event(QEvent* event) override;

private:
    enum class Drag { none, pan, region };

    void pictureChanged();
    void layoutChanged();
    const CloudLayout& layout() const;
    void applyUserView(const QRectF& view);
    void finishRegion(Qt::KeyboardModifiers modifiers);
    void clickAt(const QPointF& place, Qt::KeyboardModifiers modifiers);
    void hoverAt(const QPointF& place, const QPoint& global);
    qint64 pointAt(const QPointF& place) const;
    void showCursor();
    void drawOverlay(QPainter& painter) const;
    void drawMotion(QPainter& painter);
    void describe();

    PointCloudFigure figure_;
    SharedPoints given_; ///< by the owner; figure_.xy may have ranks beside them
    QString xLabel_, yLabel_;
    bool ranked_ = false, equalAspect_ = true;
    OrderedPoints points_;
    const CellSelection* selection_ = nullptr;
    std::function<QString(qint64)> hoverText_;
    QString emptyText_;
    PointTool tool_ = PointTool::pan;

    mutable std::optional<CloudLayout> layout_;
    mutable std::optional<CellSelection> drawn_;
    PointRaster raster_;
    PointInks inks_;
    std::span<const std::uint32_t> currentInks_;
    bool inksStale_ = true, pictureStale_ = true;
    QImage picture_;
    QSize pictureSize_;
    QImage motion_; ///< arrows and trajectories, as large as the area; null: to be drawn

    Drag drag_ = Drag::none;
    bool moved_ = false, focusShown_ = false;
    QTimer* clearLater_ = nullptr; ///< a click on nothing, until it is known not to be a double click
    QPointF pressed_, last_;
    QPolygonF path_; ///< of the lasso, or two corners of the rectangle
    qint64 hovered_ = -1;
};

} // namespace ember

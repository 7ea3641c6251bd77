#pragma once
// One row of tools for several pictures of cells: how to select, clear the selection, show all cells.

#include <QWidget>

#include "widgets/point_cloud_plot.hpp"

class QButtonGroup;
class QHBoxLayout;
class QToolButton;

namespace ember {

class PaneTools : public QWidget {
    Q_OBJECT
public:
    /// `prefix` before the object names, where a window has several rows: "mapToolLasso".
    explicit PaneTools(const QString& prefix = {}, QWidget* parent = nullptr);

    PointTool tool() const { return tool_; }
    void setTool(PointTool tool); ///< emits nothing
    void setClearEnabled(bool enabled);
    QHBoxLayout* row() const { return row_; } ///< for more, after a stretch

signals:
    void toolChosen(ember::PointTool tool);
    void clearWanted();
    void resetWanted();

private:
    QHBoxLayout* row_ = nullptr;
    QButtonGroup* buttons_ = nullptr;
    QToolButton* clear_ = nullptr;
    PointTool tool_ = PointTool::lasso;
};

/// Flat, with an icon; `text` is its accessible name.
QToolButton* makeToolButton(const QString& name, const QString& iconName, const QString& text,
                            const QString& tip);

} // namespace ember

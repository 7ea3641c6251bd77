#pragma once
// One compared file on the maps: its name, its cells, and a line that says what is missing.

#include <QWidget>

#include "views/compare/compare_set.hpp"

namespace ember {

class ElidedLabel;
class PointCloudPlot;

class MapPane : public QWidget {
    Q_OBJECT
public:
    /// `number` from 1 on, at the end of the object names.
    MapPane(Workspace& workspace, int number, QWidget* parent = nullptr);

    void setFile(const ComparedFile& file);
    const ComparedFile& file() const { return file_; }
    PointCloudPlot* plot() const { return plot_; }
    void setNote(const QString& note);
    void setNoteVisible(bool visible); ///< of all maps or none, so that they are of one size
    QString note() const;
    void showSelection();

private:
    QString hoverText(qint64 cell) const;
    Workspace& workspace_;
    ComparedFile file_;
    ElidedLabel *name_ = nullptr, *note_ = nullptr;
    PointCloudPlot* plot_ = nullptr;
};

} // namespace ember

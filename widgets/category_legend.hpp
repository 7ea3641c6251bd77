#pragma once
// Legend of categories: click toggles, double click or button isolates, the context menu recolours, dragging
// reorders. Keys: Space toggles, Return isolates, F2 recolours, Alt+Up and Alt+Down reorder.

#include <QWidget>

#include "widgets/category_legend_model.hpp"

class QLabel;
class QLineEdit;
class QListView;
class QToolButton;

namespace ember {

class CategoryLegend : public QWidget {
    Q_OBJECT
public:
    explicit CategoryLegend(QWidget* parent = nullptr);
    void setColors(const PointColors& colors); ///< emits nothing
    const PointColors& colors() const { return model_->colors(); }
    CategoryLegendModel* model() const { return model_; }
    QListView* list() const { return list_; }

    /// Without its buttons, whose work a double click and the context menu do, too.
    void setCompact(bool compact);
    int compactHeight() const; ///< that shows every entry
    QSize sizeHint() const override;

signals:
    void edited(const ember::PointColors& colors);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    int current() const; ///< category of the current row, CategoryLegendModel::more when there is none
    void clicked(const QModelIndex& index);
    void isolateCurrent();
    void moveCurrent(int rows);
    void chooseColor(int category);
    void showContextMenu(const QPoint& place);
    bool keyPressed(int key, Qt::KeyboardModifiers modifiers);
    void fitButtons();

    CategoryLegendModel* model_ = nullptr;
    QLabel* title_ = nullptr;
    QLineEdit* search_ = nullptr;
    QListView* list_ = nullptr;
    QToolButton *only_ = nullptr, *all_ = nullptr;
    PointColors beforeClick_;
};

} // namespace ember

#pragma once
// The runs as a list: tick boxes say whose curves are shown, the current row whose details.

#include <map>

#include <QAbstractListModel>
#include <QColor>
#include <QListView>
#include <QStringList>
#include <QStyledItemDelegate>

#include "views/training/run_store.hpp"

namespace ember {

class RunListModel : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role { pathRole = Qt::UserRole, stateRole, progressRole, shareRole, bestRole, colorRole, iconRole };

    explicit RunListModel(RunStore& store, QObject* parent = nullptr);
    /// Takes what the store knows now; rows keep their place while their order does.
    void refresh();
    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

    QStringList ticked() const { return ticked_; } ///< paths, in the order of the list
    void setTicked(const QStringList& paths);
    QColor colorOf(const QString& path) const; ///< stays while the run is listed
    int rowOf(const QString& path) const;      ///< -1: none
    QString pathAt(int row) const;

signals:
    void tickedChanged();

private:
    RunStore& store_;
    QStringList paths_, ticked_;
    std::map<QString, int> colors_;
};

/// Name, state with its icon, step of steps, bar.
class RunDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    bool editorEvent(QEvent* event, QAbstractItemModel* model, const QStyleOptionViewItem& option,
                     const QModelIndex& index) override;
};

} // namespace ember

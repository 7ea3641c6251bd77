#pragma once
// The entries of a legend of categories as rows: those that match the search, the first thirty until all are
// asked for, the missing ones, and a line that counts the rest.

#include <vector>

#include <QAbstractListModel>

#include "widgets/point_colors.hpp"

namespace ember {

class CategoryLegendModel : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role { countTextRole = Qt::UserRole + 1, colorRole, shownRole, moreRole };
    static constexpr int missing = -1, more = -2; ///< rows that are no category
    static constexpr int firstRows = 30;

    explicit CategoryLegendModel(QObject* parent = nullptr) : QAbstractListModel(parent) {}

    void setColors(const PointColors& colors);
    const PointColors& colors() const { return colors_; }
    void setFilter(const QString& text); ///< part of the name, case ignored
    void showAll();                      ///< beyond the first thirty
    bool isShowingAll() const { return all_; }

    int categoryAt(int row) const { return rows_[static_cast<std::size_t>(row)]; }
    int rowOf(int category) const;

    // Edits; each changes colors() and tells edited().
    void toggle(int category);
    void isolate(int category); ///< only this one is shown; all again if it already was
    void showEverything();
    void recolor(int category, const QColor& color);
    void resetColors();
    void move(int category,
              int before); ///< in the order of the legend; before: a category, or `missing` for the end

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    Qt::DropActions supportedDropActions() const override { return Qt::MoveAction; }
    QStringList mimeTypes() const override;
    QMimeData* mimeData(const QModelIndexList& indexes) const override;
    bool dropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column,
                      const QModelIndex& parent) override;

signals:
    void edited(const ember::PointColors& colors);

private:
    void rebuild();
    void changed();
    QString moreText() const;

    PointColors colors_;
    std::vector<std::uint64_t> counts_; ///< [names + 1]
    std::vector<int> order_, rows_;
    std::shared_ptr<const std::vector<std::int32_t>> counted_;
    std::size_t matches_ = 0;
    QString filter_;
    bool all_ = false;
};

} // namespace ember

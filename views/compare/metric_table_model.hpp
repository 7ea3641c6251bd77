#pragma once
// The table of metrics for a table view: best model and baselines that do as well are marked with a sign, not
// with a colour alone.

#include <QAbstractTableModel>

#include "views/compare/metric_table.hpp"

namespace ember {

class MetricTableModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { title, target, firstValue };
    using QAbstractTableModel::QAbstractTableModel;

    void setTable(MetricTable table);
    const MetricTable& table() const { return table_; }
    int rowOf(const QString& metric) const; ///< -1: not there

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString valueText(const MetricValue& value) const;
    QString valueTip(const MetricLine& line, int column) const;
    MetricTable table_;
};

/// "higher", "lower, < 0.2": which way is good.
QString targetText(const MetricInfo& info);

} // namespace ember

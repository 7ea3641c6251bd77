#include "views/compare/metric_table_model.hpp"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>
#include <QFont>

#include "widgets/formatting.hpp"
#include "widgets/icon.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

QString textOf(const std::string& text) {
    return QString::fromStdString(text);
}

bool contains(const std::vector<int>& all, int wanted) {
    return std::find(all.begin(), all.end(), wanted) != all.end();
}

} // namespace

QString targetText(const MetricInfo& info) {
    const auto tr = [](const char* text) {
        return QCoreApplication::translate("ember::MetricTableModel", text);
    };
    if (!info.ranked) {
        return tr("for reference");
    }
    const QString way = info.larger_is_better ? tr("higher") : tr("lower");
    if (!info.target) {
        return way;
    }
    return QString("%1, %2 %3").arg(way, info.larger_is_better ? ">" : "<", formatNumber(*info.target));
}

void MetricTableModel::setTable(MetricTable table) {
    beginResetModel();
    table_ = std::move(table);
    endResetModel();
}

int MetricTableModel::rowOf(const QString& metric) const {
    for (std::size_t row = 0; row < table_.lines.size(); ++row) {
        if (textOf(table_.lines[row].info.name) == metric) {
            return static_cast<int>(row);
        }
    }
    return -1;
}

int MetricTableModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(table_.lines.size());
}

int MetricTableModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : firstValue + static_cast<int>(table_.columns.size());
}

QString MetricTableModel::valueText(const MetricValue& value) const {
    const QString text = formatNumber(value.value, 3);
    return std::isfinite(value.low) && std::isfinite(value.high)
               ? tr("%1 (%2 to %3)").arg(text, formatNumber(value.low, 2), formatNumber(value.high, 2))
               : text;
}

QString MetricTableModel::valueTip(const MetricLine& line, int column) const {
    QStringList parts;
    const MetricColumn& head = table_.columns[static_cast<std::size_t>(column)];
    const MetricValue& value = line.values[static_cast<std::size_t>(column)];
    parts << QString("%1: %2").arg(head.title, formatNumber(value.value));
    if (std::isfinite(value.low)) {
        parts << tr("95 % bootstrap interval %1 to %2, over %3")
                     .arg(formatNumber(value.low), formatNumber(value.high), table_.unit);
    }
    if (column == line.best) {
        parts << tr("Best of the models");
    }
    if (contains(line.asGood, column)) {
        parts << tr("No worse than the best model, although it knows nothing of it");
    }
    return parts.join('\n');
}

QVariant MetricTableModel::data(const QModelIndex& index, int role) const {
    const MetricLine& line = table_.lines.at(static_cast<std::size_t>(index.row()));
    const int column = index.column() - firstValue;
    if (column < 0) {
        if (role == Qt::DisplayRole) {
            return index.column() == title ? textOf(line.info.title) : targetText(line.info);
        }
        if (role == Qt::ToolTipRole) {
            return QString("<p><b>%1</b></p><p>%2</p><p>%3</p>")
                .arg(textOf(line.info.title).toHtmlEscaped(), textOf(line.info.formula).toHtmlEscaped(),
                     textOf(line.info.reason).toHtmlEscaped());
        }
        return {};
    }
    const bool best = column == line.best, asGood = contains(line.asGood, column);
    switch (role) {
    case Qt::DisplayRole: {
        const QString text = valueText(line.values[static_cast<std::size_t>(column)]);
        return !asGood ? text : (line.info.larger_is_better ? QString("≥ %1") : QString("≤ %1")).arg(text);
    }
    case Qt::ToolTipRole:
        return valueTip(line, column);
    case Qt::AccessibleTextRole:
        return valueText(line.values[static_cast<std::size_t>(column)]) +
               (best     ? tr(", best of the models")
                : asGood ? tr(", no worse than the best model")
                         : QString());
    case Qt::TextAlignmentRole:
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    case Qt::DecorationRole:
        return best ? QVariant(icon("check", IconColor::success)) : QVariant();
    case Qt::FontRole: {
        QFont font;
        font.setBold(best);
        return best ? QVariant(font) : QVariant();
    }
    case Qt::ForegroundRole:
        return table_.columns[static_cast<std::size_t>(column)].isModel ? QVariant()
                                                                        : QVariant(themeColors().muted);
    default:
        return {};
    }
}

QVariant MetricTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) {
        return {};
    }
    const int column = section - firstValue;
    if (role == Qt::DisplayRole) {
        return section == title    ? tr("Metric")
               : section == target ? tr("Better")
                                   : table_.columns.at(static_cast<std::size_t>(column)).title;
    }
    if (role == Qt::ToolTipRole && column >= 0) {
        const MetricColumn& head = table_.columns.at(static_cast<std::size_t>(column));
        return head.isModel ? tr("Prediction of %1").arg(head.title) : tr("Baseline. %1").arg(head.meaning);
    }
    return {};
}

} // namespace ember

#include "views/prediction/statistics_plots.hpp"

#include <cmath>
#include <limits>
#include <unordered_map>

#include <QCoreApplication>

#include "widgets/category_palette.hpp"

namespace ember {

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();
constexpr const char* separator = " · "; // of crossed labels

QString tr(const char* text) {
    return QCoreApplication::translate("ember::StatisticsPane", text);
}

QString textOf(const std::string& text) {
    return QString::fromStdString(text);
}

const GroupTable* tableOf(const StatisticsResult& result, const std::vector<std::string>& columns) {
    for (const GroupTable& table : result.tables) {
        if (table.columns == columns) {
            return &table;
        }
    }
    return nullptr;
}

using ByLabel = std::unordered_map<std::string, const GroupStatistics*>;

ByLabel byLabel(const GroupTable& table) {
    ByLabel all;
    for (const GroupStatistics& group : table.groups) {
        all.emplace(group.group, &group);
    }
    return all;
}

QStringList labelsOf(const GroupTable& table) {
    QStringList labels;
    for (const GroupStatistics& group : table.groups) {
        labels << textOf(group.group);
    }
    return labels;
}

/// Standard error of the mean over replicates: their means' sample deviation over the root of their number.
class ReplicateErrors {
public:
    explicit ReplicateErrors(const GroupTable* table) {
        for (std::size_t at = 0; table != nullptr && at < table->groups.size(); ++at) {
            const GroupStatistics& group = table->groups[at];
            const std::size_t end = group.group.rfind(separator);
            means_[group.group.substr(0, end)].push_back(group.mean);
        }
    }
    bool any() const { return !means_.empty(); }
    double of(const std::string& label) const {
        const auto found = means_.find(label);
        const std::size_t n = found == means_.end() ? 0 : found->second.size();
        if (n < 2) {
            return none;
        }
        double mean = 0, squares = 0;
        for (const double value : found->second) {
            mean += value / static_cast<double>(n);
        }
        for (const double value : found->second) {
            squares += (value - mean) * (value - mean);
        }
        return std::sqrt(squares / static_cast<double>(n - 1) / static_cast<double>(n));
    }

private:
    std::unordered_map<std::string, std::vector<double>> means_;
};

BarData simpleBars(const GroupTable& table, double GroupStatistics::*figure) {
    BarData data;
    data.groups = labelsOf(table);
    data.groupLabel = textOf(table.name());
    BarSeries series;
    for (const GroupStatistics& group : table.groups) {
        series.values.push_back(group.*figure);
    }
    data.series.push_back(std::move(series));
    return data;
}

} // namespace

std::vector<QColor> groupColors(const GroupTable& table, const GroupColors& colors) {
    std::vector<QColor> all = categoryColors(static_cast<int>(table.groups.size()));
    if (table.columns.size() == 1) {
        const auto known = colors.value(textOf(table.columns.front()));
        for (std::size_t at = 0; at < all.size(); ++at) {
            all[at] = known.value(textOf(table.groups[at].group), all[at]);
        }
    }
    return all;
}

HistogramData magnitudeHistogram(const StatisticsResult& result, const GroupColors& colors) {
    HistogramData data;
    data.edges = result.histogram.edges;
    data.valueLabel = tr("Magnitude (Euclidean norm per cell)");
    data.countLabel = tr("Cells");
    data.title = tr("Magnitude");
    const bool grouped = !result.tables.empty();
    const auto series = grouped ? groupColors(result.tables.front(), colors) : categoryColors(1);
    for (std::size_t group = 0; group < result.histogram.groups.size(); ++group) {
        data.series.push_back({grouped ? textOf(result.histogram.groups[group]) : tr("All cells"),
                               result.histogram.counts[group], series[group], true});
    }
    return data;
}

BarData meanBars(const StatisticsResult& result, const Schema& schema, const GroupColors& colors) {
    const std::string &condition = schema.pert_col.value, &time = schema.timepoint_col.value;
    const GroupTable *conditions = tableOf(result, {condition}), *times = tableOf(result, {time});
    const GroupTable* both = tableOf(result, {condition, time});
    BarData data;
    if (both != nullptr && conditions != nullptr && times != nullptr) {
        const ReplicateErrors errors(tableOf(result, {condition, time, schema.replicate_col.value}));
        const ByLabel figures = byLabel(*both);
        const std::vector<QColor> inks = groupColors(*conditions, colors);
        data.groups = labelsOf(*times);
        data.groupLabel = textOf(time);
        for (std::size_t at = 0; at < conditions->groups.size(); ++at) {
            const std::string& name = conditions->groups[at].group;
            BarSeries series;
            series.name = textOf(name);
            series.color = inks[at];
            for (const GroupStatistics& moment : times->groups) {
                const std::string label = name + separator + moment.group;
                const auto found = figures.find(label);
                series.values.push_back(found == figures.end() ? none : found->second->mean);
                if (errors.any()) {
                    series.errors.push_back(errors.of(label));
                }
            }
            data.series.push_back(std::move(series));
        }
        if (errors.any()) {
            data.errorLabel = tr("standard error over %1").arg(textOf(schema.replicate_col.value));
        }
    } else if (const GroupTable* one = conditions != nullptr ? conditions : times; one != nullptr) {
        data = simpleBars(*one, &GroupStatistics::mean);
    } else if (!result.tables.empty()) {
        data = simpleBars(result.tables.front(), &GroupStatistics::mean);
    }
    data.title = tr("Mean by %1").arg(data.groupLabel);
    data.valueLabel = tr("Mean value");
    return data;
}

BarData sparsityBars(const StatisticsResult& result, const Schema& schema) {
    const GroupTable* types = tableOf(result, {schema.celltype_col.value});
    BarData data;
    if (types != nullptr || !result.tables.empty()) {
        data = simpleBars(types != nullptr ? *types : result.tables.front(), &GroupStatistics::sparsity);
        data.series.front().name = tr("Sparsity");
    }
    data.title = tr("Sparsity by %1").arg(data.groupLabel);
    data.valueLabel = tr("Share of zeros");
    data.percent = true;
    return data;
}

} // namespace ember

#include "views/dataset/column_summary.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include <QCoreApplication>

#include "core/base/error.hpp"
#include "widgets/category_palette.hpp"
#include "widgets/formatting.hpp"

namespace ember {

namespace {

constexpr std::size_t mostBars = 200; ///< more different values than this are not groups to look at
constexpr int histogramBins = 40;

QString tr(const char* text) {
    return QCoreApplication::translate("ember::ColumnSummary", text);
}

void addBars(ColumnSummary& summary, const CategoricalColumn& groups, const std::vector<QColor>& colors) {
    const std::vector<std::uint64_t> counts = count_categories(groups);
    for (std::size_t i = 0; i < groups.categories.size(); ++i) {
        const QColor color = i < colors.size() ? colors[i] : QColor();
        summary.bars.push_back({QString::fromStdString(groups.categories[i]), counts[i], color});
        summary.labels << QString::fromStdString(groups.categories[i]);
    }
}

std::vector<QColor> colorsOf(const AnnData& data, const std::string& name, std::size_t count) {
    std::vector<QColor> colors;
    for (const std::string& text : data.colors(name))
        colors.emplace_back(QString::fromStdString(text));
    return categoryColors(static_cast<int>(count), colors);
}

/// True for whole numbers of at most a dozen different values: days, batches, replicates.
bool areFewWholeNumbers(const NumericColumn& column) {
    constexpr std::size_t few = 12;
    std::set<double> distinct;
    for (const double value : column.values) {
        if (std::isnan(value))
            continue;
        if (value != std::floor(value) || std::fabs(value) > 1e9)
            return false;
        distinct.insert(value);
        if (distinct.size() > few)
            return false;
    }
    return !distinct.empty();
}

void summariseTexts(ColumnSummary& summary, const Column& column, const TextColumn& texts) {
    std::set<std::string_view> distinct;
    for (const std::string& text : texts.values)
        distinct.insert(text);
    if (distinct.size() <= mostBars && distinct.size() * 2 <= std::max<std::size_t>(texts.values.size(), 8)) {
        addBars(summary, as_groups(column), {});
        return;
    }
    summary.note = tr("%1 different texts").arg(formatCount(static_cast<std::int64_t>(distinct.size())));
    if (!distinct.empty())
        summary.note =
            tr("%1, such as “%2”")
                .arg(summary.note, QString::fromStdString(std::string(*distinct.begin())).left(40));
}

void summarise(ColumnSummary& summary, const AnnData& data, const Column& column) {
    if (const auto* labels = std::get_if<CategoricalColumn>(&column.data)) {
        addBars(summary, *labels, colorsOf(data, column.name, labels->categories.size()));
    } else if (const auto* numbers = std::get_if<NumericColumn>(&column.data)) {
        if (areFewWholeNumbers(*numbers)) {
            addBars(summary, as_groups(column), {});
            return;
        }
        summary.histogram = makeHistogram(numbers->values, histogramBins);
        if (summary.histogram.bins() == 0)
            summary.note = tr("No finite number.");
    } else if (const auto* texts = std::get_if<TextColumn>(&column.data)) {
        summariseTexts(summary, column, *texts);
    } else {
        addBars(summary, as_groups(column), {});
    }
}

} // namespace

ColumnSummary summariseColumn(const AnnData& data, const ColumnInfo& info) {
    ColumnSummary summary;
    summary.name = QString::fromStdString(info.name);
    summary.dtype = QString::fromStdString(info.dtype);
    try {
        summary.column = data.obs(info.name);
        summary.dtype = QString::fromStdString(summary.column->dtype);
        summary.missing = summary.column->missing_count();
        summarise(summary, data, *summary.column);
    } catch (const Error& error) {
        summary.failed = true;
        summary.note = QString::fromStdString(error.message());
    }
    return summary;
}

} // namespace ember

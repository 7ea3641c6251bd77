#include "views/dataset/cell_columns.hpp"

#include <cmath>

#include <QCoreApplication>

#include "widgets/formatting.hpp"

namespace ember {

namespace {

QString textOf(const std::string& utf8) {
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

bool isMissing(const std::vector<bool>& mask, std::size_t row) {
    return !mask.empty() && mask[row];
}

std::size_t at(std::int64_t row) {
    return static_cast<std::size_t>(row);
}

CellColumn fromLabels(std::shared_ptr<const Column> owner, const CategoricalColumn& column) {
    CellColumn cells;
    for (const std::string& category : column.categories)
        cells.labels.push_back(textOf(category));
    cells.code = [owner, &column](std::int64_t row) { return column.codes[at(row)]; };
    cells.text = [owner, &column, labels = cells.labels](std::int64_t row) {
        const std::int32_t code = column.codes[at(row)];
        return code < 0 ? QString() : labels[static_cast<std::size_t>(code)];
    };
    // The categories' own order; missing ones last.
    const auto last = static_cast<std::uint32_t>(column.categories.size());
    cells.rank.reserve(column.codes.size());
    for (const std::int32_t code : column.codes)
        cells.rank.push_back(code < 0 ? last : static_cast<std::uint32_t>(code));
    return cells;
}

CellColumn fromNumbers(std::shared_ptr<const Column> owner, const NumericColumn& column) {
    CellColumn cells;
    const bool whole =
        owner->dtype.find("int") != std::string::npos || owner->dtype.find("Int") != std::string::npos;
    cells.number = [owner, &column](std::int64_t row) { return column.values[at(row)]; };
    cells.text = [owner, &column, whole](std::int64_t row) {
        const double value = column.values[at(row)];
        if (isMissing(column.missing, at(row)))
            return QString();
        return whole && std::fabs(value) < 9e15 ? formatCount(static_cast<std::int64_t>(value))
                                                : formatNumber(value);
    };
    cells.exact = [owner, &column](std::int64_t row) {
        return isMissing(column.missing, at(row)) ? QString() : formatExact(column.values[at(row)]);
    };
    cells.rank = ranksOf(column.values);
    return cells;
}

CellColumn fromTexts(std::shared_ptr<const Column> owner, const TextColumn& column) {
    CellColumn cells;
    cells.text = [owner, &column](std::int64_t row) {
        return isMissing(column.missing, at(row)) ? QString() : textOf(column.values[at(row)]);
    };
    cells.rank = ranksOf(column.values);
    return cells;
}

CellColumn fromBooleans(std::shared_ptr<const Column> owner, const BooleanColumn& column) {
    CellColumn cells;
    cells.labels = {QStringLiteral("False"), QStringLiteral("True")};
    cells.code = [owner, &column](std::int64_t row) -> std::int32_t {
        return isMissing(column.missing, at(row)) ? -1 : (column.values[at(row)] != 0 ? 1 : 0);
    };
    cells.text = [code = cells.code, labels = cells.labels](std::int64_t row) {
        const std::int32_t value = code(row);
        return value < 0 ? QString() : labels[static_cast<std::size_t>(value)];
    };
    for (std::size_t row = 0; row < column.values.size(); ++row)
        cells.rank.push_back(isMissing(column.missing, row) ? 2U : (column.values[row] != 0 ? 1U : 0U));
    return cells;
}

} // namespace

CellColumn cellNamesColumn(std::shared_ptr<const AnnData> data) {
    CellColumn cells;
    const std::vector<std::string>& names = data->obs_names();
    cells.text = [data, &names](std::int64_t row) { return textOf(names[at(row)]); };
    cells.rank = ranksOf(names);
    return cells;
}

CellColumn cellColumn(std::shared_ptr<const Column> column) {
    const Column& values = *column; // its parts live as long as the owner that each function keeps
    if (const auto* labels = std::get_if<CategoricalColumn>(&values.data))
        return fromLabels(column, *labels);
    if (const auto* numbers = std::get_if<NumericColumn>(&values.data))
        return fromNumbers(column, *numbers);
    if (const auto* texts = std::get_if<TextColumn>(&values.data))
        return fromTexts(column, *texts);
    return fromBooleans(column, std::get<BooleanColumn>(values.data));
}

CellColumn unreadableColumn(const QString& why) {
    CellColumn cells;
    cells.text = [](std::int64_t) { return QCoreApplication::translate("ember::CellColumns", "unreadable"); };
    cells.exact = [why](std::int64_t) { return why; };
    return cells;
}

std::vector<CellColumnTitle> cellColumnTitles(const AnnData& data) {
    std::vector<CellColumnTitle> titles = {
        {QStringLiteral("cell"), QCoreApplication::translate("ember::CellColumns", "Name of the cell"),
         false}};
    for (const ColumnInfo& column : data.obs_columns()) {
        const QString dtype = textOf(column.dtype);
        const bool numeric = dtype.contains(QLatin1String("int"), Qt::CaseInsensitive) ||
                             dtype.contains(QLatin1String("float"), Qt::CaseInsensitive);
        titles.push_back({textOf(column.name), dtype, numeric});
    }
    return titles;
}

} // namespace ember

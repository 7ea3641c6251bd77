#include "app/window/search_source.hpp"

#include "core/base/error.hpp"

namespace ember {

namespace {

constexpr std::size_t mostLabels = 200;

bool canBeGroups(const ColumnInfo& column) {
    return column.dtype == "category" || column.dtype == "object" || column.dtype.starts_with("bool");
}

void addLabels(SearchSource& source, const QString& column, CategoricalColumn groups) {
    if (groups.categories.size() > mostLabels) {
        return;
    }
    const std::vector<std::uint64_t> counts = count_categories(groups);
    for (std::size_t i = 0; i < counts.size(); ++i) {
        source.labels.push_back({QString::fromStdString(groups.categories[i]),
                                 static_cast<std::int32_t>(source.groups.size()),
                                 static_cast<std::int32_t>(i), counts[i]});
    }
    source.groups.push_back({column, std::move(groups.codes)});
}

} // namespace

SearchSource gather_search_source(const AnnData& data, JobContext& job) {
    SearchSource source;
    for (const std::string& gene : data.var_names()) {
        source.genes << QString::fromStdString(gene);
    }
    for (const ColumnInfo& column : data.obs_columns()) {
        job.check_cancelled();
        source.columns << QString::fromStdString(column.name);
        if (!canBeGroups(column)) {
            continue;
        }
        try {
            addLabels(source, source.columns.back(), as_groups(*data.obs(column.name)));
        } catch (const Error&) {
            continue; // the Dataset view says what is wrong with it
        }
    }
    return source;
}

CellSelection cells_with(const SearchSource& source, const LabelSource& label) {
    const std::vector<std::int32_t>& codes = source.groups[static_cast<std::size_t>(label.column)].codes;
    CellSelection cells(codes.size());
    for (std::size_t cell = 0; cell < codes.size(); ++cell) {
        if (codes[cell] == label.code) {
            cells.insert(cell);
        }
    }
    return cells;
}

} // namespace ember

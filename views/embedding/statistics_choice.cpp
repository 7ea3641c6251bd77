#include "views/embedding/statistics_choice.hpp"

#include <algorithm>

namespace ember {

namespace {

using Grouping = std::vector<std::string>;

void addOnce(std::vector<Grouping>& groupings, const Grouping& grouping) {
    const bool complete =
        !grouping.empty() && std::none_of(grouping.begin(), grouping.end(),
                                          [](const std::string& column) { return column.empty(); });
    if (complete && std::find(groupings.begin(), groupings.end(), grouping) == groupings.end()) {
        groupings.push_back(grouping);
    }
}

} // namespace

std::vector<MatrixSource> sourcesOf(const AnnData& data) {
    std::vector<MatrixSource> sources;
    if (data.has_x()) {
        sources.push_back({MatrixSource::Kind::x, {}});
    }
    for (const std::string& key : data.layers()) {
        sources.push_back({MatrixSource::Kind::layer, key});
    }
    for (const MemberInfo& member : data.obsm()) {
        if (!member.data_frame) {
            sources.push_back({MatrixSource::Kind::obsm, member.key});
        }
    }
    if (data.raw_x()) {
        sources.push_back({MatrixSource::Kind::raw_x, {}});
    }
    return sources;
}

QStringList groupColumns(const DatasetDocument& data) {
    QStringList columns;
    const Schema& schema = data.schema;
    for (const SchemaEntry* entry : {&schema.pert_col, &schema.timepoint_col, &schema.celltype_col,
                                     &schema.replicate_col, &schema.batch_col}) {
        const QString column = QString::fromStdString(entry->value);
        if (!column.isEmpty() && !columns.contains(column)) {
            columns << column;
        }
    }
    for (const ColumnInfo& info : data.data->obs_columns()) {
        const QString column = QString::fromStdString(info.name);
        const bool groups = info.dtype == "category" || info.dtype == "object" || info.dtype == "bool" ||
                            info.dtype == "boolean" || info.dtype == "string";
        if (groups && !columns.contains(column)) {
            columns << column;
        }
    }
    return columns;
}

StatisticsRequest statisticsRequest(const DatasetDocument& data, const StatisticsChoice& choice) {
    StatisticsRequest request;
    request.adata = data.path.toStdString();
    request.source = choice.source;
    const Schema& schema = data.schema;
    if (!choice.group.isEmpty()) {
        Grouping first{choice.group.toStdString()};
        if (!choice.crossed.isEmpty() && choice.crossed != choice.group) {
            first.push_back(choice.crossed.toStdString());
        }
        addOnce(request.by, first);
    }
    addOnce(request.by, {schema.pert_col.value});
    addOnce(request.by, {schema.timepoint_col.value});
    addOnce(request.by, {schema.celltype_col.value});
    addOnce(request.by, {schema.pert_col.value, schema.timepoint_col.value});
    addOnce(request.by, {schema.pert_col.value, schema.timepoint_col.value, schema.replicate_col.value});
    request.keep_cells = true;
    return request;
}

} // namespace ember

#include "views/prediction/six_panel_data.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include <QCoreApplication>

#include "core/base/fingerprint.hpp"
#include "views/embedding/prediction_banner.hpp"
#include "views/prediction/six_panel_embedding.hpp"
#include "widgets/formatting.hpp"

namespace ember {

namespace {

constexpr std::size_t mostSeries = 8, mostTimepoints = 16, mostCelltypes = 40;

QString tr(const char* text) {
    return QCoreApplication::translate("ember::SixPanelFigure", text);
}

QString textOf(const std::string& text) {
    return QString::fromStdString(text);
}

/// A column's labels, one colour each in every panel.
struct Labels {
    CategoricalColumn column;
    PointColors colors;
    bool known() const { return !column.codes.empty(); }
    QColor colorOf(const std::string& label) const {
        const auto found = std::find(column.categories.begin(), column.categories.end(), label);
        return colors.colorOf(static_cast<int>(found - column.categories.begin()));
    }
};

Labels labelsOf(const AnnData& data, const std::string& column) {
    Labels labels;
    labels.colors.title = textOf(column);
    if (column.empty()) {
        return labels;
    }
    labels.column = as_groups(*data.obs(column));
    QStringList names;
    for (const std::string& name : labels.column.categories) {
        names << textOf(name);
    }
    std::vector<QColor> fromFile;
    for (const std::string& color : data.colors(column)) {
        fromFile.emplace_back(textOf(color));
    }
    labels.colors =
        categoryPointColors(textOf(column), names,
                            std::make_shared<const std::vector<std::int32_t>>(labels.column.codes), fromFile);
    return labels;
}

using Groups = std::vector<GroupStatistics>;

/// The `most` groups with most cells, in their own order.
Groups largest(Groups groups, std::size_t most) {
    if (groups.size() <= most) {
        return groups;
    }
    std::vector<std::size_t> order(groups.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return groups[a].cells > groups[b].cells; });
    order.resize(most);
    std::sort(order.begin(), order.end());
    Groups kept;
    for (const std::size_t at : order) {
        kept.push_back(groups[at]);
    }
    return kept;
}

const GroupTable* tableOf(const StatisticsResult& statistics, const std::vector<std::string>& columns) {
    for (const GroupTable& table : statistics.tables) {
        if (table.columns == columns) {
            return &table;
        }
    }
    return nullptr;
}

std::map<std::string, double> meansByName(const GroupTable* table) {
    std::map<std::string, double> means;
    for (std::size_t i = 0; table != nullptr && i < table->groups.size(); ++i) {
        means[table->groups[i].group] = table->groups[i].mean;
    }
    return means;
}

/// Half an error bar: the standard error over the replicates' means; NaN with fewer than two.
double errorOver(const std::map<std::string, double>& means, const std::string& group,
                 const std::vector<std::string>& replicates) {
    double sum = 0, squares = 0, count = 0;
    for (const std::string& replicate : replicates) {
        const auto found = means.find(group + " · " + replicate);
        if (found != means.end() && std::isfinite(found->second)) {
            const double before = sum / std::max(count, 1.0);
            sum += found->second;
            ++count;
            squares += count > 1 ? (found->second - before) * (found->second - sum / count) : 0;
        }
    }
    return count > 1 ? std::sqrt(squares / (count - 1) / count) : NAN;
}

std::vector<std::vector<std::string>> groupingsOf(const SixPanelRequest& request) {
    std::vector<std::vector<std::string>> groupings;
    const auto add = [&](const std::vector<std::string>& columns) {
        const bool complete = std::none_of(columns.begin(), columns.end(),
                                           [](const std::string& column) { return column.empty(); });
        if (complete && std::find(groupings.begin(), groupings.end(), columns) == groupings.end()) {
            groupings.push_back(columns);
        }
    };
    add({request.condition});
    add({request.timepoint});
    add({request.celltype});
    add({request.condition, request.timepoint});
    add({request.condition, request.timepoint, request.replicate});
    add({request.condition, request.replicate});
    return groupings;
}

HistogramData magnitudesOf(const SixPanelRequest& request, const StatisticsResult& statistics,
                           const Labels& condition) {
    HistogramData data;
    if (request.condition.empty()) {
        data =
            makeHistogram(std::vector<double>(statistics.magnitude.begin(), statistics.magnitude.end()), 60);
    } else {
        const MagnitudeHistogram& histogram = statistics.histogram;
        data.edges = histogram.edges;
        const Groups shown = largest(tableOf(statistics, {request.condition})->groups, mostSeries);
        for (const GroupStatistics& group : shown) {
            const auto at = static_cast<std::size_t>(
                std::find(histogram.groups.begin(), histogram.groups.end(), group.group) -
                histogram.groups.begin());
            data.series.push_back(
                {textOf(group.group), histogram.counts[at], condition.colorOf(group.group), true});
        }
    }
    data.valueLabel = tr("Magnitude (L2 norm per cell)");
    data.countLabel = tr("Cells");
    return data;
}

BarData meansOf(const SixPanelRequest& request, const StatisticsResult& statistics, const Labels& condition,
                const Labels& replicate) {
    BarData data;
    data.valueLabel = tr("Mean");
    if (request.condition.empty()) {
        return data;
    }
    const bool timed = !request.timepoint.empty();
    const Groups conditions = largest(tableOf(statistics, {request.condition})->groups, mostSeries);
    Groups times = {GroupStatistics{}};
    if (timed) {
        times = largest(tableOf(statistics, {request.timepoint})->groups, mostTimepoints);
    }
    const auto means =
        meansByName(tableOf(statistics, timed ? std::vector{request.condition, request.timepoint}
                                              : std::vector{request.condition}));
    const auto ofReplicates =
        meansByName(request.replicate.empty() ? nullptr
                    : timed ? tableOf(statistics, {request.condition, request.timepoint, request.replicate})
                            : tableOf(statistics, {request.condition, request.replicate}));
    bool anyError = false;
    for (const GroupStatistics& group : conditions) {
        BarSeries series;
        series.name = textOf(group.group);
        series.color = condition.colorOf(group.group);
        for (const GroupStatistics& time : times) {
            const std::string name = timed ? group.group + " · " + time.group : group.group;
            const auto found = means.find(name);
            series.values.push_back(found == means.end() ? NAN : found->second);
            series.errors.push_back(errorOver(ofReplicates, name, replicate.column.categories));
            anyError = anyError || std::isfinite(series.errors.back());
        }
        data.series.push_back(std::move(series));
    }
    for (const GroupStatistics& time : times) {
        data.groups << (timed ? textOf(time.group) : tr("all cells"));
    }
    data.groupLabel = timed ? textOf(request.timepoint) : QString();
    if (anyError) {
        data.errorLabel = tr("SE over %1").arg(textOf(request.replicate));
    } else {
        for (BarSeries& series : data.series) {
            series.errors.clear();
        }
    }
    return data;
}

BarData sparsityOf(const SixPanelRequest& request, const StatisticsResult& statistics) {
    BarData data;
    data.valueLabel = request.threshold > 0 ? tr("Values of at most %1").arg(formatNumber(request.threshold))
                                            : tr("Values that are zero");
    data.percent = true;
    BarSeries series;
    series.name = tr("Sparsity");
    const GroupTable* table = request.celltype.empty() ? nullptr : tableOf(statistics, {request.celltype});
    const Groups shown =
        table == nullptr ? Groups{statistics.overall} : largest(table->groups, mostCelltypes);
    for (const GroupStatistics& group : shown) {
        data.groups << (table == nullptr ? tr("all cells") : textOf(group.group));
        series.values.push_back(group.sparsity);
    }
    data.groupLabel = textOf(request.celltype);
    data.series.push_back(std::move(series));
    return data;
}

QStringList notesOf(const SixPanelRequest& request, const StatisticsResult& statistics) {
    QStringList notes;
    const auto shorten = [&](const std::string& column, std::size_t most) {
        const GroupTable* table = column.empty() ? nullptr : tableOf(statistics, {column});
        if (table != nullptr && table->groups.size() > most) {
            notes << tr("Of %1, the largest of %2 labels are shown in bars and histograms.")
                         .arg(textOf(column), formatCount(static_cast<std::int64_t>(table->groups.size())));
        }
        if (table != nullptr && table->cells_without_group > 0) {
            notes << tr("%1 without a label in %2.")
                         .arg(formatCount(static_cast<std::int64_t>(table->cells_without_group), tr("cell"),
                                          tr("cells")),
                              textOf(column));
        }
    };
    shorten(request.condition, mostSeries);
    shorten(request.timepoint, mostTimepoints);
    shorten(request.celltype, mostCelltypes);
    if (statistics.overall.nonfinite > 0) {
        notes << tr("%1 that are not finite were left out of means and sparsity.")
                     .arg(formatCount(static_cast<std::int64_t>(statistics.overall.nonfinite), tr("value"),
                                      tr("values")));
    }
    return notes;
}

void compareGroups(const AnnData& data, const SixPanelRequest& request, SixPanelData& figure,
                   JobContext& job) {
    Schema schema;
    schema.pert_col.value = request.condition;
    schema.celltype_col.value = request.celltype;
    schema.replicate_col.value = request.replicate;
    schema.timepoint_col.value = request.timepoint;
    const auto asked = [&](const std::string& column) {
        ConditionDifferenceRequest comparison = difference_request(data, request.source, schema, column);
        comparison.adata = request.adata;
        comparison.permutations = request.permutations;
        comparison.seed = request.seed;
        return comparison;
    };
    figure.differenceRequest = asked(request.condition);
    figure.difference = compare_conditions(data, figure.differenceRequest, job);
    figure.verdict = conditionDifferenceBanner(figure.differenceRequest, figure.difference);
    for (const std::string& column : {request.timepoint, request.celltype}) {
        if (!column.empty() && column != request.condition) {
            const ConditionDifferenceRequest comparison = asked(column);
            figure.others.emplace_back(comparison, compare_conditions(data, comparison, job));
        }
    }
}

QString provenanceOf(const SixPanelRequest& request, const SixPanelData& data,
                     const nlohmann::json& embedding, JobContext& job) {
    nlohmann::json others = nlohmann::json::object();
    for (const auto& [asked, found] : data.others) {
        others[asked.group_col] = difference_json(asked, found);
    }
    const nlohmann::json record = {
        {"program", "emberview"},
        {"version", QCoreApplication::applicationVersion().toStdString()},
        {"figure", "predictions"},
        {"input",
         {{"file", std::filesystem::absolute(request.adata).string()},
          {"sha256", sha256_of_file(request.adata, job)},
          {"matrix", to_string(request.source)},
          {"shape", {data.statistics.rows, data.statistics.cols}}}},
        {"columns",
         {{"condition", request.condition},
          {"timepoint", request.timepoint},
          {"celltype", request.celltype},
          {"replicate", request.replicate}}},
        {"parameters",
         {{"seed", request.seed}, {"permutations", request.permutations}, {"threshold", request.threshold}}},
        {"embedding", embedding},
        {"differences", difference_json(data.differenceRequest, data.difference)},
        {"differences_by", others}};
    return textOf(record.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
}

} // namespace

SixPanelRequest sixPanelRequest(const AnnData& data, const MatrixSource& source, const Schema& schema) {
    SixPanelRequest request;
    request.adata = data.path();
    request.source = source;
    request.condition = schema.pert_col.value;
    request.timepoint = schema.timepoint_col.value;
    request.celltype = schema.celltype_col.value;
    request.replicate = schema.replicate_col.value;
    return request;
}

SixPanelData gatherSixPanels(const AnnData& data, const SixPanelRequest& request, JobContext& job) {
    SixPanelData figure;
    const Labels condition = labelsOf(data, request.condition), time = labelsOf(data, request.timepoint),
                 type = labelsOf(data, request.celltype), replicate = labelsOf(data, request.replicate);
    figure.byCondition = condition.colors;
    figure.byTimepoint = time.colors;
    figure.byCelltype = type.colors;

    StatisticsRequest statistics;
    statistics.adata = request.adata;
    statistics.source = request.source;
    statistics.by = groupingsOf(request);
    statistics.threshold = request.threshold;
    figure.statistics = compute_statistics(data, statistics, job);
    figure.magnitudes = magnitudesOf(request, figure.statistics, condition);
    figure.means = meansOf(request, figure.statistics, condition, replicate);
    figure.sparsity = sparsityOf(request, figure.statistics);

    compareGroups(data, request, figure, job);

    const FigureEmbedding embedding =
        request.points ? FigureEmbedding{request.points,
                                         request.pointsName,
                                         false,
                                         request.pointsNote,
                                         {{"note", request.pointsNote.toStdString()}}}
                       : embeddingForFigure(data, request.source, request.embedding, request.seed, job);
    figure.points = embedding.points;
    figure.embeddingName = embedding.name;
    figure.ranked = embedding.ranked;
    figure.notes << embedding.note << notesOf(request, figure.statistics);
    for (const auto& [asked, found] : figure.others) {
        figure.notes << textOf(describe_briefly(asked, found));
    }
    figure.title =
        tr("%1, %2: %3 × %4")
            .arg(textOf(request.adata.filename().string()), textOf(to_string(request.source)),
                 formatCount(static_cast<std::int64_t>(figure.statistics.rows), tr("cell"), tr("cells")),
                 formatCount(static_cast<std::int64_t>(figure.statistics.cols), tr("value"), tr("values")));
    figure.provenance = provenanceOf(request, figure, embedding.provenance, job);
    return figure;
}

} // namespace ember

#include "views/genes/gene_distribution.hpp"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>

#include "core/analysis/cell_groups.hpp"
#include "views/embedding/gene_values.hpp"
#include "views/genes/violin_side.hpp"

namespace ember {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("ember::DistributionPane", text);
}

QString textOf(const std::string& text) {
    return QString::fromStdString(text);
}

/// The cells of one kind with their labels.
struct LabelledValues {
    std::vector<float> values; ///< [cells]
    CategoricalColumn group;   ///< [cells]
    CellGroups strata;         ///< one without `within`
};

LabelledValues read_values(const DistributionRequest& request, const DistributionCells& cells,
                           JobContext& job) {
    LabelledValues read{gene_values(*cells.data, cells.source, request.gene, job),
                        as_groups(*cells.data->obs(request.groupby)),
                        {}};
    if (request.within.empty()) {
        read.strata = {{std::string()}, std::vector<std::int32_t>(read.values.size(), 0), 0};
    } else {
        read.strata = group_cells(*cells.data, request.within);
    }
    return read;
}

/// Values of the cells with this label ("rest": any but `not_this`) in a stratum (empty name: any).
ViolinSide side_of(const LabelledValues& cells, const std::string& label, const std::string& not_this,
                   const std::string& stratum) {
    std::vector<double> values;
    for (std::size_t cell = 0; cell < cells.values.size(); ++cell) {
        const std::int32_t code = cells.group.codes[cell], place = cells.strata.group[cell];
        if (code < 0 || place < 0) {
            continue;
        }
        const std::string& name = cells.group.categories[static_cast<std::size_t>(code)];
        const bool wanted = label == "rest" && !not_this.empty() ? name != not_this : name == label;
        const bool here = stratum.empty() || cells.strata.labels[static_cast<std::size_t>(place)] == stratum;
        if (wanted && here && std::isfinite(cells.values[cell])) {
            values.push_back(cells.values[cell]);
        }
    }
    return violin_side(values);
}

std::string joined(const std::vector<std::string>& labels) {
    std::string text;
    for (const std::string& label : labels) {
        text += (text.empty() ? "" : " · ") + label;
    }
    return text;
}

/// Strata side by side: the reference on the left, the group on the right.
void add_strata(ViolinData& data, const DistributionRequest& request, const LabelledValues& cells,
                JobContext& job) {
    const std::string& group = request.groups.front();
    data.sides = {request.reference == "rest" ? tr("the rest") : textOf(request.reference), textOf(group)};
    data.groupLabel = textOf(joined(request.within));
    for (const std::string& stratum : cells.strata.labels) {
        job.check_cancelled();
        data.groups.push_back(
            {textOf(stratum),
             {side_of(cells, request.reference, group, stratum), side_of(cells, group, {}, stratum)}});
    }
}

void add_labels(ViolinData& data, const DistributionRequest& request, const LabelledValues& cells,
                JobContext& job) {
    data.sides = {tr("cells")};
    data.groupLabel = textOf(request.groupby);
    for (const std::string& label : cells.group.categories) {
        job.check_cancelled();
        data.groups.push_back({textOf(label), {side_of(cells, label, {}, joined(request.stratum))}});
    }
}

/// For each prediction the reference and the group: observed on the left, predicted on the right.
void add_predictions(ViolinData& data, const DistributionRequest& request, JobContext& job) {
    data.sides = {textOf(request.cells.front().name), tr("predicted")};
    data.groupLabel = textOf(request.groupby);
    const std::string stratum = joined(request.stratum);
    const LabelledValues observed = read_values(request, request.cells.front(), job);
    for (std::size_t at = 1; at < request.cells.size(); ++at) {
        const LabelledValues predicted = read_values(request, request.cells[at], job);
        for (const std::string& label : {request.reference, request.groups.front()}) {
            const QString name = request.cells.size() > 2
                                     ? QString("%1, %2").arg(textOf(label), textOf(request.cells[at].name))
                                     : textOf(label);
            data.groups.push_back(
                {name, {side_of(observed, label, {}, stratum), side_of(predicted, label, {}, stratum)}});
        }
    }
    if (request.cells.size() == 2) {
        data.sides[1] = textOf(request.cells.back().name);
    }
}

} // namespace

ViolinData gene_distribution(const DistributionRequest& request, JobContext& job) {
    ViolinData data;
    data.title = textOf(request.gene);
    data.valueLabel =
        tr("%1 (%2)").arg(textOf(request.gene), textOf(to_string(request.cells.front().source)));
    data.unit = tr("cells");
    if (!request.stratum.empty()) {
        data.title = QString("%1, %2").arg(data.title, textOf(joined(request.stratum)));
    }
    if (request.cells.size() > 1) {
        add_predictions(data, request, job);
        return data;
    }
    const LabelledValues cells = read_values(request, request.cells.front(), job);
    const bool pair = request.groups.size() == 1 && !request.reference.empty();
    if (pair && request.stratum.empty() && !request.within.empty()) {
        add_strata(data, request, cells, job);
    } else {
        add_labels(data, request, cells, job);
    }
    return data;
}

} // namespace ember

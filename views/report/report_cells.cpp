#include "views/report/report_cells.hpp"

#include <algorithm>

#include <QCoreApplication>

#include "core/base/error.hpp"
#include "core/data/stacked_matrix.hpp"
#include "core/embedding/pca.hpp"
#include "core/embedding/umap.hpp"
#include "widgets/formatting.hpp"

namespace ember {

namespace {

constexpr int principalComponents = 50;

QString tr(const char* text) {
    return QCoreApplication::translate("ember::Report", text);
}

PointColors colorsOf(const AnnData& data, const std::string& column, const std::vector<std::string>& labels,
                     const std::vector<std::uint64_t>& rows) {
    if (column.empty()) {
        return {};
    }
    const CategoricalColumn groups = as_groups(*data.obs(column));
    auto codes = std::make_shared<std::vector<std::int32_t>>();
    for (const std::uint64_t row : rows) {
        const std::int32_t code = groups.codes[row];
        const auto found = code < 0 ? labels.end()
                                    : std::find(labels.begin(), labels.end(),
                                                groups.categories[static_cast<std::size_t>(code)]);
        codes->push_back(found == labels.end() ? -1 : static_cast<std::int32_t>(found - labels.begin()));
    }
    QStringList names;
    for (const std::string& label : labels) {
        names << QString::fromStdString(label);
    }
    return categoryPointColors(QString::fromStdString(column), names, codes);
}

std::vector<std::string> labelsOf(const AnnData& data, const std::string& column) {
    return column.empty() ? std::vector<std::string>() : as_groups(*data.obs(column)).categories;
}

struct Source {
    QString name;
    AnnDataPtr data;
    MatrixPtr matrix;
};

ReportCells computed(const CompareRequest& request, const std::vector<Source>& sources, std::uint64_t most,
                     JobContext& job) {
    std::vector<MatrixPtr> matrices;
    std::uint64_t cells = 0;
    for (const Source& source : sources) {
        matrices.push_back(source.matrix);
        cells += source.matrix->rows();
    }
    const MatrixPtr all = stack_matrices(matrices);
    PcaOptions reduction;
    reduction.components =
        static_cast<int>(std::min<std::uint64_t>({principalComponents, all->cols(), all->rows() - 1}));
    const PcaResult components = pca(*all, reduction, job);
    // Every step-th cell of each data set, so that all are there in their proportions.
    const std::uint64_t step = (cells + most - 1) / most;
    std::vector<float> points;
    std::vector<std::vector<std::uint64_t>> rows;
    std::uint64_t first = 0;
    const auto count = static_cast<std::uint64_t>(components.count);
    for (const Source& source : sources) {
        rows.emplace_back();
        for (std::uint64_t row = 0; row < source.matrix->rows(); row += step) {
            rows.back().push_back(row);
            const float* from = components.scores.data() + (first + row) * count;
            points.insert(points.end(), from, from + count);
        }
        first += source.matrix->rows();
    }
    UmapOptions options;
    options.seed = request.seed;
    Umap umap = Umap::create(points, points.size() / count, count, options, job);
    while (!umap.done()) {
        umap.step(10, job);
    }
    ReportCells made;
    const std::vector<std::string> perturbations = labelsOf(*request.real, request.pert_col);
    const std::vector<std::string> types = labelsOf(*request.real, request.celltype_col);
    std::size_t at = 0;
    for (std::size_t i = 0; i < sources.size(); ++i) {
        const float* from = umap.embedding().data() + 2 * at;
        ReportCloud cloud;
        cloud.name = sources[i].name;
        cloud.points = std::make_shared<std::vector<float>>(from, from + 2 * rows[i].size());
        cloud.byPerturbation = colorsOf(*sources[i].data, request.pert_col, perturbations, rows[i]);
        cloud.byType = colorsOf(*sources[i].data, request.celltype_col, types, rows[i]);
        made.clouds.push_back(std::move(cloud));
        at += rows[i].size();
    }
    made.note =
        tr("One UMAP of real and predicted cells together (%1 principal components, %2 neighbours, seed %3).")
            .arg(components.count)
            .arg(umap.options().neighbors)
            .arg(request.seed);
    if (step > 1) {
        made.note += ' ' + tr("Every %1th cell is shown: %2 of %3.")
                               .arg(step)
                               .arg(formatCount(static_cast<std::int64_t>(at)),
                                    formatCount(static_cast<std::int64_t>(cells)));
    }
    made.provenance = {{"method", "umap"},
                       {"principal_components", components.count},
                       {"neighbors", umap.options().neighbors},
                       {"cells", at},
                       {"seed", request.seed}};
    return made;
}

} // namespace

ReportCells gatherReportCells(const CompareRequest& request, JobContext& job, std::uint64_t most) {
    std::vector<Source> sources = {
        {tr("Real cells"), request.real, request.real->matrix(request.real_source)}};
    for (const ComparedPrediction& prediction : request.predictions) {
        sources.push_back({QString::fromStdString(prediction.name), prediction.data,
                           prediction.data->matrix(prediction.source)});
    }
    try {
        return computed(request, sources, most, job);
    } catch (const Cancelled&) {
        throw;
    } catch (const ResourceError&) {
        throw;
    } catch (const Error& error) {
        ReportCells none;
        none.note = tr("There is no picture of the cells: %1.").arg(QString::fromStdString(error.message()));
        none.provenance = {{"method", "none"}, {"reason", error.message()}};
        return none;
    }
}

} // namespace ember

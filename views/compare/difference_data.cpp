#include "views/compare/difference_data.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include <QCoreApplication>

#include "core/analysis/hierarchical_clustering.hpp"
#include "core/evaluation/change_agreement.hpp"
#include "views/compare/map_groups.hpp"
#include "widgets/formatting.hpp"

namespace ember {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("ember::CompareView", text);
}

QString textOf(const std::string& text) {
    return QString::fromStdString(text);
}

/// A group of cells; empty: all.
struct Group {
    std::string perturbation, cellType, time;
};

/// Mean expression of a group, [genes]; empty without cells.
struct Profile {
    std::vector<double> mean;
    std::uint64_t cells = 0;
};

class Differences {
public:
    explicit Differences(const DifferenceRequest& request) : request_(request) {
        typeAt_ = request.columns.cellType.empty() ? -1 : 1;
        timeAt_ = request.columns.time.empty() ? -1 : (typeAt_ < 0 ? 1 : 2);
    }

    const std::string* labelAt(const std::vector<std::string>& labels, int place) const {
        return place < 0 ? nullptr : &labels[static_cast<std::size_t>(place)];
    }

    Profile profile(const FileMeans& file, const Group& group) const {
        Profile found;
        const GroupMeans& means = *file.means;
        const auto fits = [](const std::string& wanted, const std::string* label) {
            return wanted.empty() || (label != nullptr && *label == wanted);
        };
        for (std::size_t at = 0; at < means.labels.size(); ++at) {
            const auto& labels = means.labels[at];
            if (means.cells[at] == 0 || !fits(group.perturbation, labels.data()) ||
                !fits(group.cellType, labelAt(labels, typeAt_)) ||
                !fits(group.time, labelAt(labels, timeAt_))) {
                continue;
            }
            found.mean.resize(means.genes, 0.0);
            const auto cells = static_cast<double>(means.cells[at]);
            for (std::uint64_t gene = 0; gene < means.genes; ++gene) {
                found.mean[gene] += cells * means.of(at)[gene];
            }
            found.cells += means.cells[at];
        }
        for (double& value : found.mean) {
            value /= static_cast<double>(found.cells);
        }
        return found;
    }

    /// The mean, or its change from the file's own control.
    Profile shown(const FileMeans& file, Group group) const {
        Profile found = profile(file, group);
        if (!request_.settings.change) {
            return found;
        }
        group.perturbation = request_.columns.control;
        const Profile control = profile(file, group);
        if (control.mean.empty() || found.mean.empty()) {
            return {};
        }
        std::transform(found.mean.begin(), found.mean.end(), control.mean.begin(), found.mean.begin(),
                       std::minus<>());
        return found;
    }

    /// Labels of a column, those with most cells first.
    std::vector<std::string> labels(int place) const {
        std::map<std::string, std::uint64_t> cells;
        for (const FileMeans& file : request_.files) {
            for (std::size_t at = 0; at < file.means->labels.size(); ++at) {
                if (const std::string* label = labelAt(file.means->labels[at], place)) {
                    cells[*label] += file.means->cells[at];
                }
            }
        }
        std::vector<std::pair<std::string, std::uint64_t>> sorted(cells.begin(), cells.end());
        std::stable_sort(sorted.begin(), sorted.end(),
                         [](const auto& a, const auto& b) { return a.second > b.second; });
        std::vector<std::string> names;
        for (const auto& [name, count] : sorted) {
            names.push_back(name);
        }
        return names;
    }
    std::vector<std::string> perturbations() const {
        std::vector<std::string> names = labels(0);
        std::erase(names, request_.columns.control);
        return names;
    }
    std::vector<std::string> cellTypes() const { return labels(typeAt_); }
    std::vector<std::string> times() const {
        const std::vector<std::string> names = labels(timeAt_);
        std::vector<std::string> sorted;
        for (const int at : natural_order(names)) {
            sorted.push_back(names[static_cast<std::size_t>(at)]);
        }
        return sorted;
    }

private:
    const DifferenceRequest& request_;
    int typeAt_ = -1, timeAt_ = -1; ///< places in the groups' labels
};

struct MapColumn {
    QString name;
    int group = 0, file = 0;
    std::vector<double> values; ///< [genes]
};

/// Cell types, or the time points of the chosen one.
std::vector<std::pair<QString, Group>> mapGroupsOf(const Differences& differences,
                                                   const std::string& perturbation,
                                                   const DifferenceSettings& settings) {
    std::vector<std::pair<QString, Group>> groups;
    const std::string type = settings.cellType.toStdString(), time = settings.time.toStdString();
    if (type.empty()) {
        for (const std::string& name : differences.cellTypes()) {
            groups.push_back({textOf(name), {perturbation, name, time}});
        }
    } else {
        for (const std::string& name : differences.times()) {
            groups.push_back({textOf(name), {perturbation, type, name}});
        }
    }
    if (groups.empty()) {
        groups.push_back({textOf(perturbation), {perturbation, type, time}});
    }
    return groups;
}

std::vector<MapColumn> mapColumns(const DifferenceRequest& request, const Differences& differences,
                                  const std::vector<std::pair<QString, Group>>& groups) {
    std::vector<MapColumn> columns;
    const bool change = request.settings.change;
    const bool hasReal = !request.files.empty() && request.files.front().isReal;
    for (std::size_t g = 0; g < groups.size(); ++g) {
        const Profile real = hasReal ? differences.shown(request.files.front(), groups[g].second) : Profile();
        for (std::size_t f = 0; f < request.files.size(); ++f) {
            const FileMeans& file = request.files[f];
            if ((!change && (file.isReal || real.mean.empty()))) {
                continue;
            }
            Profile own = file.isReal ? real : differences.shown(file, groups[g].second);
            if (own.mean.empty()) {
                continue;
            }
            if (!change) {
                std::transform(own.mean.begin(), own.mean.end(), real.mean.begin(), own.mean.begin(),
                               std::minus<>());
            }
            const QString name = file.isReal ? tr("observed") : file.name;
            columns.push_back({QString("%1, %2").arg(groups[g].first, name), static_cast<int>(g),
                               static_cast<int>(f), std::move(own.mean)});
        }
    }
    return columns;
}

/// Genes with the largest value in any column; of changes, in the observed ones where there are some.
std::vector<int> largestGenes(const std::vector<MapColumn>& columns, bool observedOnly) {
    if (columns.empty()) {
        return {};
    }
    std::vector<double> largest(columns.front().values.size(), 0.0);
    for (const MapColumn& column : columns) {
        if (!observedOnly || column.file == 0) {
            for (std::size_t gene = 0; gene < largest.size(); ++gene) {
                largest[gene] = std::max(largest[gene], std::fabs(column.values[gene]));
            }
        }
    }
    std::vector<int> genes(largest.size());
    std::iota(genes.begin(), genes.end(), 0);
    const auto count = std::min<std::size_t>(genes.size(), most_map_genes);
    std::partial_sort(genes.begin(), genes.begin() + static_cast<std::ptrdiff_t>(count), genes.end(),
                      [&](int a, int b) {
                          const double left = largest[static_cast<std::size_t>(a)];
                          const double right = largest[static_cast<std::size_t>(b)];
                          return left != right ? left > right : a < b;
                      });
    genes.resize(count);
    return genes;
}

void clusterRows(HeatMapData& map, JobContext& job) {
    if (map.rows.size() < 3 || map.columns.size() < 2) {
        return;
    }
    const ClusterTree tree = cluster_rows(map.values, static_cast<std::size_t>(map.columns.size()),
                                          RowDistance::correlation, Linkage::average, job);
    map.rowOrder = leaf_order(tree);
    for (const TreeMerge& merge : tree.merges) {
        map.rowTree.merges.push_back({static_cast<int>(merge.first), static_cast<int>(merge.second)});
        map.rowTree.heights.push_back(merge.height);
    }
}

void fillMap(DifferencePictures& pictures, const DifferenceRequest& request, const Differences& differences,
             JobContext& job) {
    const auto groups = mapGroupsOf(differences, pictures.perturbation.toStdString(), request.settings);
    const std::vector<MapColumn> columns = mapColumns(request, differences, groups);
    const bool change = request.settings.change;
    const bool hasReal = !request.files.empty() && request.files.front().isReal;
    pictures.mapGenes = largestGenes(columns, change && hasReal);
    HeatMapData& map = pictures.map;
    map.title = change ? tr("Change by %1, the %2 genes that change most")
                       : tr("%1: mean predicted less mean real, the %2 genes that differ most");
    map.title = map.title.arg(pictures.perturbation).arg(pictures.mapGenes.size());
    map.valueLabel =
        change ? tr("Change of the mean (log-normalised)") : tr("Predicted − real (log-normalised)");
    map.rowLabel = tr("gene");
    map.columnLabel = request.settings.cellType.isEmpty() ? tr("cell type") : tr("time point");
    map.map = ColorMap::diverging;
    map.diverging = true;
    std::vector<int> bandGroups, bandFiles;
    for (const MapColumn& column : columns) {
        map.columns << column.name;
        bandGroups.push_back(column.group);
        bandFiles.push_back(column.file);
    }
    for (const int gene : pictures.mapGenes) {
        map.rows << textOf(request.genes[static_cast<std::size_t>(gene)]);
        for (const MapColumn& column : columns) {
            map.values.push_back(column.values[static_cast<std::size_t>(gene)]);
        }
    }
    QStringList groupNames, fileNames;
    for (const auto& [name, group] : groups) {
        groupNames << name;
    }
    const int first =
        !request.settings.change && hasReal ? 1 : 0; // the real cells have no column of their own
    for (std::size_t at = static_cast<std::size_t>(first); at < request.files.size(); ++at) {
        fileNames << (request.files[at].isReal ? tr("observed") : request.files[at].name);
    }
    for (int& file : bandFiles) {
        file -= first;
    }
    if (!columns.empty()) {
        map.columnAnnotations = {{map.columnLabel, bandGroups}, {tr("values"), bandFiles}};
        map.annotationNames = {groupNames, fileNames};
    }
    clusterRows(map, job);
}

/// The points whose names are drawn, the most important first.
std::vector<int> namedPoints(const ScatterData& scatter, bool change) {
    std::vector<int> order(scatter.x.size());
    std::iota(order.begin(), order.end(), 0);
    const auto weight = [&](int at) {
        const auto point = static_cast<std::size_t>(at);
        return change ? std::fabs(scatter.x[point]) : std::fabs(scatter.y[point] - scatter.x[point]);
    };
    const auto count = std::min<std::size_t>(order.size(), 10);
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
                      [&](int a, int b) { return weight(a) > weight(b); });
    order.resize(count);
    return order;
}

void fillScatter(DifferencePictures& pictures, const DifferenceRequest& request,
                 const Differences& differences) {
    const DifferenceSettings& settings = request.settings;
    const FileMeans* model = nullptr;
    for (const FileMeans& file : request.files) {
        const bool wanted = !file.isReal && (settings.model.isEmpty() || file.path == settings.model);
        model = model == nullptr && wanted ? &file : model;
    }
    if (model == nullptr || !request.files.front().isReal) {
        pictures.problem = tr("Open the real cells to hold a prediction against them.");
        return;
    }
    const Group group{pictures.perturbation.toStdString(), settings.cellType.toStdString(),
                      settings.time.toStdString()};
    const Profile real = differences.shown(request.files.front(), group);
    const Profile predicted = differences.shown(*model, group);
    if (real.mean.empty() || predicted.mean.empty()) {
        pictures.problem = tr("No cells in this group.");
        return;
    }
    ScatterData& scatter = pictures.scatter;
    scatter.x = real.mean;
    scatter.y = predicted.mean;
    scatter.names = pictures.genes;
    scatter.nameLabel = tr("gene");
    QStringList where{pictures.perturbation};
    for (const QString& part : {settings.cellType, settings.time}) {
        if (!part.isEmpty()) {
            where << part;
        }
    }
    scatter.title = where.join(", ");
    scatter.xLabel = settings.change ? tr("Observed change") : tr("Real mean expression");
    scatter.yLabel = settings.change ? tr("Predicted change, %1").arg(model->name)
                                     : tr("Predicted mean expression, %1").arg(model->name);
    scatter.diagonal = true;
    scatter.labelled = namedPoints(scatter, settings.change);
    scatter.note = tr("Pearson r %1 over %2 genes; %3 real and %4 predicted cells")
                       .arg(formatNumber(pearson_of(scatter.x, scatter.y), 3),
                            formatCount(static_cast<std::int64_t>(scatter.x.size())),
                            formatCount(static_cast<std::int64_t>(real.cells)),
                            formatCount(static_cast<std::int64_t>(predicted.cells)));
}

QStringList textsOf(const std::vector<std::string>& names) {
    QStringList texts;
    for (const std::string& name : names) {
        texts << textOf(name);
    }
    return texts;
}

} // namespace

DifferencePictures difference_pictures(const DifferenceRequest& request, JobContext& job) {
    DifferencePictures pictures;
    const Differences differences(request);
    pictures.genes = textsOf(request.genes);
    pictures.perturbations = textsOf(differences.perturbations());
    pictures.cellTypes = textsOf(differences.cellTypes());
    pictures.times = textsOf(differences.times());
    pictures.perturbation = pictures.perturbations.contains(request.settings.perturbation)
                                ? request.settings.perturbation
                                : pictures.perturbations.value(0);
    if (request.files.empty() || pictures.perturbation.isEmpty()) {
        pictures.problem = tr("No perturbation but the control.");
        return pictures;
    }
    fillMap(pictures, request, differences, job);
    job.check_cancelled();
    fillScatter(pictures, request, differences);
    return pictures;
}

} // namespace ember

#include "views/compare/map_groups.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string_view>

#include <QCoreApplication>

#include "widgets/category_palette.hpp"

namespace ember {

namespace {

CategoricalColumn labels_of(const AnnData& data, const std::string& column) {
    const auto& columns = data.obs_columns();
    const bool has = std::any_of(columns.begin(), columns.end(),
                                 [&column](const ColumnInfo& info) { return info.name == column; });
    if (!has) {
        return {{std::string()}, std::vector<std::int32_t>(data.n_obs(), 0), false};
    }
    return as_groups(*data.obs(column));
}

/// -1: any; -2: no cell has it.
int codeOf(const CategoricalColumn& column, const std::string& name) {
    if (name.empty()) {
        return -1;
    }
    const auto found = std::find(column.categories.begin(), column.categories.end(), name);
    return found == column.categories.end() ? -2 : static_cast<int>(found - column.categories.begin());
}

double medianOf(std::vector<float>& values) {
    if (values.empty()) {
        return std::nan("");
    }
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return static_cast<double>(*middle);
}

bool isFinite(const QPointF& point) {
    return std::isfinite(point.x()) && std::isfinite(point.y());
}

void addArrow(std::vector<float>& ends, const QPointF& from, const QPointF& to) {
    for (const double value : {from.x(), from.y(), to.x(), to.y()}) {
        ends.push_back(static_cast<float>(value));
    }
}

/// The cell types whose arrows are drawn.
std::vector<int> chosenTypes(const MapGroups& groups, const std::string& cellType) {
    std::vector<int> chosen;
    for (std::size_t at = 0; at < groups.cellType.categories.size(); ++at) {
        if (cellType.empty() || groups.cellType.categories[at] == cellType) {
            chosen.push_back(static_cast<int>(at));
        }
    }
    return chosen;
}

std::vector<float> arrowsOfCells(const MapFileView& real, const MapFileView& shown,
                                 const std::string& cellType) {
    std::vector<float> ends;
    const std::vector<float>&from = *real.xy, &to = *shown.xy;
    const int wanted = codeOf(shown.groups->cellType, cellType);
    const std::size_t cells = std::min(from.size(), to.size()) / 2;
    for (std::size_t cell = 0; cell < cells; ++cell) {
        if (wanted == -1 || shown.groups->cellType.codes[cell] == wanted) {
            ends.insert(ends.end(), {from[2 * cell], from[2 * cell + 1], to[2 * cell], to[2 * cell + 1]});
        }
    }
    return ends;
}

QString pathName(const std::string& perturbation, const std::string& cellType) {
    QStringList parts;
    for (const std::string& part : {cellType, perturbation}) {
        if (!part.empty()) {
            parts << QString::fromStdString(part);
        }
    }
    return parts.join(' ');
}

bool isDigit(char letter) {
    return letter >= '0' && letter <= '9';
}

/// The digits from `at` on, without leading zeros; moves behind them.
std::string_view numberAt(std::string_view text, std::size_t& at) {
    const std::size_t end = std::min(text.find_first_not_of("0123456789", at), text.size());
    const std::size_t start = std::min(text.find_first_not_of('0', at), end);
    at = end;
    return text.substr(start, end - start);
}

bool comesBefore(std::string_view a, std::string_view b) {
    std::size_t i = 0, j = 0;
    while (i < a.size() && j < b.size()) {
        if (isDigit(a[i]) && isDigit(b[j])) {
            const std::string_view left = numberAt(a, i), right = numberAt(b, j);
            if (left != right) {
                return left.size() != right.size() ? left.size() < right.size() : left < right;
            }
        } else if (a[i] != b[j]) {
            return a[i] < b[j];
        } else {
            ++i;
            ++j;
        }
    }
    return a.size() - i < b.size() - j;
}

} // namespace

MapGroups map_groups(const AnnData& data, const CompareColumns& columns) {
    return {labels_of(data, columns.perturbation), labels_of(data, columns.cellType),
            labels_of(data, columns.time)};
}

std::vector<int> natural_order(const std::vector<std::string>& names) {
    std::vector<int> order(names.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
        return comesBefore(names[static_cast<std::size_t>(a)], names[static_cast<std::size_t>(b)]);
    });
    return order;
}

QPointF groupCentre(const MapFileView& file, const MapGroupKey& key) {
    const MapGroups& groups = *file.groups;
    const int perturbation = codeOf(groups.perturbation, key.perturbation);
    const int cellType = codeOf(groups.cellType, key.cellType), time = codeOf(groups.time, key.time);
    std::vector<float> x, y;
    const auto fits = [](int wanted, std::int32_t code) { return wanted == -1 || wanted == code; };
    for (std::size_t cell = 0; 2 * cell + 1 < file.xy->size(); ++cell) {
        const float px = (*file.xy)[2 * cell], py = (*file.xy)[2 * cell + 1];
        if (fits(perturbation, groups.perturbation.codes[cell]) &&
            fits(cellType, groups.cellType.codes[cell]) && fits(time, groups.time.codes[cell]) &&
            std::isfinite(px) && std::isfinite(py)) {
            x.push_back(px);
            y.push_back(py);
        }
    }
    return {medianOf(x), medianOf(y)};
}

CloudArrows mapArrows(MapArrows kind, const MapFileView& real, const MapFileView& shown, bool sameCells,
                      const std::string& control, const std::string& cellType) {
    CloudArrows arrows;
    arrows.label = QCoreApplication::translate("ember::MapsPage", "arrows from real to predicted cells");
    if (kind == MapArrows::none || !real.isComplete() || !shown.isComplete()) {
        return arrows;
    }
    std::vector<float> ends;
    if (kind == MapArrows::ofCells) {
        if (sameCells && real.xy != shown.xy) {
            ends = arrowsOfCells(real, shown, cellType);
        }
        arrows.ends = std::make_shared<const std::vector<float>>(std::move(ends));
        return arrows;
    }
    const MapGroups& groups = *shown.groups;
    for (const int type : chosenTypes(groups, cellType)) {
        const std::string& typeName = groups.cellType.categories[static_cast<std::size_t>(type)];
        for (const std::string& perturbation : groups.perturbation.categories) {
            const bool isControl = perturbation == control;
            if (kind == MapArrows::fromControl && isControl) {
                continue;
            }
            const QPointF from =
                groupCentre(real, {kind == MapArrows::fromControl ? control : perturbation, typeName, {}});
            const QPointF to = groupCentre(shown, {perturbation, typeName, {}});
            if (isFinite(from) && isFinite(to) && from != to) {
                addArrow(ends, from, to);
                arrows.colors.push_back(categoryColor(type));
            }
        }
    }
    arrows.ends = std::make_shared<const std::vector<float>>(std::move(ends));
    return arrows;
}

std::vector<CloudTrajectory> mapPaths(const MapFileView& real, const MapFileView& shown, bool isPrediction,
                                      const std::string& control, const std::string& cellType) {
    std::vector<CloudTrajectory> paths;
    const auto add = [&](const MapFileView& file, bool dashed) {
        const MapGroups& groups = *file.groups;
        const std::vector<std::string>& times = groups.time.categories;
        for (const int type : chosenTypes(groups, cellType)) {
            const std::string& typeName = groups.cellType.categories[static_cast<std::size_t>(type)];
            for (const std::string& perturbation : groups.perturbation.categories) {
                if (cellType.empty() && perturbation == control) {
                    continue;
                }
                CloudTrajectory path;
                path.name = dashed && real.isComplete() ? QString() : pathName(perturbation, typeName);
                path.color = categoryColor(type);
                path.dashed = dashed;
                for (const int time : natural_order(times)) {
                    const std::string& timeName = times[static_cast<std::size_t>(time)];
                    path.nodes.push_back(groupCentre(file, {perturbation, typeName, timeName}));
                    path.labels << (cellType.empty() ? QString() : QString::fromStdString(timeName));
                }
                const auto known = std::count_if(path.nodes.begin(), path.nodes.end(), isFinite);
                if (known > 1) {
                    paths.push_back(std::move(path));
                }
            }
        }
    };
    if (real.isComplete()) {
        add(real, false);
    }
    if (isPrediction && shown.isComplete()) {
        add(shown, true);
    }
    return paths;
}

} // namespace ember

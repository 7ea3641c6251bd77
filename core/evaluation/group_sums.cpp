#include "core/evaluation/group_sums.hpp"

#include <tbb/parallel_for.h>

namespace ember {

namespace {

/// Calls `visit(group)` for each group of a perturbation.
template<typename Visit>
void for_groups(const GroupShape& shape, std::int32_t pert, std::int32_t type, std::int32_t time,
                const Visit& visit) {
    const auto types = static_cast<std::int32_t>(shape.types), times = static_cast<std::int32_t>(shape.times);
    for (std::int32_t t = type == every ? 0 : type; t < (type == every ? types : type + 1); ++t) {
        for (std::int32_t d = time == every ? 0 : time; d < (time == every ? times : time + 1); ++d) {
            visit(shape.at(pert, t, d));
        }
    }
}

void add_row(const CellRow& row, double* to) {
    if (row.sparse) {
        for (std::size_t i = 0; i < row.genes.size(); ++i) {
            to[row.genes[i]] += static_cast<double>(row.values[i]);
        }
        return;
    }
    for (std::size_t g = 0; g < row.values.size(); ++g) {
        to[g] += static_cast<double>(row.values[g]);
    }
}

} // namespace

GroupShape shape_of(const ComparedCells& cells) {
    return {cells.perts.size() + 1, cells.types.size(), cells.times.size()};
}

double GroupSums::count(std::int32_t pert, std::int32_t type, std::int32_t time) const {
    double sum = 0;
    for_groups(shape, pert, type, time, [&](std::size_t group) { sum += cells[group]; });
    return sum;
}

std::vector<double> GroupSums::mean(std::int32_t pert, std::int32_t type, std::int32_t time) const {
    const double n = count(pert, type, time);
    if (n <= 0) {
        return {};
    }
    std::vector<double> mean(genes, 0);
    for_groups(shape, pert, type, time, [&](std::size_t group) {
        for (std::size_t g = 0; g < genes && cells[group] > 0; ++g) {
            mean[g] += sums[group * genes + g];
        }
    });
    for (double& value : mean) {
        value /= n;
    }
    return mean;
}

GroupSums sum_groups(const CellPool& pool, const LabelledCells& cells, const GroupShape& shape,
                     JobContext& job) {
    GroupSums groups{shape, pool.genes(), std::vector<double>(shape.size(), 0),
                     std::vector<double>(shape.size() * pool.genes(), 0)};
    std::vector<std::vector<std::uint32_t>> rows(shape.size());
    for (std::size_t i = 0; i < cells.size(); ++i) {
        rows[shape.at(cells.pert[i], cells.type[i], cells.time[i])].push_back(cells.row[i]);
    }
    tbb::parallel_for(std::size_t{0}, rows.size(), [&](std::size_t group) {
        groups.cells[group] = static_cast<double>(rows[group].size());
        for (const std::uint32_t row : rows[group]) {
            add_row(pool.row(row), &groups.sums[group * groups.genes]);
        }
        job.check_cancelled();
    });
    return groups;
}

} // namespace ember

#include "core/evaluation/cell_places.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include <tbb/parallel_for.h>

#include "core/analysis/label_shuffle.hpp"
#include "core/embedding/neighbors.hpp"
#include "core/embedding/pca.hpp"

namespace ember {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr int components = 50, voters = 15;
constexpr std::size_t most_references = 20'000;

/// Rows of the pool as a matrix.
class PoolMatrix : public Matrix {
public:
    PoolMatrix(const CellPool& pool, const std::vector<std::uint32_t>& rows)
        : Matrix({"cells", rows.size(), pool.genes(), MatrixEncoding::dense, "float32",
                  rows.size() * pool.genes(), 0, "", false}),
          pool_(pool),
          rows_(rows) {}

    void for_each_block(const std::function<void(const RowBlock<float>&)>& visit,
                        JobContext& job) const override {
        visit_blocks(visit, job);
    }
    void for_each_block(const std::function<void(const RowBlock<double>&)>& visit,
                        JobContext& job) const override {
        visit_blocks(visit, job);
    }
    void read_rows(std::uint64_t first, std::uint64_t count, std::span<float> out) const override {
        for (std::uint64_t i = 0; i < count; ++i) {
            pool_.read(rows_[first + i], out.data() + i * pool_.genes());
        }
    }
    void gather_rows(std::span<const std::uint64_t> rows, std::span<float> out, JobContext&) const override {
        for (std::size_t i = 0; i < rows.size(); ++i) {
            pool_.read(rows_[rows[i]], out.data() + i * pool_.genes());
        }
    }

private:
    template<typename T>
    void visit_blocks(const std::function<void(const RowBlock<T>&)>& visit, JobContext& job) const {
        constexpr std::uint64_t block_rows = 1024;
        std::vector<float> row(pool_.genes());
        std::vector<T> values;
        for (std::uint64_t first = 0; first < rows_.size(); first += block_rows) {
            job.check_cancelled();
            RowBlock<T> block;
            block.first_row = first;
            block.rows = std::min(block_rows, rows_.size() - first);
            block.cols = pool_.genes();
            values.resize(block.rows * block.cols);
            for (std::uint64_t i = 0; i < block.rows; ++i) {
                pool_.read(rows_[first + i], row.data());
                std::copy(row.begin(), row.end(),
                          values.begin() + static_cast<std::ptrdiff_t>(i * block.cols));
            }
            block.dense = values;
            visit(block);
        }
    }

    const CellPool& pool_;
    const std::vector<std::uint32_t>& rows_;
};

std::vector<float> points_of(const CellPlaces& places, const std::vector<std::uint32_t>& rows) {
    std::vector<float> points(rows.size() * places.dims);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        std::copy_n(&places.points[rows[i] * places.dims], places.dims, &points[i * places.dims]);
    }
    return points;
}

using Groups = std::map<std::pair<std::int32_t, std::int32_t>, std::vector<std::size_t>>;

/// Perturbed cells by perturbation and type.
Groups grouped(const LabelledCells& cells, std::int32_t control) {
    Groups groups;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (cells.pert[i] != control) {
            groups[{cells.pert[i], cells.type[i]}].push_back(i);
        }
    }
    return groups;
}

std::vector<std::uint32_t> rows_at(const LabelledCells& cells, const std::vector<std::size_t>& at) {
    std::vector<std::uint32_t> rows;
    for (const std::size_t i : at) {
        rows.push_back(cells.row[i]);
    }
    return rows;
}

void measure_nearest(CellValues& values, const ComparedCells& cells, const LabelledCells& of,
                     const CellPlaces& places, JobContext& job) {
    const Groups real = grouped(cells.real, cells.control());
    for (const auto& [key, members] : grouped(of, cells.control())) {
        const auto there = real.find(key);
        if (there == real.end()) {
            continue;
        }
        const auto rows = rows_at(of, members), targets = rows_at(cells.real, there->second);
        const NeighborTable table =
            nearest_points(points_of(places, rows), rows.size(), points_of(places, targets), targets.size(),
                           places.dims, 2, Metric::cosine, job);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            for (int k = 0; k < table.k; ++k) {
                const std::size_t at = i * static_cast<std::size_t>(table.k) + static_cast<std::size_t>(k);
                if (targets[table.index[at]] != rows[i]) {
                    values.nearest[members[i]] = static_cast<double>(table.distance[at]);
                    break;
                }
            }
        }
    }
}

/// Real cells that vote, in their order.
std::vector<std::size_t> references(const LabelledCells& real, std::uint64_t seed) {
    std::vector<std::size_t> chosen(real.size());
    for (std::size_t i = 0; i < chosen.size(); ++i) {
        chosen[i] = i;
    }
    if (chosen.size() > most_references) {
        Shuffler random(seed, 4);
        random.choose_first(chosen, most_references);
        chosen.resize(most_references);
        std::sort(chosen.begin(), chosen.end());
    }
    return chosen;
}

void measure_types(CellValues& values, const ComparedCells& cells, const LabelledCells& of,
                   const CellPlaces& places, std::uint64_t seed, JobContext& job) {
    const std::vector<std::size_t> known = references(cells.real, seed);
    const std::vector<std::uint32_t> targets = rows_at(cells.real, known);
    std::vector<std::size_t> members;
    for (std::size_t i = 0; i < of.size(); ++i) {
        if (of.pert[i] != cells.control()) {
            members.push_back(i);
        }
    }
    const std::vector<std::uint32_t> rows = rows_at(of, members);
    if (rows.empty()) {
        return;
    }
    const NeighborTable table =
        nearest_points(points_of(places, rows), rows.size(), points_of(places, targets), targets.size(),
                       places.dims, voters + 1, Metric::euclidean, job);
    std::vector<int> votes(cells.types.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        std::fill(votes.begin(), votes.end(), 0);
        int cast = 0, most = 0;
        std::int32_t winner = -1; // of equals the one that got there first, that is nearer
        for (int k = 0; k < table.k && cast < voters; ++k) {
            const std::size_t at =
                table.index[i * static_cast<std::size_t>(table.k) + static_cast<std::size_t>(k)];
            if (targets[at] == rows[i]) {
                continue;
            }
            ++cast;
            const std::int32_t type = cells.real.type[known[at]];
            if (++votes[static_cast<std::size_t>(type)] > most) {
                most = votes[static_cast<std::size_t>(type)];
                winner = type;
            }
        }
        values.own_type[members[i]] = winner == of.type[members[i]] ? 1 : 0;
    }
}

} // namespace

CellPlaces place_cells(const ComparedCells& cells, JobContext& job) {
    CellPlaces places;
    const std::size_t most = std::min<std::size_t>(cells.real.size() - 1, cells.genes.size());
    if (cells.real.size() < 3 || most < 1) {
        return places;
    }
    PcaOptions options;
    options.components = std::min(components, static_cast<int>(most));
    const PoolMatrix real(cells.pool, cells.real.row);
    const PcaResult found = pca(real, options, job);
    places.dims = static_cast<std::uint64_t>(found.count);
    const std::size_t dims = places.dims, genes = cells.genes.size();
    std::vector<float> loadings(genes * dims); // by gene
    std::vector<double> offset(dims, 0);
    for (std::size_t c = 0; c < dims; ++c) {
        for (std::size_t g = 0; g < genes; ++g) {
            loadings[g * dims + c] = found.components[c * genes + g];
            offset[c] +=
                static_cast<double>(found.components[c * genes + g]) * static_cast<double>(found.mean[g]);
        }
    }
    places.points.resize(cells.pool.rows() * dims);
    tbb::parallel_for(std::uint64_t{0}, cells.pool.rows(), [&](std::uint64_t r) {
        const CellRow row = cells.pool.row(static_cast<std::uint32_t>(r));
        float* const to = &places.points[r * dims];
        for (std::size_t i = 0; i < row.values.size(); ++i) {
            const float* loading = &loadings[(row.sparse ? row.genes[i] : i) * dims];
            for (std::size_t c = 0; c < dims; ++c) {
                to[c] += row.values[i] * loading[c];
            }
        }
        for (std::size_t c = 0; c < dims; ++c) {
            to[c] -= static_cast<float>(offset[c]);
        }
    });
    return places;
}

CellValues measure_cells(const ComparedCells& cells, const LabelledCells& of, const CellPlaces& places,
                         const CellValueChoice& choice, std::uint64_t seed, JobContext& job) {
    CellValues values{std::vector<double>(of.size(), nan), std::vector<double>(of.size(), nan)};
    if (places.dims > 0 && choice.nearest) {
        measure_nearest(values, cells, of, places, job);
    }
    if (places.dims > 0 && choice.own_type && cells.typed) {
        measure_types(values, cells, of, places, seed, job);
    }
    return values;
}

void score_cell_means(ScoreSheet& sheet, const std::string& metric, const LabelledCells& cells,
                      const std::vector<double>& values) {
    std::map<std::pair<std::int32_t, std::int32_t>, std::pair<double, double>> sums;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (!std::isnan(values[i])) {
            for (const std::int32_t type : {every, cells.type[i]}) {
                auto& [sum, n] = sums[{cells.pert[i], type}];
                sum += values[i];
                n += 1;
            }
        }
    }
    for (const auto& [key, sum] : sums) {
        sheet.set(metric, key.first, key.second, sum.first / sum.second);
    }
}

} // namespace ember

#include "core/evaluation/pair_distances.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <tbb/parallel_for.h>

#include "core/evaluation/pair_products.hpp"

namespace ember {

namespace {

constexpr std::size_t sparse_rows = 32; ///< sparse rows that share a block of the panel while it is near
constexpr std::size_t block_genes = 96;
constexpr double close = 1e-3; ///< of |a|² + |b|²
constexpr double geomloss_least = 1e-4;

double squared_norm(const CellRow& row) {
    double sum = 0;
    for (const float value : row.values) {
        sum += static_cast<double>(value) * static_cast<double>(value);
    }
    return sum;
}

/// From the differences.
double exact_squared_distance(const CellPool& pool, std::uint32_t a, std::uint32_t b, std::vector<float>& x,
                              std::vector<float>& y) {
    x.resize(pool.genes());
    y.resize(pool.genes());
    pool.read(a, x.data());
    pool.read(b, y.data());
    double sum = 0;
    for (std::size_t g = 0; g < x.size(); ++g) {
        const double d = static_cast<double>(x[g]) - static_cast<double>(y[g]);
        sum += d * d;
    }
    return sum;
}

/// Cells as columns: [genes × panel_cells], zeros beyond the last.
struct Panel {
    std::vector<float> values;
    std::array<double, panel_cells> norm{};
    std::size_t first = 0, count = 0;

    Panel(const CellPool& pool, const CellRows& cells, std::size_t begin)
        : values(pool.genes() * panel_cells, 0.0F),
          first(begin),
          count(std::min(panel_cells, cells.size() - begin)) {
        for (std::size_t c = 0; c < count; ++c) {
            const CellRow row = pool.row(cells[begin + c]);
            norm[c] = squared_norm(row);
            for (std::size_t i = 0; i < row.values.size(); ++i) {
                values[(row.sparse ? row.genes[i] : i) * panel_cells + c] = row.values[i];
            }
        }
    }
};

/// The rows of one side, at hand.
struct Side {
    std::vector<CellRow> rows;
    std::vector<double> norms;
    std::size_t blocks;                 ///< of genes
    std::vector<std::uint32_t> borders; ///< [rows × (blocks + 1)] of a sparse row's values by block

    Side(const CellPool& pool, const CellRows& cells)
        : rows(cells.size()),
          norms(cells.size()),
          blocks((pool.genes() + block_genes - 1) / block_genes),
          borders(cells.size() * (blocks + 1)) {
        tbb::parallel_for(std::size_t{0}, cells.size(), [&](std::size_t i) {
            rows[i] = pool.row(cells[i]);
            norms[i] = squared_norm(rows[i]);
            std::size_t at = 0;
            for (std::size_t block = 1; block <= blocks && rows[i].sparse; ++block) {
                while (at < rows[i].genes.size() && rows[i].genes[at] < block * block_genes) {
                    ++at;
                }
                borders[i * (blocks + 1) + block] = static_cast<std::uint32_t>(at);
            }
        });
    }
};

using PanelRow = std::array<float, panel_cells>;

/// Squared distances of one row to a panel from their products; 0 beyond the panel's last cell. Says whether
/// some are so small that they had to be measured again.
bool to_squared(const CellPool& pool, const CellRows& a, const CellRows& b, const Side& side,
                const Panel& panel, std::size_t i, const float* dot, PanelRow& squared) {
    bool any_close = false;
    for (std::size_t c = 0; c < panel_cells; ++c) {
        const double both = side.norms[i] + panel.norm[c];
        const double d = both - 2 * static_cast<double>(dot[c]);
        squared[c] = static_cast<float>(d);
        any_close |= d < close * both;
    }
    std::vector<float> x, y;
    for (std::size_t c = 0; any_close && c < panel.count; ++c) {
        if (static_cast<double>(squared[c]) < close * (side.norms[i] + panel.norm[c])) {
            const std::uint32_t other = b[panel.first + c];
            squared[c] =
                a[i] == other ? 0.0F : static_cast<float>(exact_squared_distance(pool, a[i], other, x, y));
        }
    }
    std::fill(squared.begin() + static_cast<std::ptrdiff_t>(panel.count), squared.end(), 0.0F);
    return any_close;
}

/// Products of sparse rows [first, first + count) with the panel, block of genes by block of genes.
void sparse_block_products(const Side& side, std::size_t first, std::size_t count, const Panel& panel,
                           const PairProductKernel& kernel, float* dot) {
    std::fill(dot, dot + count * panel_cells, 0.0F);
    std::array<SparsePart, sparse_rows> parts;
    for (std::size_t block = 0; block < side.blocks; ++block) {
        std::size_t filled = 0;
        for (std::size_t k = 0; k < count; ++k) {
            const std::uint32_t* border = &side.borders[(first + k) * (side.blocks + 1) + block];
            if (border[1] > border[0]) {
                const CellRow& row = side.rows[first + k];
                parts[filled++] = {row.values.data() + border[0], row.genes.data() + border[0],
                                   border[1] - border[0], dot + k * panel_cells};
            }
        }
        kernel.sparse(parts.data(), filled, panel.values.data());
    }
}

/// Calls visit(row of a, squared distances to the panel, some are small) for rows from `first_row` on.
template<typename Visit>
void visit_rows(const CellPool& pool, const CellRows& a, const CellRows& b, const Side& side,
                const Panel& panel, std::size_t first_row, JobContext& job, const Visit& visit) {
    const PairProductKernel kernel = pair_product_kernel();
    std::array<float, std::max(dense_rows, sparse_rows) * panel_cells> dot{};
    PanelRow squared{};
    for (std::size_t i = first_row; i < a.size();) {
        job.check_cancelled();
        const bool sparse = side.rows[i].sparse;
        const std::size_t most = std::min(a.size(), i + (sparse ? sparse_rows : dense_rows));
        std::size_t end = i + 1;
        while (end < most && side.rows[end].sparse == sparse) {
            ++end;
        }
        if (sparse) {
            sparse_block_products(side, i, end - i, panel, kernel, dot.data());
        } else {
            std::array<const float*, dense_rows> dense{};
            for (std::size_t k = 0; k < dense_rows; ++k) {
                dense[k] = side.rows[std::min(i + k, end - 1)].values.data();
            }
            kernel.dense(dense.data(), pool.genes(), panel.values.data(), dot.data());
        }
        for (std::size_t k = 0; i < end; ++i, ++k) {
            const bool any_close =
                to_squared(pool, a, b, side, panel, i, dot.data() + k * panel_cells, squared);
            visit(i, squared, any_close);
        }
    }
}

struct Sums {
    double plain = 0, clamped = 0;
    /// Roots of one row; `count` of them belong to cells.
    void add(const PanelRow& squared, std::size_t count, bool any_close, double weight) {
        constexpr std::size_t lanes = 8;
        std::array<double, lanes> parts{};
        for (std::size_t c = 0; c < panel_cells; c += lanes) {
            for (std::size_t l = 0; l < lanes; ++l) {
                parts[l] += static_cast<double>(std::sqrt(squared[c + l]));
            }
        }
        double sum = 0, missing = 0;
        for (const double part : parts) {
            sum += part;
        }
        for (std::size_t c = 0; any_close && c < count; ++c) {
            missing += std::max(0.0, geomloss_least - static_cast<double>(std::sqrt(squared[c])));
        }
        plain += weight * sum;
        clamped += weight * (sum + missing);
    }
};

MeanDistance mean_of(const std::vector<Sums>& parts, double pairs) {
    Sums all;
    for (const Sums& part : parts) {
        all.plain += part.plain;
        all.clamped += part.clamped;
    }
    return {all.plain / pairs, all.clamped / pairs};
}

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

} // namespace

MeanDistance mean_distance(const CellPool& pool, const CellRows& a, const CellRows& b, JobContext& job) {
    if (a.empty() || b.empty()) {
        return {nan, nan};
    }
    const Side side(pool, a);
    std::vector<Sums> parts((b.size() + panel_cells - 1) / panel_cells);
    tbb::parallel_for(std::size_t{0}, parts.size(), [&](std::size_t p) {
        const Panel panel(pool, b, p * panel_cells);
        visit_rows(pool, a, b, side, panel, 0, job,
                   [&](std::size_t, const PanelRow& squared, bool any_close) {
                       parts[p].add(squared, panel.count, any_close, 1);
                   });
    });
    return mean_of(parts, static_cast<double>(a.size()) * static_cast<double>(b.size()));
}

MeanDistance mean_distance(const CellPool& pool, const CellRows& a, JobContext& job) {
    if (a.empty()) {
        return {nan, nan};
    }
    const Side side(pool, a);
    std::vector<Sums> parts((a.size() + panel_cells - 1) / panel_cells);
    tbb::parallel_for(std::size_t{0}, parts.size(), [&](std::size_t p) {
        const Panel panel(pool, a, p * panel_cells);
        visit_rows(pool, a, a, side, panel, panel.first, job,
                   [&](std::size_t i, const PanelRow& squared, bool any_close) {
                       // Pairs below the panel's own block stand for both orders.
                       const double weight = i < panel.first + panel.count ? 1 : 2;
                       parts[p].add(squared, panel.count, any_close, weight);
                   });
    });
    return mean_of(parts, static_cast<double>(a.size()) * static_cast<double>(a.size()));
}

std::vector<float> squared_distances(const CellPool& pool, const CellRows& a, const CellRows& b,
                                     JobContext& job) {
    std::vector<float> all(a.size() * b.size());
    const Side side(pool, a);
    tbb::parallel_for(std::size_t{0}, (b.size() + panel_cells - 1) / panel_cells, [&](std::size_t p) {
        const Panel panel(pool, b, p * panel_cells);
        visit_rows(pool, a, b, side, panel, 0, job, [&](std::size_t i, const PanelRow& squared, bool) {
            std::copy_n(squared.begin(), panel.count, &all[i * b.size() + panel.first]);
        });
    });
    return all;
}

double energy(const MeanDistance& between, const MeanDistance& within_a, const MeanDistance& within_b) {
    return 2 * between.mean - within_a.mean - within_b.mean;
}

double energy_of_geomloss(const MeanDistance& between, const MeanDistance& within_a,
                          const MeanDistance& within_b) {
    return (2 * between.clamped - within_a.clamped - within_b.clamped) / 2;
}

} // namespace ember

#include "core/evaluation/pair_distances.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>

#include <tbb/parallel_for.h>

namespace ember {

namespace {

constexpr std::size_t panel_cells = 64; ///< columns of one block of products
constexpr std::size_t rows_per_task = 64;
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

using Lanes = float __attribute__((vector_size(32)));
constexpr std::size_t lanes = 8, registers = panel_cells / lanes;

inline void multiply_add(std::array<Lanes, registers>& sums, float value, const float* column) {
    for (std::size_t r = 0; r < registers; ++r) {
        Lanes of_panel;
        std::memcpy(&of_panel, column + r * lanes, sizeof of_panel);
        sums[r] += value * of_panel;
    }
}

/// Products of one row with all cells of a panel.
void products(const CellRow& row, const float* panel, float* to) {
    std::array<Lanes, registers> sums{};
    if (row.sparse) {
        for (std::size_t i = 0; i < row.values.size(); ++i) {
            multiply_add(sums, row.values[i], panel + row.genes[i] * panel_cells);
        }
    } else {
        for (std::size_t i = 0; i < row.values.size(); ++i) {
            multiply_add(sums, row.values[i], panel + i * panel_cells);
        }
    }
    std::memcpy(to, sums.data(), sizeof sums);
}

/// Calls visit(row of a, panel, squared distances [panel_cells]) for rows from `first_row` on.
template<typename Visit>
void visit_rows(const CellPool& pool, const CellRows& a, const CellRows& b, const std::vector<double>& norms,
                const Panel& panel, std::size_t first_row, JobContext& job, const Visit& visit) {
    std::array<float, panel_cells> dot{};
    std::array<float, panel_cells> squared{};
    std::vector<float> x, y;
    for (std::size_t i = first_row; i < a.size(); ++i) {
        if (i % rows_per_task == 0) {
            job.check_cancelled();
        }
        products(pool.row(a[i]), panel.values.data(), dot.data());
        bool any_close = false;
        for (std::size_t c = 0; c < panel_cells; ++c) {
            const double both = norms[i] + panel.norm[c];
            const double d = both - 2 * static_cast<double>(dot[c]);
            squared[c] = static_cast<float>(d);
            any_close = any_close || d < close * both;
        }
        for (std::size_t c = 0; any_close && c < panel.count; ++c) {
            if (static_cast<double>(squared[c]) < close * (norms[i] + panel.norm[c])) {
                const std::uint32_t other = b[panel.first + c];
                squared[c] = a[i] == other
                                 ? 0.0F
                                 : static_cast<float>(exact_squared_distance(pool, a[i], other, x, y));
            }
        }
        visit(i, squared);
    }
}

std::vector<double> norms_of(const CellPool& pool, const CellRows& cells) {
    std::vector<double> norms(cells.size());
    tbb::parallel_for(std::size_t{0}, cells.size(),
                      [&](std::size_t i) { norms[i] = squared_norm(pool.row(cells[i])); });
    return norms;
}

struct Sums {
    double plain = 0, clamped = 0;
    void add(double distance, double weight) {
        plain += weight * distance;
        clamped += weight * std::max(distance, geomloss_least);
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
    const std::vector<double> norms = norms_of(pool, a);
    std::vector<Sums> parts((b.size() + panel_cells - 1) / panel_cells);
    tbb::parallel_for(std::size_t{0}, parts.size(), [&](std::size_t p) {
        const Panel panel(pool, b, p * panel_cells);
        visit_rows(pool, a, b, norms, panel, 0, job, [&](std::size_t, const auto& squared) {
            Sums row;
            for (std::size_t c = 0; c < panel.count; ++c) {
                row.add(std::sqrt(static_cast<double>(squared[c])), 1);
            }
            parts[p].plain += row.plain;
            parts[p].clamped += row.clamped;
        });
    });
    return mean_of(parts, static_cast<double>(a.size()) * static_cast<double>(b.size()));
}

MeanDistance mean_distance(const CellPool& pool, const CellRows& a, JobContext& job) {
    if (a.empty()) {
        return {nan, nan};
    }
    const std::vector<double> norms = norms_of(pool, a);
    std::vector<Sums> parts((a.size() + panel_cells - 1) / panel_cells);
    tbb::parallel_for(std::size_t{0}, parts.size(), [&](std::size_t p) {
        const Panel panel(pool, a, p * panel_cells);
        visit_rows(pool, a, a, norms, panel, panel.first, job, [&](std::size_t i, const auto& squared) {
            const double weight =
                i < panel.first + panel.count ? 1 : 2; // pairs below the block stand for both
            Sums row;
            for (std::size_t c = 0; c < panel.count; ++c) {
                row.add(std::sqrt(static_cast<double>(squared[c])), weight);
            }
            parts[p].plain += row.plain;
            parts[p].clamped += row.clamped;
        });
    });
    return mean_of(parts, static_cast<double>(a.size()) * static_cast<double>(a.size()));
}

std::vector<float> squared_distances(const CellPool& pool, const CellRows& a, const CellRows& b,
                                     JobContext& job) {
    std::vector<float> all(a.size() * b.size());
    const std::vector<double> norms = norms_of(pool, a);
    tbb::parallel_for(std::size_t{0}, (b.size() + panel_cells - 1) / panel_cells, [&](std::size_t p) {
        const Panel panel(pool, b, p * panel_cells);
        visit_rows(pool, a, b, norms, panel, 0, job, [&](std::size_t i, const auto& squared) {
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

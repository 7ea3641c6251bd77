#include <algorithm>
#include <cmath>
#include <limits>

#include "core/analysis/correlation.hpp"
#include "core/analysis/label_shuffle.hpp"
#include "core/evaluation/kernel_discrepancy.hpp"
#include "core/evaluation/score_candidate.hpp"

namespace ember {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// At most so many cells, in their order.
CellRows drawn(CellRows rows, std::uint64_t most, std::uint64_t seed) {
    if (rows.size() > most) {
        Shuffler random(seed, 3);
        random.choose_first(rows, most);
        rows.resize(most);
        std::sort(rows.begin(), rows.end());
    }
    return rows;
}

void score_kernels(ScoreSheet& sheet, const ComparedCells& cells, const CellRows& pred, const CellRows& real,
                   std::int32_t pert, std::int32_t type, const EvaluationRequest& request, JobContext& job) {
    const CellRows x = drawn(pred, request.distance_cells, request.seed);
    const CellRows y = drawn(real, request.distance_cells, request.seed);
    const auto xx = squared_distances(cells.pool, x, x, job), yy = squared_distances(cells.pool, y, y, job),
               xy = squared_distances(cells.pool, x, y, job);
    const PairDistances squared{xx, yy, xy};
    sheet.set("mmd2", pert, type, mmd2_median(squared));
    sheet.set("mmd2_cellot", pert, type, mmd2_cellot(squared));
}

bool wants_energy(const ScoreSheet& sheet) {
    return sheet.wants_any({"energy_distance", "energy_geomloss"});
}

} // namespace

void measure_real_distances(RealSlice& slice, const ScoreSheet& sheet, const ComparedCells& cells,
                            JobContext& job) {
    const bool to_control = sheet.wants("pearson_edistance");
    if (!to_control && !wants_energy(sheet)) {
        return;
    }
    const std::size_t control = slice.rows.size() - 1;
    slice.within.assign(slice.rows.size(), {nan, nan});
    slice.edistance.assign(control, nan);
    if (to_control) {
        slice.within[control] = mean_distance(cells.pool, slice.rows[control], job);
    }
    for (std::size_t p = 0; p < control; ++p) {
        slice.within[p] = mean_distance(cells.pool, slice.rows[p], job);
        if (to_control) {
            slice.edistance[p] = energy(mean_distance(cells.pool, slice.rows[p], slice.rows[control], job),
                                        slice.within[p], slice.within[control]);
        }
        job.advance_to(p + 1);
    }
}

void score_distances(ScoreSheet& sheet, const ComparedCells& cells, const Candidate& candidate,
                     const RealSlice& real, const EvaluationRequest& request, JobContext& job) {
    const bool to_control = sheet.wants("pearson_edistance"), direct = wants_energy(sheet);
    const bool kernels = sheet.wants_any({"mmd2", "mmd2_cellot"});
    if (candidate.means_only || (!to_control && !direct && !kernels)) {
        return;
    }
    const auto rows = rows_by_pert(cells, candidate.cells, real.type);
    const CellRows& control = rows.back();
    const MeanDistance within_control = to_control ? mean_distance(cells.pool, control, job) : MeanDistance{};
    const std::vector<std::int32_t> perts = sheet.perts_in(real.type);
    std::vector<double> pred_distance, real_distance;
    for (const std::int32_t p : perts) {
        const auto at = static_cast<std::size_t>(p);
        const CellRows &x = rows[at], &y = real.rows[at];
        if (x.empty() || y.empty()) {
            continue;
        }
        const MeanDistance within = to_control || direct ? mean_distance(cells.pool, x, job) : MeanDistance{};
        if (to_control && !control.empty() && !std::isnan(real.edistance[at])) {
            pred_distance.push_back(
                energy(mean_distance(cells.pool, x, control, job), within, within_control));
            real_distance.push_back(real.edistance[at]);
        }
        if (direct) {
            const MeanDistance between = mean_distance(cells.pool, x, y, job);
            sheet.set("energy_distance", p, real.type,
                      std::max(0.0, energy(between, within, real.within[at])));
            sheet.set("energy_geomloss", p, real.type,
                      std::max(0.0, energy_of_geomloss(between, within, real.within[at])));
        }
        if (kernels) {
            score_kernels(sheet, cells, x, y, p, real.type, request, job);
        }
        job.advance_to(static_cast<std::uint64_t>(p) + 1);
    }
    const double correlation = pearson(pred_distance, real_distance);
    for (const std::int32_t p : perts) {
        sheet.set("pearson_edistance", p, real.type, correlation);
    }
}

} // namespace ember

#pragma once
// Small made-up studies in memory: cells with perturbation, cell type, time point and mouse.

#include <functional>
#include <string>
#include <vector>

#include "../analysis/memory_anndata.hpp"
#include "core/evaluation/evaluate.hpp"

namespace ember::test {

struct StudyCell {
    std::string pert, type = "A", day = "day1", mouse = "m1";
};

/// Log-like value of gene `g` of cell `i`.
using StudyValue = std::function<double(const StudyCell& cell, std::size_t i, std::size_t g)>;

inline MemoryAnnData study(const std::vector<StudyCell>& cells, std::size_t genes, const StudyValue& value) {
    MemoryAnnData data(cells.size(), genes);
    MemoryMatrix matrix{cells.size(), genes, {}, true, false, 7};
    std::vector<std::string> perts, types, days, mice;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        perts.push_back(cells[i].pert);
        types.push_back(cells[i].type);
        days.push_back(cells[i].day);
        mice.push_back(cells[i].mouse);
        for (std::size_t g = 0; g < genes; ++g) {
            matrix.values.push_back(value(cells[i], i, g));
        }
    }
    data.set_x(matrix);
    data.add_text("pert", perts).add_text("type", types).add_text("day", days).add_text("mouse", mice);
    return data;
}

/// Between 0 and 1, the same for the same numbers.
inline double noise(std::size_t i, std::size_t g, std::size_t seed) {
    std::uint64_t x = (i + 1) * 0x9e3779b97f4a7c15ULL ^ (g + 1) * 0xbf58476d1ce4e5b9ULL ^
                      (seed + 1) * 0x94d049bb133111ebULL;
    x ^= x >> 31;
    x *= 0xd6e8feb86659fd93ULL;
    x ^= x >> 32;
    return static_cast<double>(x % 1000003) / 1000003;
}

inline EvaluationRequest study_request() {
    EvaluationRequest request;
    request.pert_col = "pert";
    request.control_pert = "control";
    request.bootstrap = 0;
    request.baselines.clear();
    return request;
}

/// The value of a metric in a row; fails by throwing when there is none.
inline MetricValue value_in(const EvaluationResult& result, const Scores& scores, const std::string& metric,
                            const std::string& pert, const std::string& type = "") {
    for (const auto* rows : {&scores.perturbations, &scores.cell_types}) {
        for (const EvaluationRow& row : *rows) {
            for (std::size_t c = 0; c < result.columns.size(); ++c) {
                if (row.perturbation == pert && row.cell_type == type && result.columns[c] == metric) {
                    return row.values[c];
                }
            }
        }
    }
    throw UsageError("no " + metric + " of " + pert + " in " + type);
}

} // namespace ember::test

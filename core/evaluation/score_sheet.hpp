#pragma once
// Values by metric, perturbation and cell type while they are computed.

#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <vector>

#include "core/evaluation/compared_cells.hpp"
#include "core/evaluation/group_sums.hpp"

namespace ember {

/// A prediction or a baseline: which cells it predicts.
struct Candidate {
    std::string name;
    LabelledCells cells;
    bool means_only = false; ///< all cells of a group are alike: nothing that needs their spread is defined
    bool controls_predicted = true;
};

class ScoreSheet {
public:
    /// Rows for every perturbation, and for every perturbation × cell type that both sides have cells of.
    ScoreSheet(const ComparedCells& cells, const Candidate& candidate, std::vector<std::string> columns);

    bool wants(const std::string& metric) const { return column_.contains(metric); }
    bool wants_any(std::initializer_list<const char*> metrics) const;
    /// Ignored when the metric is not wanted or there is no such row.
    void set(const std::string& metric, std::int32_t pert, std::int32_t type, double value);
    double value(const std::string& metric, std::int32_t pert, std::int32_t type) const; ///< NaN: none
    void set_interval(const std::string& metric, std::int32_t pert, std::int32_t type, double low,
                      double high);
    /// Of the mean over perturbations.
    void set_overall_interval(const std::string& metric, double low, double high);

    /// Every value becomes the mean of those in `sheets`, which have the same rows, as far as they are
    /// defined.
    void take_means(const std::vector<ScoreSheet>& sheets);

    bool has_row(std::int32_t pert, std::int32_t type) const { return row_.contains({pert, type}); }
    /// Slices: `every`, then the cell types where types are told apart.
    std::vector<std::int32_t> slices() const;
    /// Perturbations with a row in the slice.
    std::vector<std::int32_t> perts_in(std::int32_t type) const;

    /// The finished table with the means over the perturbations.
    Scores finish() const;

private:
    const MetricValue* find(const std::string& metric, std::int32_t pert, std::int32_t type) const;
    MetricValue* find(const std::string& metric, std::int32_t pert, std::int32_t type);

    std::string name_;
    std::size_t perts_, types_;
    bool typed_;
    std::vector<std::string> columns_;
    std::map<std::string, std::size_t> column_;
    std::map<std::pair<std::int32_t, std::int32_t>, EvaluationRow> row_; ///< perturbation, type
    std::vector<MetricValue> overall_;
};

/// Rows of one slice by perturbation, the control last: [perturbations + 1][cells] rows of the pool.
std::vector<std::vector<std::uint32_t>> rows_by_pert(const ComparedCells& all, const LabelledCells& cells,
                                                     std::int32_t type);

} // namespace ember

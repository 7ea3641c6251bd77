#include "core/evaluation/score_sheet.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ember {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

std::vector<std::uint64_t> counts(const ComparedCells& cells, const LabelledCells& side) {
    const GroupShape shape{cells.perts.size() + 1, cells.types.size(), 1};
    std::vector<std::uint64_t> count(shape.size());
    for (std::size_t i = 0; i < side.size(); ++i) {
        ++count[shape.at(side.pert[i], side.type[i], 0)];
    }
    return count;
}

} // namespace

ScoreSheet::ScoreSheet(const ComparedCells& cells, const Candidate& candidate,
                       std::vector<std::string> columns)
    : name_(candidate.name),
      perts_(cells.perts.size()),
      types_(cells.types.size()),
      typed_(cells.typed),
      columns_(std::move(columns)) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        column_[columns_[i]] = i;
    }
    const std::vector<MetricValue> none(columns_.size(), {nan, nan, nan});
    overall_ = none;
    const auto pred = counts(cells, candidate.cells), real = counts(cells, cells.real);
    for (std::size_t p = 0; p < perts_; ++p) {
        EvaluationRow all{cells.perts[p], {}, 0, 0, none};
        for (std::size_t t = 0; t < types_; ++t) {
            const std::uint64_t n_pred = pred[p * types_ + t], n_real = real[p * types_ + t];
            all.cells_pred += n_pred;
            all.cells_real += n_real;
            if (typed_ && n_pred > 0 && n_real > 0) {
                row_[{static_cast<std::int32_t>(p), static_cast<std::int32_t>(t)}] = {
                    cells.perts[p], cells.types[t], n_pred, n_real, none};
            }
        }
        row_[{static_cast<std::int32_t>(p), every}] = std::move(all);
    }
}

bool ScoreSheet::wants_any(std::initializer_list<const char*> metrics) const {
    return std::any_of(metrics.begin(), metrics.end(), [&](const char* metric) { return wants(metric); });
}

MetricValue* ScoreSheet::find(const std::string& metric, std::int32_t pert, std::int32_t type) {
    const auto column = column_.find(metric);
    const auto row = row_.find({pert, type});
    return column == column_.end() || row == row_.end() ? nullptr : &row->second.values[column->second];
}

const MetricValue* ScoreSheet::find(const std::string& metric, std::int32_t pert, std::int32_t type) const {
    const auto column = column_.find(metric);
    const auto row = row_.find({pert, type});
    return column == column_.end() || row == row_.end() ? nullptr : &row->second.values[column->second];
}

double ScoreSheet::value(const std::string& metric, std::int32_t pert, std::int32_t type) const {
    const MetricValue* const at = find(metric, pert, type);
    return at ? at->value : nan;
}

void ScoreSheet::set(const std::string& metric, std::int32_t pert, std::int32_t type, double value) {
    if (MetricValue* const at = find(metric, pert, type)) {
        at->value = value;
    }
}

void ScoreSheet::set_interval(const std::string& metric, std::int32_t pert, std::int32_t type, double low,
                              double high) {
    if (MetricValue* const at = find(metric, pert, type)) {
        at->low = low;
        at->high = high;
    }
}

void ScoreSheet::set_overall_interval(const std::string& metric, double low, double high) {
    if (const auto column = column_.find(metric); column != column_.end()) {
        overall_[column->second].low = low;
        overall_[column->second].high = high;
    }
}

void ScoreSheet::take_means(const std::vector<ScoreSheet>& sheets) {
    for (auto& [key, row] : row_) {
        for (std::size_t c = 0; c < columns_.size(); ++c) {
            double sum = 0, n = 0;
            for (const ScoreSheet& sheet : sheets) {
                const double value = sheet.row_.at(key).values[c].value;
                sum += std::isnan(value) ? 0 : value;
                n += std::isnan(value) ? 0 : 1;
            }
            row.values[c].value = n > 0 ? sum / n : nan;
        }
    }
}

std::vector<std::int32_t> ScoreSheet::slices() const {
    std::vector<std::int32_t> slices = {every};
    for (std::size_t t = 0; typed_ && t < types_; ++t) {
        slices.push_back(static_cast<std::int32_t>(t));
    }
    return slices;
}

std::vector<std::int32_t> ScoreSheet::perts_in(std::int32_t type) const {
    std::vector<std::int32_t> perts;
    for (std::size_t p = 0; p < perts_; ++p) {
        if (has_row(static_cast<std::int32_t>(p), type)) {
            perts.push_back(static_cast<std::int32_t>(p));
        }
    }
    return perts;
}

Scores ScoreSheet::finish() const {
    Scores scores{name_, {}, {}, overall_};
    for (const auto& [key, row] : row_) {
        (key.second == every ? scores.perturbations : scores.cell_types).push_back(row);
    }
    for (std::size_t c = 0; c < columns_.size(); ++c) {
        double sum = 0, n = 0;
        for (const EvaluationRow& row : scores.perturbations) {
            if (!std::isnan(row.values[c].value)) {
                sum += row.values[c].value;
                n += 1;
            }
        }
        scores.overall[c].value = n > 0 ? sum / n : nan;
    }
    return scores;
}

std::vector<std::vector<std::uint32_t>> rows_by_pert(const ComparedCells& all, const LabelledCells& cells,
                                                     std::int32_t type) {
    std::vector<std::vector<std::uint32_t>> rows(all.perts.size() + 1);
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (type == every || cells.type[i] == type) {
            rows[static_cast<std::size_t>(cells.pert[i])].push_back(cells.row[i]);
        }
    }
    return rows;
}

} // namespace ember

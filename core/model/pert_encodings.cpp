#include "core/model/pert_encodings.hpp"

#include <algorithm>
#include <numeric>

namespace ember {

namespace {

/// The vectors of some rows of the map, encoded in blocks that bound the memory of one-hot vectors.
std::vector<float> encode_rows(StModel& model, const LabelMap& map, const std::vector<std::size_t>& rows,
                               JobContext& job) {
    constexpr std::size_t block = 256;
    const auto width = static_cast<std::size_t>(map.dim);
    std::vector<float> vectors, encodings;
    for (std::size_t first = 0; first < rows.size(); first += block) {
        job.check_cancelled();
        vectors.clear();
        for (std::size_t i = first; i < std::min(first + block, rows.size()); ++i) {
            const float* vector = map.vectors.data() + rows[i] * width;
            vectors.insert(vectors.end(), vector, vector + width);
        }
        const auto encoded = model.encode_perturbations(vectors);
        encodings.insert(encodings.end(), encoded.begin(), encoded.end());
    }
    return encodings;
}

} // namespace

PertEncodings encode_perturbations(StModel& model, const LabelMap& map, const CellsToPredict& cells,
                                   const std::string& control, JobContext& job) {
    std::vector<std::uint64_t> cells_of(cells.pert_names.size(), 0);
    for (const std::uint32_t pert : cells.pert) {
        ++cells_of[pert];
    }
    std::vector<std::uint32_t> order(cells_of.size());
    std::iota(order.begin(), order.end(), 0u);
    std::sort(order.begin(), order.end(),
              [&](auto a, auto b) { return cells.pert_names[a] < cells.pert_names[b]; });
    PertEncodings result;
    result.row_of_pert.assign(cells_of.size(), 0);
    std::vector<std::size_t> rows{map.find(control).value()};
    for (const std::uint32_t pert : order) {
        if (cells_of[pert] == 0) {
            continue;
        }
        const std::string& label = cells.pert_names[pert];
        if (const auto row = map.find(label)) {
            result.row_of_pert[pert] = static_cast<std::int32_t>(rows.size());
            rows.push_back(*row);
        } else {
            result.unknown.push_back({label, cells_of[pert]});
        }
    }
    result.values = encode_rows(model, map, rows, job);
    return result;
}

} // namespace ember

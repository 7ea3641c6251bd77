#pragma once
// The perturbations of a prediction as the model sees them, each encoded once.

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/infer.hpp"
#include "core/base/job.hpp"
#include "core/model/infer_cells.hpp"
#include "core/model/st_model.hpp"
#include "core/run/run_directory.hpp"

namespace ember {

struct PertEncodings {
    std::vector<float> values;                ///< [perturbations × hidden], the control first
    std::vector<std::int32_t> row_of_pert;    ///< of `values`, by code of CellsToPredict::pert_names
    std::vector<UnknownPerturbation> unknown; ///< encoded as the control, in code point order
};

/// `control`: a label of the map.
PertEncodings encode_perturbations(StModel& model, const LabelMap& map, const CellsToPredict& cells,
                                   const std::string& control, JobContext& job);

} // namespace ember

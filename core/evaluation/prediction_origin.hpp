#pragma once
// How a prediction was made, as `infer` records it in uns/emberview/infer of its output.

#include <string>
#include <vector>

#include "core/base/infer.hpp"
#include "core/data/anndata.hpp"

namespace ember {

struct PredictionOrigin {
    bool recorded = false;    ///< false: not written by `infer`
    std::string model, input; ///< run directory and data set
    std::string written_to;   ///< "obsm/X_hvg", "X"; may be empty
    std::string pert_col, control_pert, celltype_col, batch_col;
    std::vector<UnknownPerturbation> unknown; ///< labels that the model never saw
};

/// Members that are missing or of another type are taken as not recorded.
PredictionOrigin prediction_origin(const AnnData& data);

/// Where `infer` put the prediction; X when unknown.
MatrixSource predicted_matrix(const AnnData& data, const PredictionOrigin& origin);

/// "obsm/KEY", "layers/KEY", "raw/X", "X", or a bare key of obsm. Throws MissingMember for others.
MatrixSource source_named(const AnnData& data, const std::string& name);

} // namespace ember

#pragma once
// Where predictions go: a copy of the .h5ad, a .npy file, or memory.

#include <memory>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/base/infer.hpp"
#include "core/base/job.hpp"
#include "core/data/anndata.hpp"
#include "core/model/infer_cells.hpp"
#include "core/model/infer_input.hpp"
#include "core/run/st_config.hpp"

namespace ember {

/// Members of the output: "" for none.
struct OutputMembers {
    std::string prediction; ///< "obsm/X_hvg", "X" …
    std::uint64_t width = 0;
    std::string genes; ///< of the gene decoder
    std::uint64_t gene_width = 0;
};

/// As arc-state names them, or under --obsm-key. `n_vars`: genes of the data.
OutputMembers output_members(const InferRequest& request, const StConfig& config, const ModelInput& input,
                             std::uint64_t n_vars);

/// A file appears whole at finish() or not at all.
class PredictionSink {
public:
    virtual ~PredictionSink() = default;
    virtual void write(std::span<const std::uint64_t> rows, std::span<const float> prediction,
                       std::span<const float> genes) = 0;
    /// Adds where the numbers come from, and completes the file.
    virtual void finish(const nlohmann::json& provenance) = 0;
};

/// Throws UsageError for an output that is neither .h5ad nor .npy, that is the input itself, or whose key of
/// obsm is no name.
void check_output(const InferRequest& request);

/// Starts the output that check_output() has passed. Without one the predictions go to `result.prediction`.
std::unique_ptr<PredictionSink> open_sink(const InferRequest& request, const AnnData& data,
                                          const std::string& pert_col, const CellsToPredict& cells,
                                          const OutputMembers& members, InferResult& result, JobContext& job);

} // namespace ember

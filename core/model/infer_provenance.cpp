#include "core/model/infer_provenance.hpp"

#include "core/base/fingerprint.hpp"

namespace ember {

nlohmann::json provenance_of(const InferRequest& request, const InferResult& result,
                             const ControlLabel& control, const ModelInput& input,
                             const Checkpoint& checkpoint, JobContext& job) {
    // Lists, because a label may hold what the key of an HDF5 group may not.
    nlohmann::json unknown = nlohmann::json::array(), unknown_cells = unknown;
    for (const UnknownPerturbation& pert : result.unknown) {
        unknown.push_back(pert.label);
        unknown_cells.push_back(pert.cells);
    }
    nlohmann::json parameters = {{"pert_col", result.pert_col},
                                 {"celltype_col", result.celltype_col},
                                 {"batch_col", result.batch_col},
                                 {"embed_key", input.embed_key.empty() ? "X" : input.embed_key},
                                 {"control_pert", control.in_data},
                                 {"control_encoding", control.in_model},
                                 {"seed", request.seed},
                                 {"truncate", request.truncate},
                                 {"all_perts", request.all_perts},
                                 {"gene_order", input.gene_order},
                                 {"written_to", result.written_to}};
    const auto add = [&](const char* name, const std::optional<std::int64_t>& value) {
        if (value) {
            parameters[name] = *value;
        }
    };
    add("virtual_cells_per_pert", request.virtual_cells_per_pert);
    add("min_cells", request.min_cells);
    add("max_cells", request.max_cells);
    add("max_set_len", request.max_set_len);
    if (!request.celltypes.empty()) {
        parameters["celltypes"] = request.celltypes;
    }
    if (!request.tsv.empty()) {
        parameters["tsv"] = request.tsv.string();
    }
    return {{"program", "emberview"},
            {"version", EMBER_VERSION},
            {"input", {{"file", request.adata.string()}, {"sha256", sha256_of_file(request.adata, job)}}},
            {"model",
             {{"run", request.model_dir.string()},
              {"checkpoint", checkpoint.path().string()},
              {"fingerprint", checkpoint.fingerprint()}}},
            {"parameters", std::move(parameters)},
            {"unknown_perturbations", std::move(unknown)},
            {"unknown_cells", std::move(unknown_cells)},
            {"warnings", result.warnings}};
}

} // namespace ember

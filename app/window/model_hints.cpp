#include "app/window/model_hints.hpp"

namespace ember {

SchemaHints hintsFrom(const RunDirectory& run, const nlohmann::json& info) {
    const auto configured = [&run](const char* key) {
        return run.config_text(std::string("data.kwargs.") + key);
    };
    SchemaHints hints;
    hints.pert_col = configured("pert_col");
    hints.control_pert = configured("control_pert");
    hints.celltype_col = configured("cell_type_key");
    hints.batch_col = configured("batch_col");
    hints.embed_key = configured("embed_key");
    hints.perturbations = run.perturbations.labels;
    hints.celltypes = run.cell_types.labels;
    hints.batches = run.batches.labels;
    const auto dimensions = info.find("dimensions");
    if (dimensions != info.end() && dimensions->is_object()) {
        hints.input_dim = dimensions->value("input_dim", std::uint64_t{0});
    }
    if (hints.input_dim == 0 && run.var_dims.input_dim) {
        hints.input_dim = static_cast<std::uint64_t>(*run.var_dims.input_dim);
    }
    if (run.var_dims.gene_names.size() == hints.input_dim) {
        hints.genes = run.var_dims.gene_names;
    }
    return hints;
}

} // namespace ember

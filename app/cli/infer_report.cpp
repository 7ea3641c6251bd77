#include "app/cli/infer_report.hpp"

#include <vector>

#include "app/cli/text_table.hpp"
#include "core/base/nearest_names.hpp"

namespace ember::cli {

nlohmann::json infer_json(const InferResult& result) {
    nlohmann::json unknown = nlohmann::json::array();
    for (const UnknownPerturbation& each : result.unknown) {
        unknown.push_back({{"label", each.label}, {"cells", each.cells}});
    }
    return {{"output", result.output.string()},
            {"written_to", result.written_to},
            {"cells", result.cells},
            {"width", result.width},
            {"control_pert", result.control_pert},
            {"pert_col", result.pert_col},
            {"celltype_col", result.celltype_col},
            {"batch_col", result.batch_col},
            {"embed_key", result.embed_key},
            {"unknown_perturbations", unknown},
            {"warnings", result.warnings},
            {"load_seconds", result.load_seconds},
            {"predict_seconds", result.predict_seconds},
            {"cells_per_second", result.cells_per_second}};
}

std::string unknown_text(const InferResult& result) {
    if (result.unknown.empty()) {
        return {};
    }
    std::vector<std::string> labels;
    std::uint64_t cells = 0;
    for (const UnknownPerturbation& each : result.unknown) {
        labels.push_back(each.label);
        cells += each.cells;
    }
    return "The model does not know " + quoted_list(labels) + ": " + with_thousands(cells) +
           " cells were predicted with the control encoding.\n";
}

std::string infer_text(const InferResult& result) {
    std::string text = "Predicted " + with_thousands(result.cells) + " cells × " +
                       with_thousands(result.width) + " values in " + readable(result.predict_seconds) +
                       " s (" + readable(result.cells_per_second) + " cells/s).\n" + unknown_text(result);
    text += "Written to " + result.output.string();
    return text + (result.written_to.empty() ? "" : ", " + result.written_to) + "\n";
}

} // namespace ember::cli

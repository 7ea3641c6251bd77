// The report on a model, as text: what a user chooses a model by; `--json` has everything.

#include "app/cli/inspect_text.hpp"
#include "app/cli/report_lines.hpp"
#include "app/cli/text_table.hpp"

namespace ember::cli {

namespace {

using nlohmann::json;

/// The value at a path of keys, or null.
json at(const json& report, std::initializer_list<const char*> keys) {
    json value = report;
    for (const char* key : keys) {
        value = value.is_object() ? value.value(key, json()) : json();
    }
    return value;
}

void add_dimensions(ReportLines& lines, const json& report) {
    const json dimensions = at(report, {"dimensions"}), options = at(report, {"options"});
    if (!dimensions.is_object()) {
        return;
    }
    const auto number = [&](const char* name) { return scalar_text(dimensions.value(name, json())); };
    lines.add("input", number("input_dim") + " values, " + scalar_text(at(options, {"embed_key"})));
    lines.add("network", number("layers") + " layers, " + number("heads") + " heads, hidden size " +
                             number("hidden_dim") + ", MLP " + number("intermediate_dim") + ", sets of " +
                             number("cell_set_len") + " cells");
    lines.add("output",
              number("output_dim") + " values, " + scalar_text(at(options, {"output_space"})) + " space");
    std::string parts;
    for (const char* name : {"batch_encoder", "gene_decoder", "confidence_token", "mask_attn"}) {
        if (at(options, {name}) == true) {
            parts += (parts.empty() ? "" : ", ") + std::string(name);
        }
    }
    if (const json lora = at(options, {"lora"}); lora.is_object()) {
        parts += (parts.empty() ? "" : ", ") + ("lora of rank " + scalar_text(lora.value("rank", json())));
    }
    lines.add("parts", parts.empty() ? "none beside the backbone" : parts);
}

void add_training(ReportLines& lines, const json& report) {
    const json data = at(report, {"config", "data", "kwargs"});
    if (data.is_object()) {
        lines.add("trained with", "perturbation " + scalar_text(at(data, {"pert_col"})) + ", control " +
                                      scalar_text(at(data, {"control_pert"})) + ", cell type " +
                                      scalar_text(at(data, {"cell_type_key"})) + ", batch " +
                                      scalar_text(at(data, {"batch_col"})));
    }
    if (const json step = at(report, {"global_step"}); !step.is_null()) {
        lines.add("training",
                  scalar_text(step) + " steps, epoch " + scalar_text(at(report, {"epoch"})) +
                      (at(report, {"has_optimizer_state"}) == true ? ", with optimizer state" : ""));
    }
}

void add_vocabulary(ReportLines& lines, const json& report) {
    for (const auto& [key, name] : {std::pair("perturbations", "perturbations"),
                                    std::pair("batches", "batches"), std::pair("cell_types", "cell types")}) {
        if (const json words = at(report, {"vocabulary", key}); words.is_object()) {
            lines.add(name, scalar_text(at(words, {"count"})) + ": " + list_text(at(words, {"labels"})));
        }
    }
    if (const json genes = at(report, {"genes"}); genes.is_object()) {
        lines.add("genes", scalar_text(at(genes, {"count"})) + ": " + list_text(at(genes, {"names"})));
    }
}

} // namespace

std::string model_text(const json& report) {
    ReportLines lines;
    lines.add("model", report.value("path", ""));
    lines.add("kind", report.value("kind", "") + ", " + scalar_text(at(report, {"format"})));
    add_dimensions(lines, report);
    lines.add("parameters", scalar_text(at(report, {"parameters"})));
    add_training(lines, report);
    add_vocabulary(lines, report);
    const json chosen = at(report, {"default_checkpoint"}), checkpoints = at(report, {"checkpoints"});
    for (const json& checkpoint : checkpoints) {
        const json file = at(checkpoint, {"file"});
        lines.add("checkpoint", scalar_text(file) + ", " +
                                    readable_bytes(checkpoint.value("bytes", std::uint64_t{0})) +
                                    (file == chosen ? " (used by default)" : ""));
    }
    std::string text = lines.text();
    const json unusual = at(report, {"unusual"});
    for (const json& fact : unusual) {
        text += "unusual: " + scalar_text(fact) + "\n";
    }
    return text;
}

} // namespace ember::cli

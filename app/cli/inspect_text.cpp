#include "app/cli/inspect_text.hpp"

#include "app/cli/report_lines.hpp"
#include "app/cli/text_table.hpp"

namespace ember::cli {

namespace {

using nlohmann::json;

/// "csr float32, 44,213 stored values, gzip; sum 12.3, 0.1 to 5.2, 3 not finite"
std::string matrix_text(const json& matrix) {
    if (!matrix.is_object()) {
        return scalar_text(matrix);
    }
    std::string text = matrix.value("kind", "") + " " + matrix.value("dtype", "");
    if (matrix.contains("stored")) {
        text += ", " + scalar_text(matrix["stored"]) + " stored values";
    }
    if (const std::string compression = matrix.value("compression", ""); !compression.empty()) {
        text += ", " + compression;
    }
    if (matrix.contains("sum_finite")) {
        text += "; sum " + scalar_text(matrix["sum_finite"]) + ", " +
                scalar_text(matrix.value("min_finite", json())) + " to " +
                scalar_text(matrix.value("max_finite", json())) + ", " +
                scalar_text(matrix.value("n_nonfinite", json(0u))) + " not finite";
    }
    return text;
}

std::string column_text(const json& column) {
    std::string text = column.value("dtype", "");
    if (column.contains("n_categories")) {
        text += ", " + scalar_text(column["n_categories"]) +
                " levels: " + list_text(column.value("categories", json::array()));
    } else if (column.contains("sum")) {
        text += ", sum " + scalar_text(column["sum"]);
    }
    if (const json missing = column.value("n_missing", json(0u)); missing != 0) {
        text += ", " + scalar_text(missing) + " missing";
    }
    return text;
}

/// The members of obsm, layers …: each [shape, summary], a shape, or a summary.
void add_members(ReportLines& lines, const std::string& group, const json& members) {
    for (const auto& [key, member] : members.items()) {
        std::string what;
        if (member.is_array() && member.size() == 2 && member[0].is_array()) {
            what = shape_text(member[0]) + ", " + matrix_text(member[1]);
        } else {
            what = member.is_array() ? shape_text(member) : matrix_text(member);
        }
        lines.add(group + "/" + key, what);
    }
}

} // namespace

std::string anndata_text(const json& report) {
    ReportLines lines;
    const auto part = [&](const char* name, json otherwise) {
        return report.value(name, std::move(otherwise));
    };
    lines.add("file", report.value("path", ""));
    lines.add("size", readable_bytes(report.value("bytes", std::uint64_t{0})) + ", " +
                          report.value("generation", ""));
    if (const json shape = part("shape", json::array()); shape.size() == 2) {
        lines.add("shape", scalar_text(shape[0]) + " cells × " + scalar_text(shape[1]) + " genes");
    }
    const json x = part("X", json());
    lines.add("X", x.is_object() ? matrix_text(x) : "none");
    add_members(lines, "layers", part("layers", json::object()));
    if (const json raw = part("raw_shape", json()); raw.is_array()) {
        lines.add("raw/X", shape_text(raw));
    }
    const json obs = part("obs", json::object());
    for (const auto& [name, column] : obs.items()) {
        lines.add("obs/" + name, column_text(column));
    }
    lines.add("var columns", list_text(part("var_columns", json::array())));
    for (const char* group : {"obsm", "varm", "obsp"}) {
        add_members(lines, group, part(group, json::object()));
    }
    lines.add("cells (first, last)", list_text(part("obs_names_first_last", json::array())));
    lines.add("genes (first, last)", list_text(part("var_names_first_last", json::array())));
    lines.add("uns", list_text(part("uns_keys", json::array())));
    return lines.text();
}

} // namespace ember::cli

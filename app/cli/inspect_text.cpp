#include "app/cli/inspect_text.hpp"

#include "app/cli/text_table.hpp"

namespace ember::cli {

namespace {

using nlohmann::json;
using Rows = std::vector<std::vector<std::string>>;

constexpr std::size_t widest_line = 100;

/// A scalar as text: counts with separators, other numbers with four digits.
std::string scalar_text(const json& value) {
    if (value.is_string()) {
        return value.get<std::string>();
    }
    if (value.is_number_unsigned()) {
        return with_thousands(value.get<std::uint64_t>());
    }
    if (value.is_number_float()) {
        return readable(value.get<double>());
    }
    if (value.is_boolean()) {
        return value.get<bool>() ? "yes" : "no";
    }
    return value.is_null() ? "–" : value.dump();
}

std::string shape_text(const json& shape) {
    std::string text;
    for (const json& length : shape) {
        text += (text.empty() ? "" : " × ") + scalar_text(length);
    }
    return text;
}

std::string list_text(const json& values) {
    std::string text;
    for (const json& value : values) {
        text += (text.empty() ? "" : ", ") + (value.is_structured() ? value.dump() : scalar_text(value));
    }
    return text.empty() ? "none" : text;
}

/// "csr float32, 44,213 stored, gzip; sum 12.3, 0.1 … 5.2, 3 not finite"
std::string matrix_text(const json& matrix) {
    if (!matrix.is_object()) {
        return scalar_text(matrix);
    }
    std::string text = matrix.value("kind", "") + " " + matrix.value("dtype", "");
    if (matrix.contains("stored")) {
        text += ", " + scalar_text(matrix["stored"]) + " stored values";
    }
    if (const auto found = matrix.find("compression");
        found != matrix.end() && found->is_string() && !found->get<std::string>().empty()) {
        text += ", " + found->get<std::string>();
    }
    if (matrix.contains("sum_finite")) {
        text += "; sum " + scalar_text(matrix["sum_finite"]);
        text += ", " + scalar_text(matrix.value("min_finite", json())) + " to " +
                scalar_text(matrix.value("max_finite", json()));
        text += ", " + scalar_text(matrix.value("n_nonfinite", json(0u))) + " not finite";
    }
    return text;
}

std::string column_text(const json& column) {
    std::string text;
    if (column.contains("n_categories")) {
        text = scalar_text(column["n_categories"]) +
               " levels: " + list_text(column.value("categories", json::array()));
    } else if (column.contains("sum")) {
        text = "sum " + scalar_text(column["sum"]);
    }
    if (const json missing = column.value("n_missing", json(0u)); missing != 0) {
        text += (text.empty() ? "" : "; ") + scalar_text(missing) + " missing";
    }
    return text;
}

std::string line(const std::string& name, const std::string& text) {
    std::string padded = name;
    padded.resize(std::max<std::size_t>(padded.size() + 2, 14), ' ');
    return padded + fitted(text, widest_line - padded.size()) + "\n";
}

/// The members of obsm, layers …: each [shape, summary], a shape, or a summary.
std::string members_text(const std::string& name, const json& members) {
    std::string text;
    for (const auto& [key, member] : members.items()) {
        std::string what;
        if (member.is_array() && !member.empty() && member[0].is_array()) {
            what = shape_text(member[0]) + ", " + matrix_text(member[1]);
        } else {
            what = member.is_array() ? shape_text(member) : matrix_text(member);
        }
        text += line(name + "/" + key, what);
    }
    return text;
}

std::string columns_text(const json& columns) {
    std::string text;
    for (const auto& [name, column] : columns.items()) {
        text += line("obs/" + name, column.value("dtype", "") + "  " + column_text(column));
    }
    return text;
}

void add_tree(std::string& text, const json& value, const std::string& indent) {
    for (const auto& [key, member] : value.items()) {
        const std::string head = indent + key + ": ";
        if (member.is_object()) {
            text += indent + key + (member.empty() ? ": none\n" : ":\n");
            add_tree(text, member, indent + "  ");
        } else if (member.is_array() && !member.empty() && member[0].is_object()) {
            text += indent + key + ":\n";
            for (const json& each : member) {
                text += indent + "  -\n";
                add_tree(text, each, indent + "    ");
            }
        } else {
            text +=
                fitted(head + (member.is_array() ? list_text(member) : scalar_text(member)), widest_line) +
                "\n";
        }
    }
}

} // namespace

std::string anndata_text(const json& report) {
    std::string text = line("file", report.value("path", ""));
    const json shape = report.value("shape", json::array());
    text += line("size", readable_bytes(report.value("bytes", std::uint64_t{0})) + ", " +
                             report.value("generation", ""));
    if (shape.size() == 2) {
        text += line("shape", scalar_text(shape[0]) + " cells × " + scalar_text(shape[1]) + " genes");
    }
    if (const json x = report.value("X", json()); x.is_object()) {
        text += line("X", matrix_text(x));
    }
    text += members_text("layers", report.value("layers", json::object()));
    if (const json raw = report.value("raw_shape", json()); raw.is_array()) {
        text += line("raw/X", shape_text(raw));
    }
    text += columns_text(report.value("obs", json::object()));
    text += line("var columns", list_text(report.value("var_columns", json::array())));
    for (const char* group : {"obsm", "varm", "obsp"}) {
        text += members_text(group, report.value(group, json::object()));
    }
    text += line("cells", list_text(report.value("obs_names_first_last", json::array())));
    text += line("genes", list_text(report.value("var_names_first_last", json::array())));
    return text + line("uns", list_text(report.value("uns_keys", json::array())));
}

std::string model_text(const json& report) {
    std::string text;
    add_tree(text, report, "");
    return text;
}

} // namespace ember::cli

#include "core/data/column_writer.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>

namespace ember::h5 {

namespace {

template<typename T>
void write_vector(Output& output, hid_t parent, const std::string& name, const std::string& type,
                  const std::vector<T>& values) {
    output.write_array(parent, name, type_of(type).get(), {values.size()}, values.data());
}

void write_mask(Output& output, hid_t parent, const std::vector<bool>& missing, std::size_t size) {
    std::vector<std::int8_t> bytes(size, 0);
    std::copy(missing.begin(), missing.end(), bytes.begin());
    write_vector(output, parent, "mask", "bool", bytes);
}

/// The smallest signed type that pandas would choose for the codes.
void write_codes(Output& output, hid_t group, const CategoricalColumn& column) {
    if (column.categories.size() < 128) {
        write_vector(output, group, "codes", "int8",
                     std::vector<std::int8_t>(column.codes.begin(), column.codes.end()));
    } else if (column.categories.size() < 32768) {
        write_vector(output, group, "codes", "int16",
                     std::vector<std::int16_t>(column.codes.begin(), column.codes.end()));
    } else {
        write_vector(output, group, "codes", "int32", column.codes);
    }
}

/// Stored values of a number column: `dtype` is numpy's or, with a capital, pandas' nullable name.
void write_numbers(Output& output, hid_t parent, const std::string& name, const std::string& dtype,
                   const std::vector<double>& values) {
    const bool is_signed = dtype.starts_with("int");
    if (!is_signed && !dtype.starts_with("uint")) {
        if (dtype == "float32") {
            write_vector(output, parent, name, "float32", std::vector<float>(values.begin(), values.end()));
        } else {
            write_vector(output, parent, name, "float64", values);
        }
        return;
    }
    std::vector<std::int64_t> whole(values.size());
    std::transform(values.begin(), values.end(), whole.begin(), [](double value) {
        return std::isnan(value) ? 0 : static_cast<std::int64_t>(std::clamp(value, -9.2e18, 9.2e18));
    });
    const Handle type = type_of(dtype), memory = type_of("int64");
    const Lock lock;
    const hsize_t size = whole.size();
    const Handle space(H5Screate_simple(1, &size, nullptr));
    const Handle dataset =
        output.create(parent, name, type ? type.get() : memory.get(), space.get(), H5P_DEFAULT);
    output.write_rows(dataset.get(), memory.get(), 0, size, whole.data());
    output.set_encoding(dataset.get(), "array", "0.2.0");
}

struct ColumnWriter {
    Output& output;
    hid_t table;
    const Column& column;

    void operator()(const CategoricalColumn& labels) const {
        const Handle group = output.group(table, column.name, "categorical", "0.2.0");
        write_codes(output, group.get(), labels);
        output.write_texts(group.get(), "categories", labels.categories);
        output.set_flag(group.get(), "ordered", labels.ordered);
    }

    void operator()(const NumericColumn& numbers) const {
        std::string dtype = column.dtype.empty() ? "float64" : column.dtype;
        const bool nullable = std::isupper(static_cast<unsigned char>(dtype[0])) != 0;
        std::transform(dtype.begin(), dtype.end(), dtype.begin(),
                       [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        const bool whole = dtype.starts_with("int") || dtype.starts_with("uint");
        if (!whole || (!nullable && numbers.missing.empty())) {
            return write_numbers(output, table, column.name, dtype, numbers.values);
        }
        const Handle group = output.group(table, column.name, "nullable-integer", "0.1.0");
        write_numbers(output, group.get(), "values", dtype, numbers.values);
        write_mask(output, group.get(), numbers.missing, numbers.values.size());
    }

    void operator()(const BooleanColumn& flags) const {
        const std::vector<std::int8_t> bytes(flags.values.begin(), flags.values.end());
        if (column.dtype != "boolean" && flags.missing.empty()) {
            return write_vector(output, table, column.name, "bool", bytes);
        }
        const Handle group = output.group(table, column.name, "nullable-boolean", "0.1.0");
        write_vector(output, group.get(), "values", "bool", bytes);
        write_mask(output, group.get(), flags.missing, bytes.size());
    }

    void operator()(const TextColumn& texts) const {
        if (texts.missing.empty()) {
            output.write_texts(table, column.name, texts.values);
            return;
        }
        const Handle group = output.group(table, column.name, "nullable-string-array", "0.1.0");
        output.write_texts(group.get(), "values", texts.values);
        write_mask(output, group.get(), texts.missing, texts.values.size());
    }
};

using nlohmann::json;

bool all_of_kind(const json& list, bool (json::*is_kind)() const noexcept) {
    return std::all_of(list.begin(), list.end(), [&](const json& item) { return (item.*is_kind)(); });
}

bool is_number_table(const json& list) {
    return !list.empty() && all_of_kind(list, &json::is_array) &&
           std::all_of(list.begin(), list.end(), [&](const json& row) {
               return row.size() == list[0].size() && all_of_kind(row, &json::is_number);
           });
}

void write_list(Output& output, hid_t parent, const std::string& key, const json& list) {
    if (list.empty()) {
        write_vector(output, parent, key, "float64", std::vector<double>());
    } else if (all_of_kind(list, &json::is_string)) {
        output.write_texts(parent, key, list.get<std::vector<std::string>>());
    } else if (all_of_kind(list, &json::is_boolean)) {
        std::vector<std::int8_t> flags;
        for (const auto& item : list) {
            flags.push_back(item.get<bool>() ? 1 : 0);
        }
        write_vector(output, parent, key, "bool", flags);
    } else if (all_of_kind(list, &json::is_number_integer)) {
        write_vector(output, parent, key, "int64", list.get<std::vector<std::int64_t>>());
    } else if (all_of_kind(list, &json::is_number)) {
        write_vector(output, parent, key, "float64", list.get<std::vector<double>>());
    } else if (is_number_table(list)) {
        std::vector<double> values;
        for (const auto& row : list) {
            for (const auto& item : row) {
                values.push_back(item.get<double>());
            }
        }
        output.write_array(parent, key, type_of("float64").get(), {list.size(), list[0].size()},
                           values.data());
    } else {
        std::vector<std::string> texts;
        for (const auto& item : list) {
            texts.push_back(item.is_string() ? item.get<std::string>() : item.dump());
        }
        output.write_texts(parent, key, texts);
    }
}

void write_scalar(Output& output, hid_t parent, const std::string& key, const json& value) {
    if (value.is_string()) {
        output.write_text(parent, key, value.get<std::string>());
    } else if (value.is_boolean()) {
        const std::int8_t flag = value.get<bool>() ? 1 : 0;
        output.write_array(parent, key, type_of("bool").get(), {}, &flag);
    } else if (value.is_number_integer()) {
        const auto number = value.get<std::int64_t>();
        output.write_array(parent, key, type_of("int64").get(), {}, &number);
    } else if (value.is_number()) {
        const auto number = value.get<double>();
        output.write_array(parent, key, type_of("float64").get(), {}, &number);
    } else {
        const Lock lock;
        const Handle space(H5Screate(H5S_NULL)), type = type_of("float64");
        const Handle dataset = output.create(parent, key, type.get(), space.get(), H5P_DEFAULT);
        output.set_encoding(dataset.get(), "null", "0.1.0");
    }
}

std::string safe_key(std::string key) {
    std::replace(key.begin(), key.end(), '/', '_');
    return key.empty() || key == "." ? "_" : key;
}

} // namespace

void write_column(Output& output, hid_t table, const Column& column) {
    output.remove(table, column.name);
    std::visit(ColumnWriter{output, table, column}, column.data);
}

Handle begin_table(Output& output, hid_t parent, const std::string& name, const std::string& index_name,
                   const std::vector<std::string>& row_names) {
    Handle table = output.group(parent, name, "dataframe", "0.2.0");
    output.set_text(table.get(), "_index", index_name);
    output.write_texts(table.get(), index_name, row_names);
    return table;
}

void finish_table(Output& output, hid_t table, const std::vector<std::string>& column_names) {
    output.set_texts(table, "column-order", column_names);
}

void write_json(Output& output, hid_t parent, const std::string& key, const json& value) {
    const auto name = safe_key(key);
    output.remove(parent, name);
    if (value.is_object()) {
        const Handle group = output.dict(parent, name);
        for (const auto& [child, item] : value.items()) {
            write_json(output, group.get(), child, item);
        }
    } else if (value.is_array()) {
        write_list(output, parent, name, value);
    } else {
        write_scalar(output, parent, name, value);
    }
}

} // namespace ember::h5

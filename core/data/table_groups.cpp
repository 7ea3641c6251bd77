#include <algorithm>
#include <cctype>

#include "core/data/hdf5_attribute.hpp"
#include "core/data/table_source.hpp"

namespace ember::h5 {

namespace {

ArraySource array_at(const FilePtr& file, const std::string& key) {
    return {std::make_shared<Dataset>(file, key), {}};
}

void require_vector(const ArraySource& source) {
    if (source.dataset->shape().size() != 1) {
        throw source.dataset->error("ShapeMismatch", "'" + source.key() + "' is not a one-dimensional array");
    }
}

bool ordered_flag(const File& file, const Object& object) {
    const auto flag = integers_attribute(file, object, "ordered");
    return flag && !flag->empty() && flag->front() != 0;
}

/// pandas' name of the nullable type that holds such values: int64 → Int64, uint8 → UInt8, float32 → Float32.
std::string nullable_name(const ElementType& type) {
    if (type.kind == ElementKind::boolean) {
        return "boolean";
    }
    if (type.text()) {
        return "string";
    }
    std::string name = type.numpy_name;
    name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
    if (name.starts_with("Uint")) {
        name[1] = 'I';
    }
    return name;
}

void describe_group_column(const FilePtr& file, const Object& group, ColumnSource& column) {
    const auto encoding = encoding_type(*file, group);
    if (encoding == "categorical") {
        column.dtype = "category";
        column.values = array_at(file, join_key(group.key, "codes"));
        column.categories = array_at(file, join_key(group.key, "categories"));
        column.ordered = ordered_flag(*file, group);
        require_vector(column.categories);
    } else if (encoding.starts_with("nullable-")) {
        column.values = array_at(file, join_key(group.key, "values"));
        column.mask = array_at(file, join_key(group.key, "mask"));
        column.dtype = nullable_name(column.values.type());
        require_vector(column.mask);
        if (column.mask.size() != column.values.size()) {
            throw file->error("ShapeMismatch", column.mask.key(), "The mask and the values differ in length");
        }
    } else {
        column.dtype = "unknown";
        column.problem = "The column '" + column.name + "' has the unknown encoding '" + encoding + "'";
    }
}

ColumnSource describe_column(const FilePtr& file, const std::string& table, const std::string& name,
                             bool has_old_categories) {
    ColumnSource column;
    column.name = name;
    auto object = open_object(*file, join_key(table, name));
    if (object.kind != ObjectKind::dataset) {
        describe_group_column(file, object, column);
        return column;
    }
    const auto encoding = encoding_type(*file, object);
    column.values.dataset = std::make_shared<Dataset>(file, std::move(object));
    column.dtype = column.values.type().numpy_name;
    if (!encoding.empty() && encoding != "array" && encoding != "string-array") {
        column.problem = "The column '" + name + "' has the unknown encoding '" + encoding + "'";
    }
    if (has_old_categories) {
        const auto key = join_key(join_key(table, "__categories"), name);
        if (auto categories = find_object(*file, key)) {
            column.ordered = ordered_flag(*file, *categories);
            column.categories.dataset = std::make_shared<Dataset>(file, std::move(*categories));
            column.dtype = "category";
        }
    }
    return column;
}

std::vector<std::string> column_names(const File& file, const Object& group, const std::string& index) {
    if (has_attribute(group, "column-order")) {
        if (auto names = texts_attribute(file, group, "column-order")) {
            return *names;
        }
    }
    auto names = member_names(file, group);
    std::erase_if(names, [&](const std::string& name) { return name == index || name == "__categories"; });
    const auto order = integers_attribute(file, group, "column-order"); // an empty list may be numeric
    return order && order->empty() ? std::vector<std::string>() : names;
}

} // namespace

TableSource describe_table_group(const FilePtr& file, Object group) {
    TableSource table;
    table.key = group.key;
    const auto encoding = encoding_type(*file, group);
    if (!encoding.empty() && encoding != "dataframe") {
        throw file->error("UnknownEncoding", group.key,
                          "'" + group.key + "' has the encoding '" + encoding + "' instead of 'dataframe'");
    }
    const auto index = text_attribute(*file, group, "_index");
    if (!index) {
        throw file->error("MissingMember", group.key,
                          "'" + group.key + "' does not say which column is its index");
    }
    table.index_name = *index;
    table.index = array_at(file, join_key(group.key, *index));
    require_vector(table.index);
    table.rows = table.index.size();
    const bool old = find_object(*file, join_key(group.key, "__categories")).has_value();
    table.modern = !old && !encoding.empty();
    for (const auto& name : column_names(*file, group, *index)) {
        auto column = describe_column(file, group.key, name, old);
        if (column.problem.empty()) {
            require_vector(column.values);
            if (column.values.size() != table.rows) {
                throw file->error("ShapeMismatch", column.values.key(),
                                  "The column '" + name + "' has " + std::to_string(column.values.size()) +
                                      " values for " + std::to_string(table.rows) + " rows");
            }
        }
        table.columns.push_back(std::move(column));
    }
    return table;
}

TableSource describe_table_compound(const FilePtr& file, Object dataset) {
    TableSource table;
    table.key = dataset.key;
    table.modern = false;
    const auto records = std::make_shared<Dataset>(file, std::move(dataset));
    const auto fields = table_fields(*records);
    if (fields.empty()) {
        throw records->error("MissingMember", "The table '" + table.key + "' has no index");
    }
    table.rows = records->rows();
    table.index = {records, fields.front()};
    table.index_name = fields.front().name;
    for (std::size_t i = 1; i < fields.size(); ++i) {
        ColumnSource column;
        column.name = fields[i].name;
        column.values = {records, fields[i]};
        column.dtype = fields[i].type.numpy_name;
        const auto categories = find_object(*file, "uns/" + column.name + "_categories");
        if (categories && fields[i].type.integer()) {
            column.categories = array_at(file, "uns/" + column.name + "_categories");
            column.dtype = "category";
        }
        if (fields[i].count != 1) {
            column.problem = "The column '" + column.name + "' holds several values per row";
        }
        table.columns.push_back(std::move(column));
    }
    return table;
}

} // namespace ember::h5

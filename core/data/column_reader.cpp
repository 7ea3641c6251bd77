#include <algorithm>
#include <cmath>
#include <limits>

#include "core/data/convert.hpp"
#include "core/data/table_source.hpp"
#include "core/data/text_reader.hpp"

namespace ember::h5 {

namespace {

constexpr std::size_t largest_group_of_digits = 17;

std::string decimal(double value) {
    if (value == std::floor(value) && std::abs(value) < 1e15) {
        return std::to_string(static_cast<long long>(value)) + ".0"; // as Python writes it
    }
    char text[32];
    for (int digits = 1; digits <= static_cast<int>(largest_group_of_digits); ++digits) {
        std::snprintf(text, sizeof text, "%.*g", digits, value);
        if (std::strtod(text, nullptr) == value) {
            break;
        }
    }
    return text;
}

void require_plausible(const ArraySource& source) {
    if (!source.dataset->plausible()) {
        throw source.dataset->error("ShapeMismatch", "'" + source.key() + "' declares " +
                                                         std::to_string(source.size()) +
                                                         " values but far fewer are stored");
    }
}

std::vector<std::string> read_categories(const ArraySource& source) {
    if (source.type().text()) {
        return read_texts(source);
    }
    std::vector<std::string> names;
    if (source.type().kind == ElementKind::boolean) {
        for (const auto value : read_numbers<std::int64_t>(source)) {
            names.emplace_back(value != 0 ? "True" : "False");
        }
    } else if (source.type().integer()) {
        for (const auto value : read_numbers<std::int64_t>(source)) {
            names.push_back(std::to_string(value));
        }
    } else {
        for (const auto value : read_numbers<double>(source)) {
            names.push_back(decimal(value));
        }
    }
    return names;
}

CategoricalColumn read_categorical(const File& file, const ColumnSource& source) {
    if (!source.values.type().integer()) {
        throw file.error("BadCategorical", source.values.key(),
                         "The codes of '" + source.name + "' are not whole numbers");
    }
    CategoricalColumn column;
    column.ordered = source.ordered;
    column.categories = read_categories(source.categories);
    column.codes = read_numbers<std::int32_t>(source.values);
    const auto count = static_cast<std::int64_t>(column.categories.size());
    for (const auto code : column.codes) {
        if (code < -1 || code >= count) {
            throw file.error("BadCategorical", source.values.key(),
                             "The column '" + source.name + "' has the code " + std::to_string(code) +
                                 " for " + std::to_string(count) + " categories");
        }
    }
    return column;
}

std::vector<bool> read_mask(const ColumnSource& source) {
    std::vector<bool> missing;
    if (source.mask) {
        for (const auto value : read_numbers<std::int32_t>(source.mask)) {
            missing.push_back(value != 0);
        }
        if (std::find(missing.begin(), missing.end(), true) == missing.end()) {
            missing.clear();
        }
    }
    return missing;
}

} // namespace

std::vector<std::string> read_texts(const ArraySource& source) {
    return source.is_field() ? read_text_field(*source.dataset, source.field) : read_texts(*source.dataset);
}

template<typename T>
std::vector<T> read_numbers(const ArraySource& source) {
    if (!source.type().numeric()) {
        throw source.dataset->error("UnsupportedType", "'" + source.key() + "' holds " +
                                                           source.type().numpy_name +
                                                           " values where numbers are expected");
    }
    require_plausible(source);
    const std::uint64_t per_row = source.is_field() ? source.field.count : source.dataset->row_elements();
    std::vector<std::byte> raw(source.size() * per_row * source.type().size);
    if (source.is_field()) {
        read_field(*source.dataset, source.field, 0, source.size(), raw);
    } else {
        source.dataset->read_rows(0, source.size(), raw);
    }
    std::vector<T> values(source.size() * per_row);
    convert(source.type(), std::span<const std::byte>(raw), std::span(values));
    return values;
}

template std::vector<double> read_numbers(const ArraySource&);
template std::vector<std::int64_t> read_numbers(const ArraySource&);
template std::vector<std::int32_t> read_numbers(const ArraySource&);

Column read_column(const File& file, const ColumnSource& source) {
    if (!source.problem.empty()) {
        throw file.error("UnknownEncoding", source.name, source.problem);
    }
    Column column;
    column.name = source.name;
    column.dtype = source.dtype;
    if (source.categories) {
        column.data = read_categorical(file, source);
    } else if (source.values.type().text()) {
        column.data = TextColumn{read_texts(source.values), read_mask(source)};
    } else if (source.values.type().kind == ElementKind::boolean) {
        BooleanColumn flags;
        for (const auto value : read_numbers<std::int32_t>(source.values)) {
            flags.values.push_back(value != 0 ? 1 : 0);
        }
        flags.missing = read_mask(source);
        column.data = std::move(flags);
    } else {
        NumericColumn numbers{read_numbers<double>(source.values), read_mask(source)};
        for (std::size_t i = 0; i < numbers.missing.size(); ++i) {
            if (numbers.missing[i]) {
                numbers.values[i] = std::numeric_limits<double>::quiet_NaN();
            }
        }
        column.data = std::move(numbers);
    }
    return column;
}

} // namespace ember::h5

#include "core/data/uns_reader.hpp"

#include <algorithm>
#include <cstdio>

#include "core/data/hdf5_attribute.hpp"
#include "core/data/table_source.hpp"
#include "core/data/text_reader.hpp"

namespace ember::h5 {

namespace {

using nlohmann::json;

constexpr std::size_t max_depth = 32;
constexpr std::size_t max_objects = 200'000;
constexpr std::uint64_t max_values = 10'000;
constexpr std::uint64_t max_values_together = 2'000'000; ///< links may repeat one array
constexpr std::uint64_t text_bytes_per_value = 64;       ///< a long text counts as several values

class UnsReader {
public:
    explicit UnsReader(FilePtr file) : file_(std::move(file)) {}

    json read(Object object) {
        if (++objects_ > max_objects) {
            throw file_->error("BoundedDepth", object.key, "There are more than 200,000 annotations");
        }
        if (object.kind == ObjectKind::dataset) {
            return read_array(std::move(object));
        }
        if (object.kind != ObjectKind::group) {
            return nullptr;
        }
        const auto encoding = encoding_type(*file_, object);
        if (encoding == "dataframe" || encoding == "csr_matrix" || encoding == "csc_matrix" ||
            has_attribute(object, "h5sparse_format")) {
            return summarise_group(object, encoding);
        }
        return read_group(object);
    }

private:
    json read_group(const Object& group) {
        if (std::find(open_groups_.begin(), open_groups_.end(), group.address) != open_groups_.end()) {
            throw file_->error("BadLink", group.key,
                               "'" + group.key + "' is a link to a group that contains it");
        }
        if (open_groups_.size() >= max_depth) {
            throw file_->error("BoundedDepth", group.key,
                               "The annotations are nested more than 32 levels deep");
        }
        open_groups_.push_back(group.address);
        json result = json::object();
        for (const auto& name : member_names(*file_, group)) {
            require_utf8(name, *file_, group.key);
            result[name] = read(open_object(*file_, join_key(group.key, name)));
        }
        open_groups_.pop_back();
        return result;
    }

    json summarise_group(const Object& group, const std::string& encoding) const {
        json result = {{"dtype", encoding.empty() ? "csr_matrix" : encoding}};
        const char* name = has_attribute(group, "shape") ? "shape" : "h5sparse_shape";
        if (const auto shape = integers_attribute(*file_, group, name)) {
            result["shape"] = *shape;
        }
        return result;
    }

    json read_array(Object object) {
        const Dataset dataset(file_, std::move(object));
        if (dataset.null()) {
            return nullptr;
        }
        const auto& type = dataset.type();
        const bool readable = type.text() || type.numeric();
        if (!readable || dataset.elements() > max_values || dataset.shape().size() > 2 ||
            dataset.elements() + values_ > max_values_together || !plausible(dataset)) {
            return {{"shape", dataset.shape()}, {"dtype", type.numpy_name}};
        }
        values_ += dataset.elements();
        json values = read_values(dataset);
        if (dataset.shape().empty()) {
            return values.empty() ? json() : values[0];
        }
        return dataset.shape().size() == 1 ? values : fold(values, dataset.row_elements());
    }

    /// Small scalars may be stored compactly, without storage of their own.
    static bool plausible(const Dataset& dataset) { return dataset.elements() <= 16 || dataset.plausible(); }

    json read_values(const Dataset& dataset) {
        const auto& type = dataset.type();
        if (type.text()) {
            const std::vector<std::string> texts = read_texts(dataset);
            for (const auto& text : texts) {
                values_ += text.size() / text_bytes_per_value;
            }
            return texts;
        }
        const ArraySource source{std::make_shared<Dataset>(file_, dataset.key()), {}};
        json values = json::array();
        if (type.kind == ElementKind::floating) {
            for (const double value : read_numbers<double>(source)) {
                values.push_back(value);
            }
        } else {
            for (const auto value : read_numbers<std::int64_t>(source)) {
                values.push_back(type.kind == ElementKind::boolean ? json(value != 0) : json(value));
            }
        }
        return values;
    }

    static json fold(const json& values, std::uint64_t width) {
        json rows = json::array();
        for (std::size_t at = 0; width > 0 && at < values.size(); at += width) {
            rows.push_back(json(values.begin() + static_cast<std::ptrdiff_t>(at),
                                values.begin() + static_cast<std::ptrdiff_t>(at + width)));
        }
        return rows;
    }

    FilePtr file_;
    std::vector<std::uint64_t> open_groups_;
    std::size_t objects_ = 0;
    std::uint64_t values_ = 0;
};

/// "#rrggbb" from "#rrggbb", "#rrggbbaa" or "#rgb"; "" otherwise.
std::string hex_color(const std::string& text) {
    const bool digits =
        text.size() > 1 && text[0] == '#' &&
        std::all_of(text.begin() + 1, text.end(), [](unsigned char c) { return std::isxdigit(c); });
    std::string color;
    if (digits && (text.size() == 7 || text.size() == 9)) {
        color = text.substr(0, 7);
    } else if (digits && text.size() == 4) {
        color = {'#', text[1], text[1], text[2], text[2], text[3], text[3]};
    }
    std::transform(color.begin(), color.end(), color.begin(),
                   [](unsigned char c) { return std::tolower(c); });
    return color;
}

std::string rgb_color(const json& row) {
    if (!row.is_array() || row.size() < 3) {
        return {};
    }
    char text[8];
    int parts[3];
    for (std::size_t i = 0; i < 3; ++i) {
        const double value = row[i].is_number() ? row[i].get<double>() : 0.0;
        parts[i] = static_cast<int>(std::clamp(value, 0.0, 1.0) * 255.0 + 0.5);
    }
    std::snprintf(text, sizeof text, "#%02x%02x%02x", parts[0], parts[1], parts[2]);
    return text;
}

} // namespace

json read_uns(const FilePtr& file, const std::string& key) {
    auto object = find_object(*file, key);
    return object ? UnsReader(file).read(std::move(*object)) : json::object();
}

std::vector<std::string> read_colors(const FilePtr& file, const std::string& key) {
    const auto values = read_uns(file, key);
    std::vector<std::string> colors;
    if (values.is_array()) {
        for (const auto& value : values) {
            colors.push_back(value.is_string() ? hex_color(value.get<std::string>()) : rgb_color(value));
            if (colors.back().empty()) {
                return {};
            }
        }
    }
    return colors;
}

} // namespace ember::h5

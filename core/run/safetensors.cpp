#include "core/run/safetensors.hpp"

#include <algorithm>
#include <optional>

#include "core/base/error.hpp"
#include "core/run/little_endian.hpp"
#include "core/run/tensor_bounds.hpp"

namespace ember {

namespace {

constexpr std::size_t length_size = 8;
constexpr std::uint64_t largest_header = std::uint64_t{32} << 20;
constexpr int header_depth = 4, parameters_depth = 64;
constexpr std::size_t most_dimensions = 64;

struct Entry {
    std::string name;
    ScalarType type = ScalarType::float32;
    std::vector<std::int64_t> shape;
    std::uint64_t begin = 0, end = 0;
};

[[noreturn]] void corrupt(const std::string& what, const std::string& file, const std::string& key = {}) {
    throw Error("Corrupt", "The safetensors file is damaged: " + what, {file, key, {}},
                "Copy the file again from its source");
}

std::optional<ScalarType> type_of(const std::string& code) {
    static const std::vector<std::pair<std::string, ScalarType>> types{
        {"F32", ScalarType::float32},   {"F64", ScalarType::float64}, {"F16", ScalarType::float16},
        {"BF16", ScalarType::bfloat16}, {"I64", ScalarType::int64},   {"I32", ScalarType::int32},
        {"I16", ScalarType::int16},     {"I8", ScalarType::int8},     {"U8", ScalarType::uint8},
        {"BOOL", ScalarType::boolean}};
    for (const auto& [name, type] : types) {
        if (name == code) {
            return type;
        }
    }
    return std::nullopt;
}

nlohmann::json parse_object(const std::string& text, int deepest, const std::string& file) {
    const auto bound_depth = [&](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
        if (depth > deepest) {
            corrupt("its header is nested too deeply", file);
        }
        return true;
    };
    try {
        nlohmann::json object = nlohmann::json::parse(text, bound_depth);
        if (!object.is_object()) {
            corrupt("its header is not an object", file);
        }
        return object;
    } catch (const nlohmann::json::exception&) {
        corrupt("its header is not JSON", file);
    }
}

std::uint64_t unsigned_of(const nlohmann::json& value, const std::string& file, const std::string& key) {
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() > INT64_MAX) {
        corrupt("an extent or offset is not a whole number", file, key);
    }
    return value.get<std::uint64_t>();
}

Entry entry_of(const std::string& name, const nlohmann::json& value, const std::string& file) {
    const auto member = [&](const char* key, nlohmann::json::value_t type) -> const nlohmann::json& {
        const auto found = value.is_object() ? value.find(key) : value.end();
        if (!value.is_object() || found == value.end() || found->type() != type) {
            corrupt("the description of a tensor is incomplete", file, name);
        }
        return *found;
    };
    Entry entry;
    entry.name = name;
    const auto& code = member("dtype", nlohmann::json::value_t::string).get_ref<const std::string&>();
    const std::optional<ScalarType> type = type_of(code);
    if (!type) {
        throw Error("UnsupportedType", "A tensor has the type '" + code + "'", {file, name, {}},
                    "Save the model as float32");
    }
    entry.type = *type;
    const nlohmann::json& shape = member("shape", nlohmann::json::value_t::array);
    const nlohmann::json& offsets = member("data_offsets", nlohmann::json::value_t::array);
    if (shape.size() > most_dimensions || offsets.size() != 2) {
        corrupt("the description of a tensor has the wrong length", file, name);
    }
    for (const nlohmann::json& extent : shape) {
        entry.shape.push_back(static_cast<std::int64_t>(unsigned_of(extent, file, name)));
    }
    entry.begin = unsigned_of(offsets[0], file, name);
    entry.end = unsigned_of(offsets[1], file, name);
    return entry;
}

/// The format demands that the tensors fill the data without gaps or overlaps.
void check_layout(const std::vector<Entry>& entries, std::uint64_t data_size, const std::string& file) {
    std::uint64_t at = 0;
    for (const Entry& entry : entries) {
        if (entry.begin != at || entry.end < entry.begin) {
            corrupt("the tensors overlap or leave gaps", file, entry.name);
        }
        at = entry.end;
    }
    if (at > data_size) {
        throw Error("Truncated", "The safetensors file ends before its last tensor", {file, "", {}},
                    "Copy the file again from its source");
    }
    if (at < data_size) {
        corrupt("there are bytes behind the last tensor", file);
    }
}

TensorView view_of(const Entry& entry, std::span<const std::byte> data, const std::string& file) {
    const std::span<const std::byte> bytes = data.subspan(entry.begin, entry.end - entry.begin);
    TensorView view =
        checked_view(entry.name, entry.type, entry.shape, contiguous_strides(entry.shape), 0, bytes, file);
    if (static_cast<std::uint64_t>(view.numel()) * size_of(entry.type) != bytes.size()) {
        corrupt("a shape and its bytes differ", file, entry.name);
    }
    return view;
}

} // namespace

bool looks_like_safetensors(std::span<const std::byte> bytes) noexcept {
    return bytes.size() > length_size && bytes[length_size] == std::byte{'{'} &&
           read_little_endian<std::uint64_t>(bytes, 0) >= 2;
}

SafetensorsFile read_safetensors(std::span<const std::byte> bytes, const std::string& file) {
    if (bytes.size() < length_size) {
        throw Error("Truncated", "The safetensors file is too short", {file, "", {}});
    }
    const auto length = read_little_endian<std::uint64_t>(bytes, 0);
    if (length > largest_header) {
        corrupt("its header claims more than 32 MiB", file);
    }
    if (length > bytes.size() - length_size) {
        throw Error("Truncated", "The safetensors file ends within its header", {file, "", {}},
                    "Copy the file again from its source");
    }
    SafetensorsFile result;
    result.header.assign(reinterpret_cast<const char*>(bytes.data() + length_size), length);
    const nlohmann::json header = parse_object(result.header, header_depth, file);
    std::vector<Entry> entries;
    for (const auto& [name, value] : header.items()) {
        if (name == "__metadata__") {
            const auto parameters = value.is_object() ? value.find("hyper_parameters") : value.end();
            if (value.is_object() && parameters != value.end() && parameters->is_string()) {
                result.hyper_parameters =
                    parse_object(parameters->get_ref<const std::string&>(), parameters_depth, file);
            }
        } else {
            entries.push_back(entry_of(name, value, file));
        }
    }
    std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
        return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
    });
    const std::span<const std::byte> data = bytes.subspan(length_size + length);
    check_layout(entries, data.size(), file);
    for (const Entry& entry : entries) {
        result.tensors.push_back(view_of(entry, data, file));
    }
    if (result.tensors.empty()) {
        throw Error("NotACheckpoint", "The file holds no tensors", {file, "", {}},
                    "Choose a checkpoint with weights");
    }
    return result;
}

} // namespace ember

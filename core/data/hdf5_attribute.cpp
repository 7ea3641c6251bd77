#include "core/data/hdf5_attribute.hpp"

#include <cstring>

#include "core/data/global_heap.hpp"
#include "core/data/object_header.hpp"

namespace ember::h5 {

namespace {

constexpr hssize_t max_values = 1'000'000;

/// Bytes of a text of variable length in the file: its length and where it is in the global heap.
constexpr std::size_t text_reference_bytes = 16;

struct OpenAttribute {
    Handle attribute, type, space;
    hssize_t count = 0;
};

/// Without a value: absent, or too large to be meant.
std::optional<OpenAttribute> open_attribute(const File& file, const Object& object, const char* name) {
    if (!has_attribute(object, name)) {
        return std::nullopt;
    }
    OpenAttribute result;
    result.attribute = Handle(H5Aopen(object.handle.get(), name, H5P_DEFAULT));
    if (result.attribute) {
        result.type = Handle(H5Aget_type(result.attribute.get()));
        result.space = Handle(H5Aget_space(result.attribute.get()));
    }
    result.count = result.space ? H5Sget_simple_extent_npoints(result.space.get()) : -1;
    if (!result.type || result.count < 0 || result.count > max_values ||
        H5Tget_size(result.type.get()) > 1 << 20 ||
        static_cast<hsize_t>(result.count) * H5Tget_size(result.type.get()) > file.size()) {
        throw file.error("Corrupt", object.key, std::string("The attribute '") + name + "' is damaged");
    }
    // libhdf5 copies as many bytes as the type says, whatever the attribute holds.
    const std::size_t element =
        H5Tis_variable_str(result.type.get()) > 0 ? text_reference_bytes : H5Tget_size(result.type.get());
    if (H5Aget_storage_size(result.attribute.get()) < element * static_cast<std::size_t>(result.count)) {
        throw file.error("Corrupt", object.key,
                         std::string("The attribute '") + name + "' is shorter than its type says");
    }
    return result;
}

std::vector<std::string> read_variable(const File& file, const Object& object, const OpenAttribute& open) {
    const Handle memory(H5Tcopy(H5T_C_S1));
    H5Tset_size(memory.get(), H5T_VARIABLE);
    H5Tset_cset(memory.get(), H5Tget_cset(open.type.get()));
    std::vector<char*> pointers(static_cast<std::size_t>(open.count), nullptr);
    if (H5Aread(open.attribute.get(), memory.get(), pointers.data()) < 0) {
        throw file.error("Corrupt", object.key, "A text attribute cannot be read");
    }
    std::vector<std::string> texts;
    for (const char* pointer : pointers) {
        texts.emplace_back(pointer == nullptr ? "" : pointer);
    }
    H5Dvlen_reclaim(memory.get(), open.space.get(), H5P_DEFAULT, pointers.data());
    return texts;
}

/// Texts in the global heap, read without libhdf5.
std::vector<std::string> follow(const File& file, const Object& object, const RawTexts& raw) {
    GlobalHeap heap(file, object.key);
    std::vector<std::string> texts;
    for (std::size_t at = 0; at + 16 <= raw.references.size(); at += 16) {
        texts.emplace_back(heap.text(std::span<const std::byte, 16>(raw.references.data() + at, 16)));
    }
    return texts;
}

std::vector<std::string> read_fixed(const File& file, const Object& object, const OpenAttribute& open) {
    const std::size_t width = H5Tget_size(open.type.get());
    std::vector<char> bytes(width * static_cast<std::size_t>(open.count));
    if (H5Aread(open.attribute.get(), open.type.get(), bytes.data()) < 0) {
        throw file.error("Corrupt", object.key, "A text attribute cannot be read");
    }
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < bytes.size(); i += width) {
        texts.emplace_back(bytes.data() + i, ::strnlen(bytes.data() + i, width));
    }
    return texts;
}

} // namespace

bool has_attribute(const Object& object, const char* name) {
    const Lock lock;
    return H5Aexists(object.handle.get(), name) > 0;
}

std::optional<std::vector<std::string>> texts_attribute(const File& file, const Object& object,
                                                        const char* name) {
    const Lock lock;
    const auto open = open_attribute(file, object, name);
    if (!open || H5Tget_class(open->type.get()) != H5T_STRING) {
        return std::nullopt;
    }
    if (open->count == 0) {
        return std::vector<std::string>();
    }
    if (H5Tis_variable_str(open->type.get()) > 0) {
        if (const auto raw = find_raw_texts(file, object.address, name, object.key)) {
            return follow(file, object, *raw);
        }
    }
    return H5Tis_variable_str(open->type.get()) > 0 ? read_variable(file, object, *open)
                                                    : read_fixed(file, object, *open);
}

std::optional<std::string> text_attribute(const File& file, const Object& object, const char* name) {
    const auto texts = texts_attribute(file, object, name);
    return texts && texts->size() == 1 ? std::optional(texts->front()) : std::nullopt;
}

std::optional<std::vector<std::int64_t>> integers_attribute(const File& file, const Object& object,
                                                            const char* name) {
    const Lock lock;
    const auto open = open_attribute(file, object, name);
    if (!open) {
        return std::nullopt;
    }
    const auto type = H5Tget_class(open->type.get());
    std::vector<std::int64_t> values(static_cast<std::size_t>(open->count));
    if (type == H5T_ENUM && H5Tget_size(open->type.get()) == 1) {
        std::vector<signed char> bytes(values.size());
        if (H5Aread(open->attribute.get(), open->type.get(), bytes.data()) < 0) {
            return std::nullopt;
        }
        values.assign(bytes.begin(), bytes.end());
        return values;
    }
    if (type != H5T_INTEGER || H5Aread(open->attribute.get(), H5T_NATIVE_INT64, values.data()) < 0) {
        return std::nullopt;
    }
    return values;
}

std::string encoding_type(const File& file, const Object& object) {
    if (!has_attribute(object, "encoding-type")) {
        return {};
    }
    const auto text = text_attribute(file, object, "encoding-type");
    if (!text) {
        throw file.error("UnknownEncoding", object.key, "The attribute 'encoding-type' is not a text");
    }
    return *text;
}

} // namespace ember::h5

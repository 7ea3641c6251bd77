#include "core/data/compound_table.hpp"

#include <algorithm>
#include <cstring>

#include "core/data/text_reader.hpp"

namespace ember::h5 {

namespace {

constexpr std::uint64_t batch_bytes = 4 << 20;

TableField describe(hid_t type, unsigned index) {
    char* name = H5Tget_member_name(type, index);
    TableField field;
    field.name = name == nullptr ? "" : name;
    H5free_memory(name);
    Handle member(H5Tget_member_type(type, index));
    while (member && H5Tget_class(member.get()) == H5T_ARRAY) {
        const int rank = H5Tget_array_ndims(member.get());
        std::vector<hsize_t> dims(static_cast<std::size_t>(std::max(rank, 0)));
        H5Tget_array_dims2(member.get(), dims.data());
        for (const auto length : dims) {
            field.count *= length;
        }
        member = Handle(H5Tget_super(member.get()));
    }
    if (member) {
        field.type = classify(member.get());
    }
    return field;
}

/// A memory type with the one field, packed at offset 0, in its stored form.
Handle one_field_type(const Dataset& table, const std::string& name) {
    const int index = H5Tget_member_index(table.type_id(), name.c_str());
    const Handle member(index < 0 ? H5I_INVALID_HID
                                  : H5Tget_member_type(table.type_id(), static_cast<unsigned>(index)));
    if (!member) {
        throw table.error("MissingMember", "The table '" + table.key() + "' has no field '" + name + "'");
    }
    Handle type(H5Tcreate(H5T_COMPOUND, H5Tget_size(member.get())));
    H5Tinsert(type.get(), name.c_str(), 0, member.get());
    return type;
}

void read_rows_of(const Dataset& table, hid_t type, std::uint64_t first, std::uint64_t count, void* out) {
    const Handle space(H5Dget_space(table.id()));
    const hsize_t start = first, length = count;
    H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, &start, nullptr, &length, nullptr);
    const Handle memory(H5Screate_simple(1, &length, nullptr));
    if (H5Dread(table.id(), type, memory.get(), space.get(), H5P_DEFAULT, out) < 0) {
        throw table.error("Corrupt", "The table '" + table.key() + "' cannot be read");
    }
}

std::vector<std::string> read_variable(const Dataset& table, const TableField& field) {
    const Lock lock;
    const Handle type = one_field_type(table, field.name);
    std::vector<char*> pointers(table.rows(), nullptr);
    read_rows_of(table, type.get(), 0, table.rows(), pointers.data());
    std::vector<std::string> texts;
    texts.reserve(pointers.size());
    for (const char* pointer : pointers) {
        texts.emplace_back(pointer == nullptr ? "" : pointer);
    }
    const Handle space(H5Dget_space(table.id()));
    H5Dvlen_reclaim(type.get(), space.get(), H5P_DEFAULT, pointers.data());
    return texts;
}

} // namespace

std::vector<TableField> table_fields(const Dataset& table) {
    const Lock lock;
    if (table.type().kind != ElementKind::compound || table.shape().size() != 1) {
        throw table.error("UnsupportedType", "'" + table.key() + "' is not a table");
    }
    std::vector<TableField> fields;
    const int count = H5Tget_nmembers(table.type_id());
    for (int i = 0; i < count; ++i) {
        fields.push_back(describe(table.type_id(), static_cast<unsigned>(i)));
    }
    return fields;
}

TableField find_field(const Dataset& table, const std::string& name) {
    for (auto& field : table_fields(table)) {
        if (field.name == name) {
            return field;
        }
    }
    throw table.error("MissingMember", "The table '" + table.key() + "' has no field '" + name + "'");
}

void read_field(const Dataset& table, const TableField& field, std::uint64_t first, std::uint64_t count,
                std::span<std::byte> out) {
    const Lock lock;
    const Handle type = one_field_type(table, field.name);
    if (H5Tget_size(type.get()) != field.type.size * field.count ||
        out.size() < count * field.type.size * field.count) {
        throw table.error("Corrupt", "The field '" + field.name + "' has an unexpected size");
    }
    if (count > 0) {
        read_rows_of(table, type.get(), first, count, out.data());
    }
}

std::vector<std::string> read_text_field(const Dataset& table, const TableField& field) {
    if (!table.plausible()) {
        throw table.error("ShapeMismatch", "'" + table.key() + "' declares more rows than are stored");
    }
    std::vector<std::string> texts;
    if (table.rows() == 0) {
        return texts;
    }
    if (field.type.kind == ElementKind::variable_text) {
        texts = read_variable(table, field);
    } else if (field.type.kind == ElementKind::fixed_text) {
        const std::uint64_t batch = std::max<std::uint64_t>(1, batch_bytes / field.type.size);
        std::vector<std::byte> bytes;
        for (std::uint64_t row = 0; row < table.rows(); row += batch) {
            const std::uint64_t count = std::min(batch, table.rows() - row);
            bytes.resize(count * field.type.size);
            read_field(table, field, row, count, bytes);
            for (std::uint64_t i = 0; i < count; ++i) {
                const auto* text = reinterpret_cast<const char*>(bytes.data() + i * field.type.size);
                texts.emplace_back(text, ::strnlen(text, field.type.size));
            }
        }
    } else {
        throw table.error("UnsupportedType", "The field '" + field.name + "' holds no text");
    }
    for (const auto& text : texts) {
        require_utf8(text, table.file(), table.key() + "/" + field.name);
    }
    return texts;
}

} // namespace ember::h5

#include <cstring>

#include "core/data/column_writer.hpp"
#include "core/data/matrix_copy.hpp"

namespace ember::h5 {

namespace {

template<typename T>
std::vector<T> select(const std::vector<T>& values, const RowSelection& keep) {
    if (keep.empty() || values.empty()) {
        return values;
    }
    std::vector<T> chosen;
    chosen.reserve(keep.size());
    for (const auto row : keep) {
        chosen.push_back(values[row]);
    }
    return chosen;
}

Column select(Column column, const RowSelection& keep) {
    if (auto* labels = std::get_if<CategoricalColumn>(&column.data)) {
        labels->codes = select(labels->codes, keep);
    } else if (auto* numbers = std::get_if<NumericColumn>(&column.data)) {
        numbers->values = select(numbers->values, keep);
        numbers->missing = select(numbers->missing, keep);
    } else if (auto* flags = std::get_if<BooleanColumn>(&column.data)) {
        flags->values = select(flags->values, keep);
        flags->missing = select(flags->missing, keep);
    } else {
        auto& texts = std::get<TextColumn>(column.data);
        texts.values = select(texts.values, keep);
        texts.missing = select(texts.missing, keep);
    }
    return column;
}

/// 64-bit integers keep all their bits; everything else passes through Column unharmed.
bool needs_exact_integers(const ColumnSource& source) {
    return !source.categories && source.values.type().integer() && source.values.type().size == 8;
}

void write_exact(Output& output, hid_t group, const ColumnSource& source, const RowSelection& keep) {
    // Unsigned numbers beyond 2^63 are kept by their bits.
    auto type = source.values.type();
    std::vector<std::byte> raw(source.values.size() * type.size);
    source.values.is_field()
        ? read_field(*source.values.dataset, source.values.field, 0, source.values.size(), raw)
        : source.values.dataset->read_rows(0, source.values.size(), raw);
    std::vector<std::uint64_t> bits(source.values.size());
    std::memcpy(bits.data(), raw.data(), raw.size());
    for (auto& value : bits) {
        value = type.big_endian ? __builtin_bswap64(value) : value;
    }
    bits = select(bits, keep);
    const Handle stored = type_of(type.kind == ElementKind::signed_integer ? "int64" : "uint64");
    if (!source.mask) {
        output.write_array(group, source.name, stored.get(), {bits.size()}, bits.data());
        return;
    }
    const auto flags = read_numbers<std::int64_t>(source.mask);
    const auto missing = select(std::vector<std::int8_t>(flags.begin(), flags.end()), keep);
    const Handle column = output.group(group, source.name, "nullable-integer", "0.1.0");
    output.write_array(column.get(), "values", stored.get(), {bits.size()}, bits.data());
    output.write_array(column.get(), "mask", type_of("bool").get(), {missing.size()}, missing.data());
}

/// Categories that are numbers stay numbers.
void restore_number_categories(Output& output, hid_t table, const ColumnSource& source) {
    if (!source.categories || !source.categories.type().numeric()) {
        return;
    }
    const Lock lock;
    const Handle group(H5Gopen2(table, source.name.c_str(), H5P_DEFAULT));
    output.remove(group.get(), "categories");
    const auto& type = source.categories.type();
    if (type.kind == ElementKind::floating) {
        const auto values = read_numbers<double>(source.categories);
        output.write_array(group.get(), "categories", type_of("float64").get(), {values.size()},
                           values.data());
    } else {
        const auto values = read_numbers<std::int64_t>(source.categories);
        if (type.kind == ElementKind::boolean) {
            const std::vector<std::int8_t> flags(values.begin(), values.end());
            output.write_array(group.get(), "categories", type_of("bool").get(), {flags.size()},
                               flags.data());
        } else {
            output.write_array(group.get(), "categories", type_of("int64").get(), {values.size()},
                               values.data());
        }
    }
}

} // namespace

void copy_table(const File& file, const TableSource& table, const RowSelection& keep, Output& output,
                JobContext& job, hid_t parent, const std::string& name) {
    const auto index_name = table.index_name.empty() ? "_index" : table.index_name;
    const Handle group = begin_table(output, parent, name, index_name, select(read_texts(table.index), keep));
    std::vector<std::string> names;
    for (const auto& source : table.columns) {
        job.check_cancelled();
        if (!source.problem.empty()) {
            job.warn(source.problem + ": it was not copied");
            continue;
        }
        if (needs_exact_integers(source)) {
            write_exact(output, group.get(), source, keep);
        } else {
            write_column(output, group.get(), select(read_column(file, source), keep));
            restore_number_categories(output, group.get(), source);
        }
        names.push_back(source.name);
    }
    finish_table(output, group.get(), names);
}

} // namespace ember::h5

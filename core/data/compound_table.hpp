#pragma once
// Fields of compound datasets: the obs, var, obsm and varm tables before AnnData 0.7.

#include <string>
#include <vector>

#include "core/data/hdf5_dataset.hpp"

namespace ember::h5 {

struct TableField {
    std::string name;
    ElementType type;        ///< of one value
    std::uint64_t count = 1; ///< values per row
};

/// All fields in the order they are stored. Throws UnsupportedType when the dataset is no table of one
/// dimension.
std::vector<TableField> table_fields(const Dataset& table);

/// Throws MissingMember.
TableField find_field(const Dataset& table, const std::string& name);

/// Raw values of a field of fixed size, rows [first, first + count), into `out`.
void read_field(const Dataset& table, const TableField& field, std::uint64_t first, std::uint64_t count,
                std::span<std::byte> out);

/// A whole field of text. Throws BadText, ShapeMismatch or Corrupt.
std::vector<std::string> read_text_field(const Dataset& table, const TableField& field);

} // namespace ember::h5

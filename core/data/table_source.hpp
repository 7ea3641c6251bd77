#pragma once
// Where the columns of obs, var and other data frames lie, in either generation of the format.

#include <string>
#include <vector>

#include "core/data/column.hpp"
#include "core/data/compound_table.hpp"

namespace ember::h5 {

/// One-dimensional values: a dataset, or a field of a compound table.
struct ArraySource {
    DatasetPtr dataset;
    TableField field; ///< named when the dataset is a table

    explicit operator bool() const noexcept { return dataset != nullptr; }
    bool is_field() const noexcept { return !field.name.empty(); }
    std::uint64_t size() const noexcept { return dataset->rows(); }
    const ElementType& type() const noexcept { return is_field() ? field.type : dataset->type(); }
    std::string key() const { return is_field() ? dataset->key() + "/" + field.name : dataset->key(); }
};

std::vector<std::string> read_texts(const ArraySource& source);

/// Numbers as T; see convert(). Throws UnsupportedType when they are none.
template<typename T>
std::vector<T> read_numbers(const ArraySource& source);
extern template std::vector<double> read_numbers(const ArraySource&);
extern template std::vector<std::int64_t> read_numbers(const ArraySource&);
extern template std::vector<std::int32_t> read_numbers(const ArraySource&);

struct ColumnSource {
    std::string name;
    std::string dtype;      ///< see Column::dtype
    ArraySource values;     ///< or the codes of a categorical
    ArraySource categories; ///< of a categorical
    ArraySource mask;       ///< of a nullable column: true where missing
    bool ordered = false;
    std::string problem; ///< why the column cannot be read: the encoding is unknown
};

struct TableSource {
    std::string key; ///< "obs", "obsm/df"
    std::uint64_t rows = 0;
    ArraySource index;
    std::string index_name;
    std::vector<ColumnSource> columns;
    bool modern = true; ///< encoded as AnnData 0.8 and later do
};

/// Reads one column. Throws BadCategorical, BadText, UnsupportedType, UnknownEncoding or what reading values
/// throws.
Column read_column(const File& file, const ColumnSource& source);

/// A data frame as AnnData 0.7 and later store it: a group. Checks that all columns have one length.
TableSource describe_table_group(const FilePtr& file, Object group);

/// A data frame as AnnData before 0.7 stores it: a compound dataset, with the categories of labels in uns.
TableSource describe_table_compound(const FilePtr& file, Object dataset);

} // namespace ember::h5

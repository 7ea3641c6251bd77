#include "core/data/convert.hpp"
#include "core/data/file_layout.hpp"

namespace ember::h5 {

namespace {

ArraySource array_at(const FilePtr& file, const std::string& key) {
    return {std::make_shared<Dataset>(file, key), {}};
}

/// 10x Genomics stores [genes × cells] by columns, which is [cells × genes] by rows.
MatrixSpec describe_counts(const FilePtr& file, const std::string& group) {
    const auto shape = read_numbers<std::int64_t>(array_at(file, join_key(group, "shape")));
    if (shape.size() != 2 || shape[0] < 0 || shape[1] < 0) {
        throw file->error("ShapeMismatch", join_key(group, "shape"), "'shape' is not two whole numbers");
    }
    return describe_sparse(file, group, "X", MatrixEncoding::csr, static_cast<std::uint64_t>(shape[1]),
                           static_cast<std::uint64_t>(shape[0]));
}

void add_column(const FilePtr& file, TableSource& table, const std::string& key, const std::string& name) {
    const auto object = find_object(*file, key);
    if (!object || object->kind != ObjectKind::dataset) {
        return;
    }
    ColumnSource column;
    column.name = name;
    column.values = array_at(file, key);
    column.dtype = column.values.type().numpy_name;
    if (column.values.dataset->shape().size() == 1 && column.values.size() == table.rows) {
        table.columns.push_back(std::move(column));
    }
}

TableSource describe_table(const FilePtr& file, const std::string& index) {
    TableSource table;
    table.modern = false;
    table.index = array_at(file, index);
    table.index_name = "_index";
    table.rows = table.index.size();
    if (table.index.dataset->shape().size() != 1 || !table.index.dataset->plausible()) {
        throw file->error("ShapeMismatch", index, "'" + index + "' is not a list of names");
    }
    return table;
}

} // namespace

FileLayout read_tenx_layout(const FilePtr& file, const std::string& group) {
    const bool features = find_object(*file, join_key(group, "features")).has_value();
    const auto names = join_key(group, features ? "features/name" : "gene_names");
    const auto ids = join_key(group, features ? "features/id" : "genes");
    FileLayout layout;
    layout.generation = "10x Genomics";
    layout.obs = describe_table(file, join_key(group, "barcodes"));
    layout.obs.key = "obs";
    layout.var = describe_table(file, find_object(*file, names) ? names : ids);
    layout.var.key = "var";
    add_column(file, layout.var, ids, "gene_ids");
    if (features) {
        add_column(file, layout.var, join_key(group, "features/feature_type"), "feature_types");
        add_column(file, layout.var, join_key(group, "features/genome"), "genome");
    }
    layout.n_obs = layout.obs.rows;
    layout.n_vars = layout.var.rows;
    layout.x = describe_counts(file, group);
    require_shape(*file, *layout.x, layout.n_obs, layout.n_vars);
    return layout;
}

} // namespace ember::h5

#include "core/data/file_layout.hpp"

namespace ember::h5 {

namespace {

void describe_raw(const FilePtr& file, FileLayout& layout) {
    const auto raw = find_object(*file, "raw");
    if (!raw || raw->kind != ObjectKind::group || !find_object(*file, "raw/X")) {
        return; // "raw" may be stored as nothing
    }
    layout.raw_var = describe_table_group(file, open_object(*file, "raw/var"));
    layout.raw_x = describe_matrix(file, "raw/X", "raw/X");
    if (layout.raw_x) {
        require_shape(*file, *layout.raw_x, layout.n_obs, layout.raw_var->rows);
    }
}

/// Without another member to agree with, the index must at least be stored.
void require_stored_index(const File& file, const TableSource& table) {
    if (!table.index.dataset->plausible()) {
        throw file.error("ShapeMismatch", table.index.key(),
                         "'" + table.index.key() + "' declares " + std::to_string(table.rows) +
                             " names but far fewer are stored");
    }
}

} // namespace

FileLayout read_group_layout(const FilePtr& file) {
    FileLayout layout;
    layout.generation = "anndata 0.7+";
    layout.obs = describe_table_group(file, open_object(*file, "obs"));
    layout.var = describe_table_group(file, open_object(*file, "var"));
    layout.n_obs = layout.obs.rows;
    layout.n_vars = layout.var.rows;
    require_stored_index(*file, layout.obs);
    require_stored_index(*file, layout.var);
    describe_matrices(file, layout);
    describe_raw(file, layout);
    layout.obsm = describe_members(file, "obsm", layout.n_obs, std::nullopt);
    layout.varm = describe_members(file, "varm", layout.n_vars, std::nullopt);
    layout.obsp = describe_members(file, "obsp", layout.n_obs, layout.n_obs);
    if (const auto uns = find_object(*file, "uns"); uns && uns->kind == ObjectKind::group) {
        layout.uns_keys = member_names(*file, *uns);
    }
    return layout;
}

} // namespace ember::h5

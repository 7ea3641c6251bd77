#include "core/data/file_layout.hpp"

namespace ember::h5 {

namespace {

std::vector<Member> describe_fields(const FilePtr& file, const std::string& key, std::uint64_t rows) {
    std::vector<Member> members;
    auto object = find_object(*file, key);
    if (!object) {
        return members;
    }
    if (object->kind != ObjectKind::dataset) {
        return describe_members(file, key, rows, std::nullopt);
    }
    const auto table = std::make_shared<Dataset>(file, std::move(*object));
    for (const auto& field : table_fields(*table)) {
        Member member;
        member.matrix = describe_field(table, field.name, key + "/" + field.name);
        member.info = {field.name, member.matrix->info.rows, member.matrix->info.cols, false};
        require_shape(*file, *member.matrix, rows, std::nullopt);
        members.push_back(std::move(member));
    }
    return members;
}

/// Distances between cells lay in uns/neighbors then.
std::vector<Member> describe_neighbors(const FilePtr& file, std::uint64_t rows) {
    std::vector<Member> members;
    for (const std::string name : {"connectivities", "distances"}) {
        const auto key = "uns/neighbors/" + name;
        if (find_object(*file, key)) {
            Member member;
            member.matrix = describe_matrix(file, key, "obsp/" + name);
            if (member.matrix) {
                require_shape(*file, *member.matrix, rows, rows);
                member.info = {name, rows, rows, false};
                members.push_back(std::move(member));
            }
        }
    }
    return members;
}

void describe_raw(const FilePtr& file, FileLayout& layout) {
    for (const std::string prefix : {"raw.", "raw/"}) {
        auto var = find_object(*file, prefix + "var");
        if (var && find_object(*file, prefix + "X")) {
            layout.raw_var = var->kind == ObjectKind::dataset ? describe_table_compound(file, std::move(*var))
                                                              : describe_table_group(file, std::move(*var));
            layout.raw_x = describe_matrix(file, prefix + "X", "raw/X");
            if (layout.raw_x) {
                require_shape(*file, *layout.raw_x, layout.n_obs, layout.raw_var->rows);
            }
            return;
        }
    }
}

std::vector<std::string> plain_uns_keys(const File& file, const FileLayout& layout) {
    std::set<std::string> hidden;
    for (const auto* table : {&layout.obs, &layout.var}) {
        for (const auto& column : table->columns) {
            if (column.categories) {
                hidden.insert(column.name + "_categories");
            }
        }
    }
    std::vector<std::string> keys;
    if (const auto uns = find_object(file, "uns"); uns && uns->kind == ObjectKind::group) {
        keys = member_names(file, *uns);
    }
    std::erase_if(keys, [&](const std::string& key) { return hidden.contains(key); });
    return keys;
}

} // namespace

FileLayout read_compound_layout(const FilePtr& file) {
    FileLayout layout;
    layout.generation = "anndata before 0.7";
    layout.obs = describe_table_compound(file, open_object(*file, "obs"));
    layout.var = describe_table_compound(file, open_object(*file, "var"));
    layout.n_obs = layout.obs.rows;
    layout.n_vars = layout.var.rows;
    for (const auto* table : {&layout.obs, &layout.var}) {
        if (!table->index.dataset->plausible()) {
            throw table->index.dataset->error("ShapeMismatch",
                                              "'" + table->key + "' declares more rows than are stored");
        }
    }
    describe_matrices(file, layout);
    describe_raw(file, layout);
    layout.obsm = describe_fields(file, "obsm", layout.n_obs);
    layout.varm = describe_fields(file, "varm", layout.n_vars);
    layout.obsp = describe_neighbors(file, layout.n_obs);
    layout.uns_keys = plain_uns_keys(*file, layout);
    return layout;
}

} // namespace ember::h5

#include "core/data/file_layout.hpp"

#include "core/data/hdf5_attribute.hpp"

namespace ember::h5 {

namespace {

/// The group of a 10x Genomics matrix: "matrix" since Cell Ranger 3, one per genome before.
std::optional<std::string> tenx_group(const File& file) {
    const auto is_matrix = [&](const std::string& key) {
        for (const char* part : {"barcodes", "indptr", "indices", "data", "shape"}) {
            if (!find_object(file, join_key(key, part))) {
                return false;
            }
        }
        return true;
    };
    if (find_object(file, "matrix/features") && is_matrix("matrix")) {
        return "matrix";
    }
    for (const auto& name : member_names(file, open_object(file, ""))) {
        try {
            if (find_object(file, join_key(name, "genes")) && is_matrix(name)) {
                return name;
            }
        } catch (const Error&) {
            continue; // a link that leads nowhere is no matrix
        }
    }
    return std::nullopt;
}

Member describe_member(const FilePtr& file, const std::string& key, std::uint64_t rows) {
    Member member;
    member.info.rows = rows;
    auto object = open_object(*file, key);
    const auto encoding = encoding_type(*file, object);
    const bool frame = encoding == "dataframe";
    if (frame) {
        member.table = describe_table_group(file, std::move(object));
        member.info.rows = member.table->rows;
        member.info.cols = member.table->columns.size();
        member.info.data_frame = true;
        return member;
    }
    try {
        member.matrix = describe_matrix(file, key, key);
        if (member.matrix) {
            member.info.rows = member.matrix->info.rows;
            member.info.cols = member.matrix->info.cols;
        } else {
            member.problem = "'" + key + "' is empty";
        }
    } catch (const Error& error) {
        // One exotic member must not keep the rest of the file from being used.
        if (error.class_name() != "UnknownEncoding" && error.class_name() != "UnsupportedType" &&
            error.class_name() != "ShapeMismatch") {
            throw;
        }
        member.problem = error.message();
    }
    return member;
}

} // namespace

std::vector<Member> describe_members(const FilePtr& file, const std::string& key, std::uint64_t rows,
                                     std::optional<std::uint64_t> cols) {
    std::vector<Member> members;
    const auto group = find_object(*file, key);
    if (!group || group->kind != ObjectKind::group) {
        return members;
    }
    for (const auto& name : member_names(*file, *group)) {
        auto member = describe_member(file, join_key(key, name), rows);
        member.info.key = name;
        if (member.info.rows != rows || (cols && member.matrix && member.info.cols != *cols)) {
            throw file->error("ShapeMismatch", join_key(key, name),
                              "'" + join_key(key, name) + "' has " + std::to_string(member.info.rows) +
                                  " rows where " + std::to_string(rows) + " are expected");
        }
        members.push_back(std::move(member));
    }
    return members;
}

void describe_matrices(const FilePtr& file, FileLayout& layout) {
    if (find_object(*file, "X")) {
        layout.x = describe_matrix(file, "X", "X");
        if (layout.x) {
            require_shape(*file, *layout.x, layout.n_obs, layout.n_vars);
        }
    }
    if (const auto group = find_object(*file, "layers"); group && group->kind == ObjectKind::group) {
        for (const auto& name : member_names(*file, *group)) {
            const auto key = join_key("layers", name);
            if (auto layer = describe_matrix(file, key, key)) {
                require_shape(*file, *layer, layout.n_obs, layout.n_vars);
                layout.layers.emplace_back(name, std::move(*layer));
            }
        }
    }
}

FileLayout read_layout(const FilePtr& file) {
    const auto obs = find_object(*file, "obs");
    if (!obs) {
        if (const auto group = tenx_group(*file)) {
            return read_tenx_layout(file, *group);
        }
        throw file->error("MissingMember", "obs", "The file has no 'obs': it is no AnnData file",
                          "Choose an .h5ad file or a 10x Genomics .h5 file");
    }
    return obs->kind == ObjectKind::dataset ? read_compound_layout(file) : read_group_layout(file);
}

} // namespace ember::h5

#include <algorithm>
#include <map>
#include <set>

#include "core/data/anndata_file.hpp"
#include "core/data/column_writer.hpp"
#include "core/data/h5ad_writer.hpp"
#include "core/data/matrix_copy.hpp"

namespace ember {

namespace {

using namespace h5;

/// A member that the caller writes: where its values start in the file.
struct DenseMember {
    std::uint64_t offset = 0, cols = 0;
};

const AnnDataFile& as_file(const AnnData& data) {
    const auto* file = dynamic_cast<const AnnDataFile*>(&data);
    if (file == nullptr) {
        throw UsageError("Only data opened from a file can be copied");
    }
    return *file;
}

/// Members of the root that AnnData knows, in any generation.
const std::set<std::string>& known_members() {
    static const std::set<std::string> names = {"X",    "layers", "obs", "var", "obsm",  "varm",
                                                "obsp", "varp",   "uns", "raw", "raw.X", "raw.var"};
    return names;
}

} // namespace

struct H5adCopy::State {
    State(const AnnData& data, const std::filesystem::path& target, RowSelection rows, JobContext& context)
        : source(as_file(data)),
          layout(source.layout()),
          file(source.file()),
          keep(std::move(rows)),
          job(context),
          output(target),
          copier(file, output, job),
          n_rows(keep.empty() ? layout.n_obs : keep.size()) {}

    bool replaced(const std::string& member) const { return dense.contains(member); }

    void copy_axis_tables();
    void apply_obs_changes();
    void copy_matrices();
    void copy_members(const std::vector<Member>& members, const std::string& group, bool per_cell);
    void copy_pairs();
    void copy_raw();
    void copy_uns();
    void copy_the_rest();

    const AnnDataFile& source;
    const FileLayout& layout;
    const FilePtr& file;
    RowSelection keep;
    JobContext& job;
    Output output;
    TreeCopier copier;
    std::uint64_t n_rows;
    std::map<std::string, DenseMember> dense;
    std::map<std::string, Column> obs_columns;
    std::vector<std::string> obs_order;
    std::map<std::string, nlohmann::json> uns;
    std::vector<std::string> names;
};

H5adCopy::H5adCopy(const AnnData& source, const std::filesystem::path& target, RowSelection keep,
                   JobContext& job) {
    if (std::any_of(keep.begin(), keep.end(), [&](std::uint64_t row) { return row >= source.n_obs(); })) {
        throw UsageError("A selected row lies beyond the data");
    }
    state_ = std::make_unique<State>(source, target, std::move(keep), job);
    state_->output.set_encoding(state_->output.root(), "anndata", "0.1.0");
}

H5adCopy::~H5adCopy() = default;

void H5adCopy::begin_dense(const std::string& member, std::uint64_t cols) {
    auto& state = *state_;
    const auto slash = member.find('/');
    const auto group = slash == std::string::npos ? std::string() : member.substr(0, slash);
    if (member != "X" && (slash + 1 == member.size() || (group != "layers" && group != "obsm"))) {
        throw UsageError("'" + member + "' is no place for a matrix", "Use X, layers/KEY or obsm/KEY");
    }
    if (state.replaced(member)) {
        throw UsageError("'" + member + "' is written twice");
    }
    const Handle parent = group.empty() ? Handle() : state.output.dict(state.output.root(), group);
    const auto name = group.empty() ? member : member.substr(slash + 1);
    state.dense[member] = {state.output.reserve_floats(group.empty() ? state.output.root() : parent.get(),
                                                       name, state.n_rows, cols),
                           cols};
}

void H5adCopy::write_rows(const std::string& member, std::span<const std::uint64_t> rows,
                          std::span<const float> values) {
    const auto found = state_->dense.find(member);
    if (found == state_->dense.end() || values.size() != rows.size() * found->second.cols) {
        throw UsageError("The values do not fill the rows of '" + member + "'");
    }
    const auto [offset, cols] = found->second;
    for (std::size_t begin = 0; begin < rows.size();) {
        std::size_t end = begin + 1;
        while (end < rows.size() && rows[end] == rows[end - 1] + 1) {
            ++end;
        }
        if (rows[end - 1] >= state_->n_rows) {
            throw UsageError("A row of '" + member + "' lies beyond the file");
        }
        state_->output.write_at(offset + rows[begin] * cols * sizeof(float),
                                std::as_bytes(values.subspan(begin * cols, (end - begin) * cols)));
        begin = end;
    }
}

void H5adCopy::set_obs(const Column& column) {
    if (column.size() != state_->n_rows) {
        throw UsageError("The column '" + column.name + "' does not have one value per cell");
    }
    if (!state_->obs_columns.contains(column.name)) {
        state_->obs_order.push_back(column.name);
    }
    state_->obs_columns.insert_or_assign(column.name, column);
}

void H5adCopy::set_uns(const std::string& key, const nlohmann::json& value) {
    state_->uns[key] = value;
}

void H5adCopy::rename_obs(std::vector<std::string> names) {
    if (names.size() != state_->n_rows) {
        throw UsageError("There is not one name per cell");
    }
    state_->names = std::move(names);
}

void H5adCopy::finish() {
    auto& state = *state_;
    state.job.info("Writing " + std::to_string(state.n_rows) + " cells");
    state.copy_axis_tables();
    state.apply_obs_changes();
    state.copy_matrices();
    state.copy_members(state.layout.obsm, "obsm", true);
    state.copy_members(state.layout.varm, "varm", false);
    state.copy_pairs();
    state.copy_raw();
    state.copy_uns();
    state.copy_the_rest();
    state.job.check_cancelled();
    state.output.finish();
}

void H5adCopy::State::copy_axis_tables() {
    const auto copy = [&](const TableSource& table, const RowSelection& rows, const std::string& name) {
        if (table.modern && rows.empty()) {
            copier.copy(name, output.root(), name);
        } else {
            copy_table(*file, table, rows, output, job, output.root(), name);
        }
    };
    copy(layout.obs, keep, "obs");
    copy(layout.var, {}, "var");
}

void H5adCopy::State::apply_obs_changes() {
    const Handle table = output.group(output.root(), "obs", "", "");
    const auto index_name = layout.obs.index_name.empty() ? "_index" : layout.obs.index_name;
    if (!names.empty()) {
        output.remove(table.get(), index_name);
        output.write_texts(table.get(), index_name, names);
    }
    std::vector<std::string> order;
    for (const auto& column : layout.obs.columns) {
        if (output.exists(table.get(), column.name)) {
            order.push_back(column.name);
        }
    }
    for (const auto& name : obs_order) {
        if (name == index_name) {
            throw UsageError("The column '" + name + "' has the name of the index");
        }
        write_column(output, table.get(), obs_columns.at(name));
        if (std::find(order.begin(), order.end(), name) == order.end()) {
            order.push_back(name);
        }
    }
    finish_table(output, table.get(), order);
}

void H5adCopy::State::copy_matrices() {
    if (layout.x && !replaced("X")) {
        copy_matrix(*layout.x, keep, copier, output, job, output.root(), "X");
    }
    const Handle layers = output.dict(output.root(), "layers");
    for (const auto& [key, spec] : layout.layers) {
        if (!replaced("layers/" + key)) {
            copy_matrix(spec, keep, copier, output, job, layers.get(), key);
        }
    }
}

void H5adCopy::State::copy_members(const std::vector<Member>& members, const std::string& group,
                                   bool per_cell) {
    const Handle target = output.dict(output.root(), group);
    const RowSelection& rows = per_cell ? keep : RowSelection();
    for (const auto& member : members) {
        const auto& key = member.info.key;
        if (replaced(group + "/" + key)) {
            continue;
        }
        if (member.matrix) {
            copy_matrix(*member.matrix, rows, copier, output, job, target.get(), key);
        } else if (member.table && (!member.table->modern || !rows.empty())) {
            copy_table(*file, *member.table, rows, output, job, target.get(), key);
        } else if (rows.empty()) {
            copier.copy(group + "/" + key, target.get(), key);
        } else {
            job.warn("'" + group + "/" + key + "' was left out: " + member.problem);
        }
    }
}

void H5adCopy::State::copy_pairs() {
    if (keep.empty()) {
        copy_members(layout.obsp, "obsp", false);
    } else if (!layout.obsp.empty()) {
        job.warn("obsp was left out, because its distances between cells do not fit a selection of cells");
    }
    if (find_object(*file, "varp")) {
        copier.copy("varp", output.root(), "varp");
    }
}

void H5adCopy::State::copy_raw() {
    if (!layout.raw_x || !layout.raw_var) {
        return;
    }
    const Handle raw = output.group(output.root(), "raw", "raw", "0.1.0");
    copy_matrix(*layout.raw_x, keep, copier, output, job, raw.get(), "X");
    if (layout.raw_var->modern) {
        copier.copy("raw/var", raw.get(), "var");
    } else {
        copy_table(*file, *layout.raw_var, {}, output, job, raw.get(), "var");
    }
    if (const auto varm = find_object(*file, "raw/varm"); varm && varm->kind == ObjectKind::group) {
        const Handle target = output.dict(raw.get(), "varm");
        for (const auto& member : describe_members(file, "raw/varm", layout.raw_var->rows, std::nullopt)) {
            const auto& key = member.info.key;
            if (member.matrix) {
                copy_matrix(*member.matrix, {}, copier, output, job, target.get(), key);
            } else if (member.table && !member.table->modern) {
                copy_table(*file, *member.table, {}, output, job, target.get(), key);
            } else {
                copier.copy("raw/varm/" + key, target.get(), key);
            }
        }
    }
}

void H5adCopy::State::copy_uns() {
    const Handle target = output.dict(output.root(), "uns");
    const bool old = layout.generation == "anndata before 0.7";
    for (const auto& key : layout.uns_keys) {
        if (uns.contains(key)) {
            continue;
        }
        copier.copy("uns/" + key, target.get(), key);
        if (old && key == "neighbors") {
            const Handle neighbors = output.group(target.get(), key, "", "");
            for (const auto& pair : layout.obsp) { // they have moved to obsp
                output.remove(neighbors.get(), pair.info.key);
            }
        }
    }
    for (const auto& [key, value] : uns) {
        write_json(output, target.get(), key, value);
    }
}

void H5adCopy::State::copy_the_rest() {
    if (layout.generation == "10x Genomics") {
        return; // its one group has become X, obs and var
    }
    for (const auto& name : member_names(*file, open_object(*file, ""))) {
        if (known_members().contains(name)) {
            continue;
        }
        try {
            copier.copy(name, output.root(), name);
        } catch (const Error& error) {
            if (error.class_name() != "ExternalLinkRefused" && error.class_name() != "BadLink" &&
                error.class_name() != "MissingMember") {
                throw;
            }
            job.warn("'" + name + "' was not copied: " + error.message());
        }
    }
}

} // namespace ember

#include "core/data/column_writer.hpp"
#include "core/data/h5ad_writer.hpp"

namespace ember {

namespace {

void write_table(h5::Output& output, const std::string& name, const std::vector<std::string>& row_names,
                 const std::vector<Column>& columns) {
    const auto table = h5::begin_table(output, output.root(), name, "_index", row_names);
    std::vector<std::string> names;
    for (const auto& column : columns) {
        if (column.size() != row_names.size()) {
            throw UsageError("The column '" + column.name + "' does not have one value per row");
        }
        h5::write_column(output, table.get(), column);
        names.push_back(column.name);
    }
    h5::finish_table(output, table.get(), names);
}

} // namespace

void write_h5ad(const NewAnnData& data, const std::filesystem::path& target) {
    h5::Output output(target);
    const auto floats = h5::type_of("float32");
    const std::uint64_t cells = data.obs_names.size(), genes = data.var_names.size();
    output.set_encoding(output.root(), "anndata", "0.1.0");
    write_table(output, "obs", data.obs_names, data.obs);
    write_table(output, "var", data.var_names, data.var);
    if (!data.x.empty()) {
        if (data.x.size() != cells * genes) {
            throw UsageError("X is not cells × genes");
        }
        output.write_array(output.root(), "X", floats.get(), {cells, genes}, data.x.data());
    }
    const auto obsm = output.dict(output.root(), "obsm");
    for (const auto& [key, values] : data.obsm) {
        const std::uint64_t cols = cells == 0 ? 0 : values.size() / cells;
        if (cols * cells != values.size()) {
            throw UsageError("'" + key + "' does not have one row per cell");
        }
        output.write_array(obsm.get(), key, floats.get(), {cells, cols}, values.data());
    }
    for (const char* name : {"layers", "varm", "obsp", "varp"}) {
        output.dict(output.root(), name);
    }
    h5::write_json(output, output.root(), "uns", data.uns);
    output.finish();
}

} // namespace ember

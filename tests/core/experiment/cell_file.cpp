#include "tests/core/experiment/cell_file.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <set>

namespace ember::test {

namespace {

void write_labels(const FileBuilder& builder, const std::string& name,
                  const std::vector<std::string>& labels) {
    const std::set<std::string> sorted(labels.begin(), labels.end());
    const std::vector<std::string> categories(sorted.begin(), sorted.end());
    std::vector<double> codes;
    for (const std::string& label : labels) {
        codes.push_back(static_cast<double>(std::distance(sorted.begin(), sorted.find(label))));
    }
    Storage bytes;
    bytes.type = H5T_STD_I8LE;
    builder.group("obs/" + name);
    builder.text_attribute("obs/" + name, "encoding-type", "categorical");
    builder.texts("obs/" + name + "/categories", categories);
    builder.numbers("obs/" + name + "/codes", codes, {codes.size()}, bytes);
}

} // namespace

CellTable random_cells(std::size_t cells, std::size_t genes, unsigned seed) {
    std::mt19937 random(seed);
    CellTable table;
    const std::vector<std::string> types = {"A", "B", "C"}, perturbations = {"P", "Q", "ctrl"},
                                   batches = {"b1", "b2"};
    for (std::size_t gene = 0; gene < genes; ++gene) {
        table.genes.push_back("g" + std::to_string(gene));
    }
    for (std::size_t cell = 0; cell < cells; ++cell) {
        table.cell_type.push_back(types[random() % 3]);
        table.perturbation.push_back(perturbations[random() % 3]);
        table.batch.push_back(batches[random() % 2]);
        table.values.push_back(static_cast<float>(cell));
        for (std::size_t gene = 1; gene < genes; ++gene) {
            table.values.push_back(random() % 3 == 0 ? static_cast<float>(random() % 1000) / 200.0F : 0.0F);
        }
    }
    return table;
}

void write_cells(const std::filesystem::path& file, const CellTable& table, const Storage& storage,
                 const std::string& matrix) {
    const FileBuilder builder(file);
    builder.tables(table.cells(), table.genes.size());
    builder.texts("var/gene_name", table.genes);
    write_labels(builder, "type", table.cell_type);
    write_labels(builder, "pert", table.perturbation);
    write_labels(builder, "batch", table.batch);
    builder.group("obsm");
    builder.matrix(matrix, table.values, table.cells(), table.genes.size(), storage);
}

void add_velocity(const std::filesystem::path& file, const std::vector<float>& velocity, std::size_t width,
                  const std::vector<double>& confidence) {
    const FileBuilder builder(file, H5F_ACC_RDWR);
    builder.matrix("obsm/velocity_latent", velocity, confidence.size(), width, {});
    builder.numbers("obs/velocity_confidence", confidence, {confidence.size()}, {});
}

DataSettings settings_for(const std::vector<std::filesystem::path>& files) {
    DataSettings settings;
    settings.files = files;
    settings.embed_key = "X_hvg";
    settings.pert_col = "pert";
    settings.cell_type_key = "type";
    settings.batch_col = "batch";
    settings.control_pert = "ctrl";
    return settings;
}

LoopSettings sets_per_batch(std::int64_t sets) {
    LoopSettings loop;
    loop.batch_sets = sets;
    return loop;
}

} // namespace ember::test

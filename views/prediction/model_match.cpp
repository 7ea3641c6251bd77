#include "views/prediction/model_match.hpp"

#include <algorithm>

namespace ember {

int modelFit(const DatasetDocument& dataset, const SchemaHints& model) {
    const AnnData& data = *dataset.data;
    const auto hasColumn = [&data](const std::string& name) {
        const auto& columns = data.obs_columns();
        return !name.empty() && std::any_of(columns.begin(), columns.end(),
                                            [&](const ColumnInfo& column) { return column.name == name; });
    };
    const auto& obsm = data.obsm();
    const bool hasInput = std::any_of(obsm.begin(), obsm.end(), [&](const MemberInfo& member) {
        return member.key == model.embed_key && (model.input_dim == 0 || member.cols == model.input_dim);
    });
    const bool hasGenes = model.embed_key.empty() && data.n_vars() == model.input_dim;
    // The perturbation column says most: without it the labels mean something else.
    return 8 * hasColumn(model.pert_col) + 4 * (hasInput || hasGenes) + 2 * hasColumn(model.celltype_col) +
           hasColumn(model.batch_col);
}

const ModelDocument* bestModelFor(const DatasetDocument& dataset,
                                  const std::vector<const ModelDocument*>& models) {
    const auto best =
        std::max_element(models.begin(), models.end(), [&](const ModelDocument* a, const ModelDocument* b) {
            return modelFit(dataset, a->hints) < modelFit(dataset, b->hints);
        });
    return best == models.end() ? nullptr : *best;
}

const DatasetDocument* bestDatasetFor(const ModelDocument& model,
                                      const std::vector<const DatasetDocument*>& datasets) {
    const auto best = std::max_element(datasets.begin(), datasets.end(),
                                       [&](const DatasetDocument* a, const DatasetDocument* b) {
                                           return modelFit(*a, model.hints) < modelFit(*b, model.hints);
                                       });
    return best == datasets.end() ? nullptr : *best;
}

} // namespace ember

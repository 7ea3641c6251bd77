#pragma once
// Which obs column is the perturbation, the control, the cell type, the batch and the time point: a guess
// with its reason, which the user can change.

#include <optional>
#include <string>
#include <vector>

#include "core/data/anndata.hpp"

namespace ember {

struct SchemaEntry {
    std::string value;  ///< column name, or label for the control; empty: none found
    std::string reason; ///< one short sentence: "the model was trained with this column"
};

struct Schema {
    SchemaEntry pert_col, control_pert, celltype_col, batch_col, timepoint_col, replicate_col, embed_key;
};

/// What a model expects, when one is chosen; every field may be empty.
struct SchemaHints {
    std::string pert_col, control_pert, celltype_col, batch_col, embed_key;
    std::vector<std::string> perturbations; ///< the model's vocabulary
    std::vector<std::string> celltypes, batches;
    std::vector<std::string> genes; ///< names of the model's input columns, when it eats genes
    std::uint64_t input_dim = 0;
};

Schema guess_schema(const AnnData& data, const SchemaHints& hints = {});

/// A fault of the data that a user should know about before predicting.
struct DataProblem {
    std::string title;  ///< "12 gene names occur twice"
    std::string remedy; ///< "Make them unique before training; predictions are not affected"
    bool serious = false;
};

/// Cheap checks (no full pass): duplicate names, missing embeddings, few controls, genes that the model
/// expects missing or in another order, counts instead of log values on a sample of rows, NaN in that sample.
std::vector<DataProblem> find_problems(const AnnData& data, const SchemaHints& hints = {});

} // namespace ember

#include "views/model/model_terms.hpp"

#include <map>

#include <QCoreApplication>

namespace ember {

QString modelTerm(const std::string& key) {
    static const std::map<std::string, const char*> terms = {
        {"has_optimizer_state", QT_TRANSLATE_NOOP("ember::ModelTerms", "Holds optimizer state")},
        {"dead_parameters", QT_TRANSLATE_NOOP("ember::ModelTerms", "Unused parameters")},
        {"global_step", QT_TRANSLATE_NOOP("ember::ModelTerms", "Training steps")},
        {"epoch", QT_TRANSLATE_NOOP("ember::ModelTerms", "Epochs")},
        {"input_dim", QT_TRANSLATE_NOOP("ember::ModelTerms", "Values read per cell")},
        {"output_dim", QT_TRANSLATE_NOOP("ember::ModelTerms", "Values predicted per cell")},
        {"gene_dim", QT_TRANSLATE_NOOP("ember::ModelTerms", "Genes")},
        {"pert_dim", QT_TRANSLATE_NOOP("ember::ModelTerms", "Perturbation encoding")},
        {"batch_dim", QT_TRANSLATE_NOOP("ember::ModelTerms", "Batches")},
        {"hidden_dim", QT_TRANSLATE_NOOP("ember::ModelTerms", "Hidden width")},
        {"intermediate_dim", QT_TRANSLATE_NOOP("ember::ModelTerms", "Feed-forward width")},
        {"cell_set_len", QT_TRANSLATE_NOOP("ember::ModelTerms", "Cells per set")},
        {"layers", QT_TRANSLATE_NOOP("ember::ModelTerms", "Transformer layers")},
        {"heads", QT_TRANSLATE_NOOP("ember::ModelTerms", "Attention heads")},
        {"kv_heads", QT_TRANSLATE_NOOP("ember::ModelTerms", "Key and value heads")},
        {"head_dim", QT_TRANSLATE_NOOP("ember::ModelTerms", "Width of a head")},
        {"basal_layers", QT_TRANSLATE_NOOP("ember::ModelTerms", "Layers of the cell encoder")},
        {"encoder_layers", QT_TRANSLATE_NOOP("ember::ModelTerms", "Layers of the perturbation encoder")},
        {"decoder_layers", QT_TRANSLATE_NOOP("ember::ModelTerms", "Layers of the output")},
        {"basal_mapping_strategy", QT_TRANSLATE_NOOP("ember::ModelTerms", "Choice of control cells")},
        {"control_pert", QT_TRANSLATE_NOOP("ember::ModelTerms", "Control label")},
        {"embed_key", QT_TRANSLATE_NOOP("ember::ModelTerms", "Values read")},
        {"mask_attn", QT_TRANSLATE_NOOP("ember::ModelTerms", "Masked attention")},
        {"lora", QT_TRANSLATE_NOOP("ember::ModelTerms", "LoRA")},
        {"predict_residual", QT_TRANSLATE_NOOP("ember::ModelTerms", "Adds the control cell to the output")},
    };
    const auto found = terms.find(key);
    return found == terms.end() ? QString() : QCoreApplication::translate("ember::ModelTerms", found->second);
}

} // namespace ember

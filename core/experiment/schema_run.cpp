// Options of the run itself: name, folder, and the network service that is not used here.

#include "core/experiment/option_list.hpp"

namespace ember {

namespace {

void add_service(std::vector<ConfigOption>& options) {
    OptionList top(options, "Monitoring", "", OptionFate::notice);
    top.boolean("use_wandb", false, "Weights & Biases",
                "Accepted and not used: no network service is contacted. Curves are written as metrics.csv "
                "and as TensorBoard files in the run folder.")
        .advanced();
    OptionList wandb(options, "Monitoring", "wandb.", OptionFate::notice);
    wandb
        .text("entity", "your_entity_name", "W&B entity", "Accepted and not used: TensorBoard files instead.")
        .advanced();
    wandb.text("project", "state", "W&B project", "Accepted and not used: TensorBoard files instead.")
        .advanced();
    wandb
        .text("local_wandb_dir", "./wandb_logs", "W&B folder",
              "Accepted and not used: TensorBoard files instead.")
        .advanced();
    wandb
        .list("tags", OptionKind::text, nlohmann::json::array(), "W&B tags",
              "Accepted and not used: TensorBoard files instead.")
        .advanced();
}

} // namespace

void add_run_options(std::vector<ConfigOption>& options) {
    OptionList top(options, "Checkpoints", "");
    top.text("name", "debug", "Name of the run",
             "The run's folder has this name. Give each run its own, so that you can tell them apart.");
    top.path("output_dir", "./debugging", "Folder of runs",
             "The run's folder is made in this folder: its model, curves and settings.");
    top.boolean("overwrite", false, "Replace an earlier run",
                "If a run of this name exists in that folder, delete it first. Nothing brings it back.");
    add_service(options);
    OptionList unused(options, "Monitoring", "", OptionFate::notice);
    unused
        .boolean("return_adatas", false, "Return predictions",
                 "Accepted and not used: `infer` writes predictions.")
        .advanced();
    unused
        .path("pred_adata_path", nullptr, "Predicted cells",
              "Accepted and not used: `infer` writes predictions.")
        .advanced();
    unused
        .path("true_adata_path", nullptr, "Observed cells",
              "Accepted and not used: `infer` writes predictions.")
        .advanced();
}

} // namespace ember

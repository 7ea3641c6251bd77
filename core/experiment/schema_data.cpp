// Options of the data: files, labels, sets and pairing.

#include "core/experiment/option_list.hpp"

namespace ember {

namespace {

void add_files(OptionList& data, OptionList& ours) {
    data.path("toml_config_path", nullptr, "Split file",
              "A TOML file that names the data files and the cells that are held out for validation and "
              "test. `train split` makes one.")
        .also({"toml_config_path", "split_file", "toml"});
    ours.list("files", OptionKind::path, nlohmann::json::array(), "Data files",
              "Files (.h5ad) to train on when there is no split file: all their cells train and none is "
              "held out.")
        .alias("data.files");
    data.text("embed_key", nullptr, "Input of the model",
              "The key of obsm with each cell's numbers, for example X_hvg or X_state. Empty or X: the "
              "matrix X itself.")
        .also({"embed_key"});
    data.choice("output_space", "all", {"gene", "all", "embedding"}, "What is predicted besides the input",
                "gene: the highly variable genes; all: all genes of X; embedding: only the input's own "
                "space.")
        .also({"output_space"});
}

void add_columns(OptionList& data) {
    data.text("pert_col", "gene", "Column of perturbations",
              "The column of obs that says what was done to each cell, for example condition or drug.")
        .also({"pert_col"});
    data.text("control_pert", "DMSO_TF", "Control label",
              "The label of untreated cells in that column, for example Sham or DMSO.")
        .also({"control_pert", "control"});
    data.text("cell_type_key", "cell_type", "Column of cell types",
              "The column of obs with the cell types. Cells are only compared within a type.")
        .also({"cell_type_key", "celltype_col", "cell_type_col"});
    data.text("batch_col", "gem_group", "Column of batches",
              "The column of obs with the batches: plates, lanes or animals.")
        .also({"batch_col"});
}

void add_sets(OptionList& data, OptionList& ours) {
    data.choice("basal_mapping_strategy", "random", {"random", "batch"}, "Pairing with controls",
                "Which control each treated cell starts from: a random one of the same cell type, or of the "
                "same batch and cell type.");
    data.boolean("should_yield_control_cells", true, "Controls are targets too",
                 "The model also learns to turn controls into controls.");
    ours.integer("min_cells", 1, "Fewest cells of a group",
                 "Training does not start when a cell type and perturbation has fewer cells; they are named.")
        .unit("cells")
        .from(1);
    data.path("perturbation_features_file", nullptr, "Features of perturbations",
              "A .pt file with a vector per perturbation, used in place of its name: similar drugs then "
              "start alike.")
        .advanced();
    data.real("downsample", nullptr, "Share of counts kept",
              "Thins each cell's counts to this share, to imitate shallower sequencing.")
        .within(0, 1)
        .advanced();
    data.integer("downsample_cells", nullptr, "Most cells of a group",
                 "Groups with more cells are cut to this number.")
        .unit("cells")
        .from(1)
        .advanced();
    data.real("val_subsample_fraction", 1.0, "Share of validation cells",
              "Validate on this share of the held-out cells; less is faster.")
        .within(0, 1)
        .advanced();
    ours.boolean("reshuffle", false, "New sets in each epoch",
                 "Divide the cells into other sets in each pass over the data. arc-state divides them once.")
        .advanced();
}

void add_reading(OptionList& ours) {
    ours.integer("memory_bytes", 0, "Memory for cells",
                 "Cells kept in memory while training; the others are read as they are needed. 0: a quarter "
                 "of this computer's memory.")
        .unit("bytes")
        .from(0)
        .advanced();
    ours.choice(
            "shuffle", "auto", {"auto", "full", "windows"}, "Mixing of cells larger than memory",
            "Full: over the whole file; compressed files are copied once for fast reading. Windows: within "
            "parts of the file, without a copy. Auto: fully, unless the copy would be too large.")
        .advanced();
    ours.integer("row_cache_bytes", 0, "Room for copies of cells",
                 "Most disk space that copies for fast reading may take. 0: 64 GiB.")
        .unit("bytes")
        .from(0)
        .advanced();
    ours.integer("prefetch", 2, "Batches read ahead", "Batches prepared while the model computes.")
        .unit("batches")
        .within(0, 64)
        .advanced();
}

void add_unused(std::vector<ConfigOption>& options) {
    OptionList data(options, "Data", "data.kwargs.", OptionFate::notice);
    const auto unused = [&](const char* leaf, OptionKind kind, nlohmann::json fallback, const char* title,
                            const char* help) {
        return data.add(leaf, kind, std::move(fallback), title, help).advanced();
    };
    unused("num_workers", OptionKind::integer, 12, "Loader processes",
           "Accepted and not used: one thread reads ahead (data.kwargs.prefetch).");
    unused("n_basal_samples", OptionKind::integer, 1, "Controls per cell",
           "Accepted and not used: each cell is paired with one control.");
    unused("map_controls", OptionKind::boolean, true, "Pair controls with controls",
           "Accepted and not used, as in arc-state: controls are always paired with a random control.");
    unused("additional_obs", OptionKind::list, nlohmann::json::array(), "More columns",
           "Accepted and not used: the model does not see other columns.");
    unused("barcode", OptionKind::boolean, true, "Keep cell names",
           "Accepted and not used: cells are known by their position.");
    unused("use_consecutive_loading", OptionKind::boolean, false, "Read in file order",
           "Accepted and not used: reading follows the file's order wherever the sets allow it.");
    unused("store_raw_basal", OptionKind::boolean, false, "Keep raw controls", "Accepted and not used.");
    unused("pert_rep", OptionKind::text, "onehot", "Form of perturbations",
           "Accepted and not used, as in arc-state: give a file of features instead.");
    unused("basal_rep", OptionKind::text, "sample", "Form of controls",
           "Accepted and not used, as in arc-state.");
    unused("int_counts", OptionKind::boolean, false, "Whole counts",
           "Accepted and not used, as in arc-state.");
    unused("pin_memory", OptionKind::boolean, true, "Pinned memory",
           "Accepted and not used, as in arc-state.");
}

void add_outer(std::vector<ConfigOption>& options) {
    OptionList outer(options, "Data", "data.", OptionFate::notice);
    outer
        .choice("name", "PerturbationDataModule", {"PerturbationDataModule"}, "Kind of data",
                "There is one: cells with perturbations.")
        .advanced();
    outer.path("output_dir", nullptr, "Folder of data", "Accepted and not used, as in arc-state.").advanced();
    outer.boolean("debug", true, "Debug", "Accepted and not used, as in arc-state.").advanced();
}

} // namespace

void add_data_options(std::vector<ConfigOption>& options) {
    add_outer(options);
    OptionList data(options, "Data", "data.kwargs.");
    OptionList ours(options, "Data", "data.kwargs.", OptionFate::ours);
    add_files(data, ours);
    add_columns(data);
    add_sets(data, ours);
    add_reading(ours);
    add_unused(options);
}

} // namespace ember

#include "core/analysis/schema_guess.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <functional>

#include "core/base/error.hpp"
#include "core/base/nearest_names.hpp"

namespace ember {

namespace {

using Names = std::vector<std::string>;

/// Lower case without punctuation, so that "cell_type", "cellType" and "Cell.Type" are one name.
std::string plain(const std::string& name) {
    std::string kept;
    for (const char c : name) {
        if (std::isalnum(static_cast<unsigned char>(c))) {
            kept += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        }
    }
    return kept;
}

bool contains(const Names& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

Names column_names(const AnnData& data) {
    Names names;
    for (const ColumnInfo& column : data.obs_columns()) {
        names.push_back(column.name);
    }
    return names;
}

/// The levels of a column; none when it is not a column of groups or cannot be read.
Names levels_of(const AnnData& data, const std::string& column) {
    try {
        return as_groups(*data.obs(column)).categories;
    } catch (const Error&) {
        return {};
    }
}

/// A column whose labels the model knows; the one with most known labels, two at least.
std::string column_with_labels(const AnnData& data, const Names& columns, const Names& known) {
    std::string best;
    std::size_t most = 1;
    for (const std::string& column : columns) {
        std::size_t shared = 0;
        for (const std::string& level : levels_of(data, column)) {
            shared += contains(known, level);
        }
        if (shared > most) {
            most = shared;
            best = column;
        }
    }
    return best;
}

/// The first column that bears one of the usual names, in the order of those names.
std::string column_with_name(const Names& columns, std::span<const char* const> usual) {
    for (const char* name : usual) {
        for (const std::string& column : columns) {
            if (plain(column) == name) {
                return column;
            }
        }
    }
    return {};
}

/// From the model's column name, then its labels, then usual names.
SchemaEntry guess_column(const AnnData& data, const std::string& trained_with, const Names& known,
                         std::span<const char* const> usual) {
    const Names columns = column_names(data);
    if (!trained_with.empty() && contains(columns, trained_with)) {
        return {trained_with, "The model was trained with this column"};
    }
    if (std::string column = column_with_labels(data, columns, known); !column.empty()) {
        return {column, "Its labels are among those that the model knows"};
    }
    if (std::string column = column_with_name(columns, usual); !column.empty()) {
        return {column, "Columns of this name usually hold it"};
    }
    if (!trained_with.empty()) {
        return {"", "The model was trained with '" + trained_with + "', which this file does not have"};
    }
    return {"", "No column of a usual name was found"};
}

constexpr std::array perturbation_names = {
    "perturbation", "pert", "gene",     "targetgene", "condition", "treatment", "drugnamedrugconc",
    "drugdose",     "drug", "compound", "guide",      "sgrna",     "stim",      "stimulation"};
constexpr std::array celltype_names = {"celltype",   "cellline",   "ctype",   "celltypes", "celltypemajor",
                                       "bulklabels", "annotation", "cluster", "louvain",   "leiden"};
constexpr std::array batch_names = {"batch",  "batchvar", "gemgroup", "plate",
                                    "sample", "library",  "lane",     "donor"};
constexpr std::array timepoint_names = {"timepoint", "time", "day", "days", "hour", "hours", "age", "stage"};
constexpr std::array replicate_names = {"replicate", "mouse",      "animal", "donor", "subject",
                                        "patient",   "individual", "sample", "slide"};
constexpr std::array control_words = {"nontargeting", "control", "ctrl",      "ctl",  "sham",
                                      "vehicle",      "dmso",    "untreated", "mock", "unstimulated",
                                      "wildtype",     "wt",      "pbs",       "none"};

SchemaEntry guess_control(const AnnData& data, const std::string& column, const SchemaHints& hints) {
    if (column.empty()) {
        return {"", "The perturbation column comes first"};
    }
    const Names levels = levels_of(data, column);
    if (!hints.control_pert.empty() && contains(levels, hints.control_pert)) {
        return {hints.control_pert, "The model was trained with this control"};
    }
    for (const char* word : control_words) {
        for (const std::string& level : levels) {
            if (plain(level) == word) {
                return {level, "Labels of this name usually mean the control"};
            }
        }
    }
    for (const std::string& level : levels) {
        if (plain(level).find("dmso") != std::string::npos ||
            plain(level).find("nontarget") != std::string::npos) {
            return {level, "Its name speaks of a control"};
        }
    }
    if (!hints.control_pert.empty()) {
        return {"", "The model's control '" + hints.control_pert + "' is not a label of '" + column + "'"};
    }
    return {"", "No label of '" + column + "' has a usual name of a control"};
}

/// Width of an input by its key; 0 when there is none.
std::uint64_t width_of(const AnnData& data, const std::string& key) {
    if (key == "X") {
        return data.has_x() ? data.n_vars() : 0;
    }
    for (const MemberInfo& member : data.obsm()) {
        if (member.key == key && !member.data_frame) {
            return member.cols;
        }
    }
    return 0;
}

SchemaEntry guess_input(const AnnData& data, const SchemaHints& hints) {
    if (!hints.embed_key.empty() && width_of(data, hints.embed_key) != 0) {
        return {hints.embed_key, "The model was trained with this input"};
    }
    if (hints.input_dim != 0) {
        for (const MemberInfo& member : data.obsm()) {
            if (width_of(data, member.key) == hints.input_dim) {
                return {member.key, "Its width is the model's, " + std::to_string(hints.input_dim)};
            }
        }
        if (width_of(data, "X") == hints.input_dim) {
            return {"X", "X has as many genes as the model expects, " + std::to_string(hints.input_dim)};
        }
        return {"", "No matrix of this file has the model's width, " + std::to_string(hints.input_dim)};
    }
    if (width_of(data, "X_hvg") != 0) {
        return {"X_hvg", "Models are usually trained with this input"};
    }
    return data.has_x() ? SchemaEntry{"X", "The file has no obsm/X_hvg"}
                        : SchemaEntry{"", "The file has neither X nor obsm/X_hvg"};
}

} // namespace

Schema guess_schema(const AnnData& data, const SchemaHints& hints) {
    Schema schema;
    schema.pert_col = guess_column(data, hints.pert_col, hints.perturbations, perturbation_names);
    schema.control_pert = guess_control(data, schema.pert_col.value, hints);
    schema.celltype_col = guess_column(data, hints.celltype_col, hints.celltypes, celltype_names);
    schema.batch_col = guess_column(data, hints.batch_col, hints.batches, batch_names);
    schema.timepoint_col = guess_column(data, {}, {}, timepoint_names);
    schema.replicate_col = guess_column(data, {}, {}, replicate_names);
    schema.embed_key = guess_input(data, hints);
    return schema;
}

} // namespace ember

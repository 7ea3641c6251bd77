#pragma once
// Does a model fit a data set? Which perturbations, batches and genes of the data it knows, why it does not
// know the others, and what its predictions lose by that.

#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/base/job.hpp"
#include "core/data/anndata.hpp"
#include "core/genes/gene_names.hpp"
#include "core/run/held_out.hpp"
#include "core/run/run_directory.hpp"

namespace ember {

/// What a model was trained with.
struct ModelKnowledge {
    std::string name, path;
    std::vector<std::string> perturbations, cell_types, batches; ///< labels of its maps
    std::string control, pert_col, celltype_col, batch_col;
    std::string input;              ///< matrix that it reads: "X", "X_hvg", "X_state"
    bool reads_genes = true;        ///< the columns of its input are genes
    std::uint64_t width = 0;        ///< columns of its input
    std::vector<std::string> genes; ///< [width] or empty: unknown
    bool uses_batches = false;      ///< has a batch encoder
    std::vector<HeldOut> held_out;
    std::string held_out_file;
};

struct FitLabel {
    std::string label;
    std::uint64_t cells = 0;
};

/// Cells with a label of the perturbation and one of the cell type.
struct FitCrossing {
    std::string perturbation, cell_type;
    std::uint64_t cells = 0;
};

/// What a data set has for a prediction.
struct FitData {
    std::string name, path;
    std::uint64_t cells = 0;
    std::string pert_col, control, celltype_col, batch_col; ///< empty: none found
    std::string pert_reason, control_reason;                ///< why, or why none was found
    std::vector<FitLabel> perturbations, cell_types, batches;
    std::vector<FitCrossing> crossed;
    std::string input;       ///< matrix read; empty: none that fits
    std::uint64_t width = 0; ///< its columns
    std::vector<std::vector<std::string>>
        column_names;               ///< lists of names for them, see matrix_column_names()
    std::vector<double> expression; ///< [width] sums over all cells, when asked; else empty
};

enum class FitSeverity { fine, note, warning, serious };

/// "fine", "note", "warning", "serious".
const char* to_string(FitSeverity severity) noexcept;

struct FitFinding {
    FitSeverity severity = FitSeverity::note;
    std::string topic; ///< "perturbations", "genes", "cell types", "batches"
    std::string title, explanation, remedy;
    std::uint64_t cells = 0;          ///< affected; 0: does not apply
    std::vector<std::string> nearest; ///< names that the model knows
};

/// "Nearest known: Sham, Burn", or empty where there is none or the sentences name it already.
std::string nearest_text(const FitFinding& finding);

enum class Acquaintance { control, known, other_spelling, other_dose, unknown };

/// "control", "known", "spelled otherwise", "known at other doses", "unknown".
const char* to_string(Acquaintance acquaintance) noexcept;

struct PerturbationFit {
    std::string label;
    std::uint64_t cells = 0;
    Acquaintance acquaintance = Acquaintance::unknown;
    std::vector<std::string> nearest; ///< the other spelling, the other doses, or names alike
};

/// How Predict brings the data's columns to the model's genes.
enum class GeneTreatment {
    same,        ///< same names in the same order
    reordered,   ///< all found by name, brought into the model's order
    by_position, ///< some are missing, the width is the model's: columns are read as they stand
    refused,     ///< some are missing and the width differs
    unnamed,     ///< model or data do not name them, the width is the model's
    not_genes    ///< the model reads an embedding
};

/// "same order", "brought into order by name", "read by position", "refused", "names unknown", "not genes".
const char* to_string(GeneTreatment treatment) noexcept;

struct GeneFit {
    GeneTreatment treatment = GeneTreatment::unnamed;
    std::uint64_t model = 0, data = 0;    ///< the model's genes, the data's columns
    std::uint64_t found = 0, missing = 0; ///< of the model's
    std::uint64_t extra = 0;              ///< names of the data that the model does not read
    std::uint64_t repeated = 0;           ///< columns of the data whose name stands before
    std::uint64_t misread =
        0; ///< by position: columns that stand for another gene than the model takes them for
    GeneNaming model_naming, data_naming;
    std::uint64_t found_after_mapping = 0;               ///< of the missing, when the naming differs
    std::vector<std::string> missing_names, extra_names; ///< the first ten
    /// Shares of the data's total expression; NaN unless it was summed.
    double expression_extra = std::numeric_limits<double>::quiet_NaN();
    double expression_misread = std::numeric_limits<double>::quiet_NaN();
};

struct FitReport {
    std::string model, model_path, data, data_path;
    std::string pert_col, control, celltype_col, input;
    std::vector<PerturbationFit> perturbations;
    GeneFit genes;
    std::vector<FitFinding> findings; ///< the most severe first
    FitSeverity worst = FitSeverity::fine;
    std::string verdict; ///< one sentence
};

/// Throws the run directory's and the checkpoint's errors.
ModelKnowledge knowledge_of(const std::filesystem::path& run_directory);

/// Columns may be empty: then as the model was trained, else guessed.
struct FitRequest {
    std::filesystem::path model_dir, adata;
    std::string pert_col, control_pert, celltype_col, batch_col, embed_key;
    bool sum_expression = false; ///< reads the whole matrix
};

/// Throws MissingMember for a column that was asked for and is absent, NotGroups, the reader's errors,
/// Cancelled.
FitData facts_of(const AnnData& data, const ModelKnowledge& model, const FitRequest& request,
                 JobContext& job);

FitReport diagnose_fit(const ModelKnowledge& model, const FitData& data);

/// Opens both, and diagnoses. Throws as knowledge_of and facts_of.
FitReport examine_fit(const FitRequest& request, JobContext& job);

nlohmann::json fit_json(const FitReport& report);
/// The verdict and all findings as plain lines.
std::string fit_text(const FitReport& report);

} // namespace ember

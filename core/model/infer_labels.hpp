#pragma once
// Which columns of obs a prediction goes by, and their labels as text.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/infer.hpp"
#include "core/data/anndata.hpp"
#include "core/run/run_directory.hpp"
#include "core/run/st_config.hpp"

namespace ember {

/// One label per cell of the file. A missing value has the label "nan", as pandas writes it.
struct CellLabels {
    std::string column;             ///< empty: no such column, every code is 0
    std::vector<std::string> names; ///< distinct labels; some may have no cell
    std::vector<std::uint32_t> codes;

    std::optional<std::uint32_t> find(const std::string& name) const;
};

/// Throws MissingMember with the nearest column names.
CellLabels read_labels(const AnnData& data, const std::string& column);

/// The columns of obs: as requested, else of the run's configuration, else by arc-state's defaults.
std::string pert_column(const InferRequest& request, const RunDirectory& run);
std::string celltype_column(const InferRequest& request, const RunDirectory& run, const AnnData& data);

/// The batch of each cell of the file as a row of the model's batch encoder.
struct BatchIndices {
    std::string column;              ///< empty: there is none
    std::vector<std::int32_t> index; ///< empty: the batch term is left out
};

/// Empty when the model has no batch encoder, or (with a warning) when nobody asked for a column that the
/// data lack. A batch that the model does not know is its first, with one warning per batch.
BatchIndices read_batches(const InferRequest& request, const RunDirectory& run, const StConfig& config,
                          const AnnData& data, std::vector<std::string>& warnings);

/// How control cells are labelled in the data, and which label encodes them for the model.
struct ControlLabel {
    std::string in_data, in_model;
};

/// The two differ only when the model does not know the data's control but has one of its own. Throws
/// UnknownControl with the nearest names when the data has no such cells or the model no control at all.
ControlLabel find_control(const InferRequest& request, const RunDirectory& run, const StConfig& config,
                          const CellLabels& perts, const std::string& data_file);

} // namespace ember

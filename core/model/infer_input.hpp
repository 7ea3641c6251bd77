#pragma once
// The matrix that a model reads, with its columns in the order that the model was trained on.

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/infer.hpp"
#include "core/base/job.hpp"
#include "core/data/anndata.hpp"
#include "core/genes/gene_columns.hpp"
#include "core/run/run_directory.hpp"
#include "core/run/st_config.hpp"

namespace ember {

struct ModelInput {
    MatrixPtr matrix;
    std::string embed_key;              ///< key in obsm; empty: X
    std::vector<std::uint32_t> columns; ///< of the matrix, in the model's order; empty: as they stand
    std::string gene_order;             ///< how names were compared, one sentence
    std::vector<std::string> genes;     ///< the model's genes, when known

    /// The columns are a mere reordering of the matrix.
    bool permuted() const noexcept { return !columns.empty() && columns.size() == matrix->cols(); }
};

/// Opens the input and settles its columns. Throws MissingMember and WrongWidth; warns where names contradict
/// the model's.
ModelInput open_input(const InferRequest& request, const AnnData& data, const RunDirectory& run,
                      const StConfig& config, std::vector<std::string>& warnings);

/// The control cells that a plan draws, each once.
struct ControlPool {
    std::vector<std::uint64_t> rows; ///< of the file, ascending
    std::vector<float> values;       ///< [rows × input_dim], the model's columns

    const float* find(std::uint64_t row, std::int64_t width) const;
    /// Cells with a value that is NaN or infinite.
    std::uint64_t cells_with_nonfinite(std::int64_t width) const;
};

ControlPool gather_controls(const ModelInput& input, const std::vector<std::uint64_t>& drawn,
                            std::int64_t width, JobContext& job);

} // namespace ember

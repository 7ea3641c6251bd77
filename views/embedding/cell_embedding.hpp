#pragma once
// The two steps behind a pane's points: coordinates from a file, or a UMAP that shows itself while it runs.

#include <functional>
#include <string>
#include <vector>

#include "core/data/anndata.hpp"

namespace ember {

/// The first two columns of a member of obsm, [cells × 2]. Of a single column, the second coordinate is NaN.
/// A cell with a non-finite coordinate is NaN in both.
std::vector<float> embedding_from_file(const AnnData& data, const std::string& key, JobContext& job);

struct EmbeddingStep {
    const std::vector<float>& xy; ///< [cells × 2]
    int epoch = 0, epochs = 0;
};

/// PCA to at most 50 components, then UMAP with its usual options. Calls `show` with the first layout and
/// after steps of some tens of milliseconds. Cells with non-finite values are NaN.
std::vector<float> live_umap(const AnnData& data, const MatrixSource& source,
                             const std::function<void(const EmbeddingStep&)>& show, JobContext& job);

/// The same of any matrix.
std::vector<float> live_umap(const Matrix& matrix, const std::function<void(const EmbeddingStep&)>& show,
                             JobContext& job);

/// A UMAP of the rows of `first`, which show themselves as above (those of `others` are NaN until the end);
/// the rows of `others` are then placed among them: [rows of first and of all others × 2]. Throws
/// ShapeMismatch when the matrices differ in columns.
std::vector<float> umap_onto(const Matrix& first, const std::vector<MatrixPtr>& others,
                             const std::function<void(const EmbeddingStep&)>& show, JobContext& job);

/// Cells with a non-finite coordinate, in [cells × 2]; where no cell has a second one, only the first counts.
std::uint64_t count_left_out(const std::vector<float>& xy);

} // namespace ember

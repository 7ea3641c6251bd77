#pragma once
// Embeddings of the cells of a file, written to a copy of it. The window and the command line call these.

#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/base/job.hpp"
#include "core/data/anndata.hpp"
#include "core/embedding/pca.hpp"
#include "core/embedding/umap.hpp"

namespace ember {

/// What both have in common.
struct EmbedRequest {
    std::filesystem::path adata;
    std::string
        use_rep;     ///< "X", "layers/KEY", "raw/X", "obsm/KEY" or a key of obsm; "": see embedding_source()
    std::string key; ///< of obsm, for the result; "": X_pca or X_umap
    std::filesystem::path output; ///< a copy of the file with the result; "": none
};

struct EmbedPcaRequest : EmbedRequest {
    PcaOptions options;
};

struct EmbedUmapRequest : EmbedRequest {
    UmapOptions options;
};

/// Of either.
struct EmbedResult {
    std::uint64_t cells = 0, columns = 0; ///< of the matrix that was embedded
    std::string use_rep, written_to;      ///< members: "X", "obsm/X_pca"; written_to "" without output
    std::vector<std::string> warnings;
    double seconds = 0; ///< without reading and writing the copy
};

struct EmbedPcaResult : EmbedResult {
    PcaResult pca;
};

struct EmbedUmapResult : EmbedResult {
    std::vector<float> embedding;        ///< [cells × 2], NaN for those left out
    std::vector<std::uint64_t> left_out; ///< rows with NaN or infinite values
    UmapOptions options;                 ///< with the neighbours and epochs in use
    bool exact_neighbors = true;
};

/// The member that `use_rep` names. Without one UMAP takes obsm/X_pca where it is, and else, as PCA, X.
/// Throws MissingMember with the nearest names.
MatrixSource embedding_source(const AnnData& data, const std::string& use_rep, bool prefers_pca);

/// Writes obsm/<key> and, under uns/emberview/embed/<key>, where it comes from; PCA writes uns/pca as scanpy
/// does when the key is X_pca. Throws what pca() and Umap throw, UsageError for an output that is the input
/// or no .h5ad.
EmbedPcaResult embed_pca(const EmbedPcaRequest& request, JobContext& job);
EmbedUmapResult embed_umap(const EmbedUmapRequest& request, JobContext& job);

} // namespace ember

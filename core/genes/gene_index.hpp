#pragma once
// Any gene over all cells at once: a gene-major copy of a matrix, made once and kept in the user's cache.

#include <filesystem>
#include <memory>
#include <vector>

#include "core/data/anndata.hpp"

namespace ember {

/// Thread-safe. Values are read from the file as they are asked for, so that an index costs no memory.
class GeneIndex {
public:
    virtual ~GeneIndex() = default;
    virtual std::uint64_t cells() const = 0;
    virtual std::uint64_t genes() const = 0;
    /// Values of one gene [cells], equal to what read_gene() gives. Throws Error `Corrupt` when the file has
    /// been damaged since it was opened; see gene_values().
    virtual std::vector<float> gene(std::uint64_t column) const = 0;
};

using GeneIndexPtr = std::shared_ptr<const GeneIndex>;

/// Where indices are kept: $XDG_CACHE_HOME/emberview/gene-index, else ~/.cache/emberview/gene-index.
std::filesystem::path gene_index_folder();

/// Whether one pass over this matrix takes so long that an index pays: not for matrices stored by columns,
/// nor for small ones.
bool wants_gene_index(const Matrix& matrix);

/// The index of this matrix of this file from the cache, or null when it has not been made, is damaged or was
/// made by another version (it is then removed). Which file it is says its size, its time of change and the
/// SHA-256 of its first and last and 16 further pieces of 64 KiB: a file changed in place, between those
/// pieces, with its time of change set back, is taken for the old one.
GeneIndexPtr find_gene_index(const AnnData& data, const MatrixSource& source, JobContext& job);

/// Makes it, in one pass with some 256 MiB of memory, or opens the one that is there. Builders of the same
/// index wait for each other, also in other processes. The folder is kept below 8 GiB: what was not used for
/// longest goes first. Throws CannotWrite, NoSpace, FileChanged, Cancelled and the reader's errors; nothing
/// is left behind then.
GeneIndexPtr make_gene_index(const AnnData& data, const MatrixSource& source, JobContext& job);

/// Without an index: the column itself where the file stores columns, else one pass over the matrix, with
/// progress. Throws MissingMember and the reader's errors.
std::vector<float> read_gene(const AnnData& data, const MatrixSource& source, std::uint64_t column,
                             JobContext& job);

/// From the index where there is one, else by read_gene(); a damaged index is removed.
std::vector<float> gene_values(const AnnData& data, const MatrixSource& source, std::uint64_t column,
                               JobContext& job);

} // namespace ember

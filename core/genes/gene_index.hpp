#pragma once
// Any gene over all cells at once: a gene-major copy of a matrix, made once and kept in the user's cache.

#include <filesystem>
#include <memory>
#include <vector>

#include "core/data/anndata.hpp"

namespace ember {

/// Thread-safe, memory-mapped.
class GeneIndex {
public:
    virtual ~GeneIndex() = default;
    virtual std::uint64_t cells() const = 0;
    virtual std::uint64_t genes() const = 0;
    /// Values of one gene [cells].
    virtual std::vector<float> gene(std::uint64_t column) const = 0;
};

/// The index of this matrix of this file from the cache (key: the file's hash and the member), or null when
/// it has not been made.
std::shared_ptr<const GeneIndex> find_gene_index(const AnnData& data, const MatrixSource& source,
                                                 JobContext& job);

/// Makes it, in one pass of bounded memory, or opens the one that is there. Throws CannotWrite, NoSpace,
/// Cancelled and the reader's errors.
std::shared_ptr<const GeneIndex> make_gene_index(const AnnData& data, const MatrixSource& source,
                                                 JobContext& job);

/// Without an index: one pass over the matrix, with progress.
std::vector<float> read_gene(const AnnData& data, const MatrixSource& source, std::uint64_t column,
                             JobContext& job);

} // namespace ember

#pragma once
// Rows of a matrix turned into genes, as much as fits into the memory that an index may use.

#include <cstdint>
#include <vector>

#include "core/base/job.hpp"
#include "core/data/matrix.hpp"

namespace ember::gene_index {

/// Collects consecutive rows until it is full, then gives them gene by gene. An entry takes 14 bytes while it
/// is turned: 224 MiB in all. Used again after clear(), so that memory is taken once.
class GeneSegment {
public:
    static constexpr std::uint64_t most_entries = 16 << 20;

    explicit GeneSegment(std::uint64_t genes, std::uint64_t most = most_entries);

    /// Takes rows of the block from `row` on, at least one when it is empty; the row after the last one
    /// taken.
    std::uint64_t append(const RowBlock<float>& block, std::uint64_t row);
    bool empty() const noexcept { return starts_.size() == 1; }
    std::uint64_t first_cell() const noexcept { return first_cell_; }
    std::uint64_t cells() const noexcept { return starts_.size() - 1; }

    /// Sorts what was collected by gene; cells of a gene keep their order.
    void turn(JobContext& job);
    /// After turn(): the payload of one gene and its count (see gene_index_format.hpp), appended to `out`.
    std::uint32_t encode(std::uint64_t gene, std::vector<std::byte>& out) const;
    void clear();

private:
    void append_sparse(const RowBlock<float>& block, std::uint64_t row);
    void append_dense(const RowBlock<float>& block, std::uint64_t row);

    std::uint64_t genes_, most_, first_cell_ = 0;
    std::vector<std::uint64_t> starts_{0};  ///< [cells + 1]
    std::vector<std::uint32_t> columns_;    ///< [entries] by cell
    std::vector<float> values_;             ///< [entries] by cell
    std::vector<std::uint64_t> gene_start_; ///< [genes + 1]
    std::vector<std::uint16_t> cell_of_;    ///< [entries] by gene
    std::vector<float> value_of_;           ///< [entries] by gene
};

} // namespace ember::gene_index

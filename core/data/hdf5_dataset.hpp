#pragma once
// A dataset opened for reading in rows of its first axis, as raw stored values.

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/data/chunk_filters.hpp"
#include "core/data/element_type.hpp"
#include "core/data/hdf5_object.hpp"

namespace ember::h5 {

/// Thread-safe. Chunks are read under the HDF5 lock and decoded outside it, on all cores; contiguous values
/// bypass libhdf5. Call without holding the lock.
class Dataset {
public:
    /// Opens the dataset and learns its form; reads no values. Throws MissingMember, UnsupportedType (when
    /// it is a group), ExternalLinkRefused (external or virtual storage) or Corrupt.
    Dataset(FilePtr file, const std::string& key);
    Dataset(FilePtr file, Object object);

    const File& file() const noexcept { return *file_; }
    const FilePtr& file_pointer() const noexcept { return file_; }
    const std::string& key() const noexcept { return object_.key; }
    const Object& object() const noexcept { return object_; }
    hid_t id() const noexcept { return object_.handle.get(); }
    hid_t type_id() const noexcept { return type_handle_.get(); }

    const ElementType& type() const noexcept { return type_; }
    const std::vector<std::uint64_t>& shape() const noexcept { return shape_; } ///< empty: a scalar or null
    bool null() const noexcept { return null_; }
    std::uint64_t rows() const noexcept { return shape_.empty() ? (null_ ? 0 : 1) : shape_[0]; }
    std::uint64_t row_elements() const noexcept { return row_elements_; }
    std::uint64_t row_bytes() const noexcept { return row_elements_ * element_bytes_; }
    std::uint64_t elements() const noexcept { return rows() * row_elements_; }
    std::uint64_t storage_bytes() const noexcept { return storage_bytes_; }
    const ChunkFilters& filters() const noexcept { return filters_; }
    bool chunked() const noexcept { return layout_ == H5D_CHUNKED; }
    bool row_contiguous() const noexcept { return layout_ == H5D_CONTIGUOUS && offset_ != HADDR_UNDEF; }
    std::uint64_t chunk_rows() const noexcept { return chunk_.empty() ? 0 : chunk_[0]; }
    std::uint64_t chunk_bytes() const noexcept { return chunk_bytes_; }

    /// Whether read_rows() can be used: no variable text among the values, which libhdf5 would follow.
    bool raw() const noexcept { return raw_; }

    /// Whether the storage can hold the declared values, given what compression can reach at best; false for
    /// a declared bomb. Unwritten (all-default) datasets count as implausible.
    bool plausible() const noexcept;

    /// Stored values of rows [first, first + count) into `out`, of count · row_bytes() bytes. Throws
    /// Corrupt, Truncated or UnsupportedFilter.
    void read_rows(std::uint64_t first, std::uint64_t count, std::span<std::byte> out) const;

    /// References of variable text in the file, 16 bytes each, as read_rows(); see GlobalHeap. False when
    /// only libhdf5 can read this layout.
    bool read_text_references(std::uint64_t first, std::uint64_t count, std::span<std::byte> out) const;

    Error error(const std::string& class_name, std::string message) const {
        return file_->error(class_name, object_.key, std::move(message));
    }

private:
    struct ChunkJob;
    void learn();
    void learn_space();
    void learn_layout();
    void read_contiguous(std::uint64_t first, std::uint64_t count, std::span<std::byte> out) const;
    void read_chunked(std::uint64_t first, std::uint64_t count, std::span<std::byte> out) const;
    void read_chunk(const ChunkJob& job) const;
    bool whole_chunk_stored(const ChunkJob& job) const;
    bool fetch_chunk(const ChunkJob& job, std::vector<std::byte>& data, std::uint32_t& mask) const;
    void require_possible_chunks(std::span<const hsize_t> start, std::span<const hsize_t> count) const;
    void read_by_library(std::uint64_t first_row, std::uint64_t rows, std::uint64_t first_col,
                         std::uint64_t cols, std::span<std::byte> out) const;

    FilePtr file_;
    Object object_;
    Handle type_handle_, space_;
    ElementType type_;
    std::vector<std::uint64_t> shape_, chunk_;
    std::uint64_t row_elements_ = 1, element_bytes_ = 0, chunk_bytes_ = 0, storage_bytes_ = 0;
    std::uint64_t offset_ = HADDR_UNDEF;
    H5D_layout_t layout_ = H5D_CONTIGUOUS;
    ChunkFilters filters_;
    bool null_ = false, raw_ = true;
};

using DatasetPtr = std::shared_ptr<const Dataset>;

} // namespace ember::h5

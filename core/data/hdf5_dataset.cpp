#include "core/data/hdf5_dataset.hpp"

#include <algorithm>
#include <limits>

namespace ember::h5 {

namespace {

constexpr std::uint64_t reference_bytes = 16; ///< variable text: length, heap address, index
constexpr std::uint64_t large_chunk = 64 << 20;

/// How many times smaller than its values a dataset may be stored. Deflate reaches 1032 : 1 at best, lzf
/// 132 : 1; other filters encode repeats without such a limit, but no honest file comes near it.
std::uint64_t compression_limit(const ChunkFilters& filters) noexcept {
    return filters.empty() ? 1 : 4096;
}

} // namespace

Dataset::Dataset(FilePtr file, const std::string& key) : Dataset(file, open_object(*file, key)) {}

Dataset::Dataset(FilePtr file, Object object) : file_(std::move(file)), object_(std::move(object)) {
    const Lock lock;
    if (object_.kind != ObjectKind::dataset) {
        throw error("UnknownEncoding", "'" + key() + "' is a group where an array is expected");
    }
    learn();
}

void Dataset::learn() {
    type_handle_ = Handle(H5Dget_type(id()));
    space_ = Handle(H5Dget_space(id()));
    if (!type_handle_ || !space_) {
        throw error("Corrupt", "The type or shape of '" + key() + "' is damaged");
    }
    type_ = classify(type_handle_.get());
    raw_ = type_.kind != ElementKind::variable_text && H5Tdetect_class(type_handle_.get(), H5T_VLEN) <= 0 &&
           H5Tdetect_class(type_handle_.get(), H5T_REFERENCE) <= 0 &&
           H5Tis_variable_str(type_handle_.get()) <= 0;
    if (type_.kind == ElementKind::compound) {
        raw_ = false; // text inside may be variable; fields are read by libhdf5 one by one
    }
    element_bytes_ = type_.kind == ElementKind::variable_text ? reference_bytes : type_.size;
    learn_space();
    learn_layout();
}

void Dataset::learn_space() {
    const auto space_class = H5Sget_simple_extent_type(space_.get());
    null_ = space_class == H5S_NULL;
    const int rank = H5Sget_simple_extent_ndims(space_.get());
    if (rank < 0 || element_bytes_ == 0) {
        throw error("Corrupt", "The type or shape of '" + key() + "' is damaged");
    }
    std::vector<hsize_t> dims(static_cast<std::size_t>(rank));
    if (rank > 0) {
        H5Sget_simple_extent_dims(space_.get(), dims.data(), nullptr);
    }
    shape_.assign(dims.begin(), dims.end());
    std::uint64_t total = element_bytes_;
    for (std::size_t axis = 0; axis < shape_.size(); ++axis) {
        if (shape_[axis] != 0 && total > std::numeric_limits<std::int64_t>::max() / shape_[axis]) {
            throw error("ShapeMismatch", "'" + key() + "' declares an impossible size");
        }
        total *= shape_[axis] == 0 ? 1 : shape_[axis];
        row_elements_ *= axis == 0 ? 1 : shape_[axis];
    }
}

void Dataset::learn_layout() {
    const Handle list(H5Dget_create_plist(id()));
    if (!list) {
        throw error("Corrupt", "The storage of '" + key() + "' is damaged");
    }
    layout_ = H5Pget_layout(list.get());
    if (layout_ == H5D_VIRTUAL || H5Pget_external_count(list.get()) > 0) {
        throw error("ExternalLinkRefused", "The values of '" + key() + "' lie in another file");
    }
    storage_bytes_ = H5Dget_storage_size(id());
    if (layout_ == H5D_CONTIGUOUS) {
        offset_ = H5Dget_offset(id());
    }
    if (layout_ != H5D_CHUNKED) {
        return;
    }
    std::vector<hsize_t> chunk(shape_.size());
    if (chunk.empty() || H5Pget_chunk(list.get(), static_cast<int>(chunk.size()), chunk.data()) < 0) {
        throw error("Corrupt", "The chunks of '" + key() + "' are damaged");
    }
    chunk_bytes_ = element_bytes_;
    for (const auto length : chunk) {
        if (length == 0 || chunk_bytes_ > std::numeric_limits<std::uint32_t>::max() / length) {
            throw error("Corrupt", "The chunks of '" + key() + "' are damaged");
        }
        chunk_bytes_ *= length;
        chunk_.push_back(length);
    }
    filters_ = read_filters(list.get());
    // libhdf5 allocates a whole chunk whatever the file holds of it.
    const std::uint64_t stored = std::min(storage_bytes_, file_->size());
    if (chunk_bytes_ > large_chunk && stored < chunk_bytes_ / compression_limit(filters_)) {
        throw error("Corrupt", "'" + key() + "' declares chunks larger than the file can hold");
    }
}

bool Dataset::plausible() const noexcept {
    if (elements() == 0) {
        return true;
    }
    return storage_bytes_ >= elements() * element_bytes_ / compression_limit(filters_);
}

} // namespace ember::h5

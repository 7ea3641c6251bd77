#include "core/data/tree_copy.hpp"

#include <algorithm>

namespace ember::h5 {

namespace {

constexpr std::uint64_t small_bytes = 1 << 20; ///< smaller datasets are copied by libhdf5 in one go
constexpr std::uint64_t block_bytes = 8 << 20;
constexpr std::uint64_t most_batch_rows = 65536;
constexpr unsigned gzip_level = 4;
constexpr std::size_t max_depth = 64;

/// The next chunk position in row-major order; false after the last.
bool next_chunk(std::vector<hsize_t>& position, const std::vector<std::uint64_t>& shape,
                const std::vector<hsize_t>& chunk) {
    for (std::size_t axis = position.size(); axis-- > 0;) {
        position[axis] += chunk[axis];
        if (position[axis] < shape[axis]) {
            return true;
        }
        position[axis] = 0;
    }
    return false;
}

/// Rows that are copied through memory together, whole chunks where they fit.
std::uint64_t batch_rows(const Dataset& dataset) {
    const std::uint64_t fitting = std::clamp<std::uint64_t>(
        block_bytes / std::max<std::uint64_t>(1, dataset.row_bytes()), 1, most_batch_rows);
    const std::uint64_t chunk = std::max<std::uint64_t>(1, dataset.chunk_rows());
    return fitting < chunk ? fitting : fitting / chunk * chunk;
}

herr_t copy_attribute(hid_t from, hid_t to, const char* name) {
    const Handle attribute(H5Aopen(from, name, H5P_DEFAULT));
    const Handle type(attribute ? H5Aget_type(attribute.get()) : H5I_INVALID_HID);
    const Handle space(attribute ? H5Aget_space(attribute.get()) : H5I_INVALID_HID);
    if (!type || !space || H5Tdetect_class(type.get(), H5T_REFERENCE) > 0) {
        return 0; // a reference would point into the old file
    }
    const hssize_t points = H5Sget_simple_extent_npoints(space.get());
    const std::size_t bytes =
        H5Tget_size(type.get()) * static_cast<std::size_t>(std::max<hssize_t>(points, 0));
    std::vector<std::byte> value(bytes);
    if (bytes > 0 && H5Aread(attribute.get(), type.get(), value.data()) < 0) {
        return -1;
    }
    if (H5Aexists(to, name) > 0) {
        H5Adelete(to, name);
    }
    const Handle copy(H5Acreate2(to, name, type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT));
    const herr_t result = !copy ? -1 : bytes == 0 ? 0 : H5Awrite(copy.get(), type.get(), value.data());
    if (bytes > 0) {
        H5Dvlen_reclaim(type.get(), space.get(), H5P_DEFAULT, value.data());
    }
    return result;
}

} // namespace

void TreeCopier::copy_attributes(const Object& from, hid_t to) {
    const Lock lock;
    const auto copy_one = [](hid_t object, const char* name, const H5A_info_t*, void* target) -> herr_t {
        return copy_attribute(object, *static_cast<hid_t*>(target), name);
    };
    if (H5Aiterate2(from.handle.get(), H5_INDEX_NAME, H5_ITER_NATIVE, nullptr, copy_one, &to) < 0) {
        output_.fail(from.key);
    }
}

void TreeCopier::copy(const std::string& key, hid_t parent, const std::string& name) {
    copy_object(open_object(*source_, key), parent, name);
}

void TreeCopier::copy_object(Object object, hid_t parent, const std::string& name) {
    job_.check_cancelled();
    if (object.kind == ObjectKind::group) {
        copy_group(object, parent, name);
    } else if (object.kind == ObjectKind::dataset) {
        copy_dataset(Dataset(source_, std::move(object)), parent, name);
    } else {
        copy_whole(object, parent, name);
    }
}

void TreeCopier::copy_group(const Object& group, hid_t parent, const std::string& name) {
    if (open_groups_.size() >= max_depth ||
        std::find(open_groups_.begin(), open_groups_.end(), group.address) != open_groups_.end()) {
        job_.warn("'" + group.key + "' is nested too deeply or contains itself and was not copied");
        return;
    }
    open_groups_.push_back(group.address);
    const Handle target = output_.group(parent, name, "", "");
    copy_attributes(group, target.get());
    for (const auto& member : member_names(*source_, group)) {
        std::optional<Object> object;
        try {
            object = find_object(*source_, join_key(group.key, member));
        } catch (const Error& error) {
            if (error.class_name() != "ExternalLinkRefused" && error.class_name() != "BadLink") {
                throw;
            }
        }
        if (object) {
            copy_object(std::move(*object), target.get(), member);
        } else {
            job_.warn("'" + join_key(group.key, member) + "' leads out of the file and was not copied");
        }
    }
    open_groups_.pop_back();
}

void TreeCopier::copy_dataset(const Dataset& dataset, hid_t parent, const std::string& name) {
    job_.check_cancelled();
    const bool plain_chunks = dataset.chunked() && dataset.filters().empty();
    if (!dataset.raw() || plain_chunks || dataset.elements() * dataset.type().size <= small_bytes) {
        return copy_values(dataset, parent, name);
    }
    if (!dataset.chunked()) {
        copy_contiguous(dataset, parent, name);
    } else if (!copy_chunks(dataset, parent, name)) {
        copy_whole(dataset.object(), parent, name);
    }
}

/// False when this library cannot make a dataset with such filters.
bool TreeCopier::copy_chunks(const Dataset& dataset, hid_t parent, const std::string& name) {
    Handle target;
    std::vector<hsize_t> chunk(dataset.shape().size()), position(chunk.size(), 0);
    {
        const Lock lock;
        const Handle creation(H5Dget_create_plist(dataset.id())), space(H5Dget_space(dataset.id()));
        H5Pget_chunk(creation.get(), static_cast<int>(chunk.size()), chunk.data());
        target = Handle(H5Dcreate2(parent, name.c_str(), dataset.type_id(), space.get(), H5P_DEFAULT,
                                   creation.get(), H5P_DEFAULT));
        if (!target) {
            return false;
        }
        copy_attributes(dataset.object(), target.get());
    }
    std::vector<std::byte> bytes;
    do {
        job_.check_cancelled();
        const Lock lock;
        hsize_t size = 0;
        std::uint32_t mask = 0;
        if (H5Dget_chunk_storage_size(dataset.id(), position.data(), &size) < 0 || size == 0) {
            continue; // never written: stays at the fill value
        }
        if (size > source_->size()) {
            throw dataset.error("Corrupt", "A chunk of '" + dataset.key() + "' states an impossible size");
        }
        bytes.resize(size);
        if (H5Dread_chunk(dataset.id(), H5P_DEFAULT, position.data(), &mask, bytes.data()) < 0) {
            if (dataset.filters().empty()) {
                continue;
            }
            throw dataset.error("Corrupt", "A chunk of '" + dataset.key() + "' cannot be read");
        }
        if (H5Dwrite_chunk(target.get(), H5P_DEFAULT, mask, position.data(), size, bytes.data()) < 0) {
            output_.fail(dataset.key());
        }
    } while (next_chunk(position, dataset.shape(), chunk));
    return true;
}

void TreeCopier::copy_contiguous(const Dataset& dataset, hid_t parent, const std::string& name) {
    if (dataset.shape().size() > 2) {
        return copy_values(dataset, parent, name);
    }
    Handle target;
    {
        const Lock lock;
        const Handle space(H5Dget_space(dataset.id()));
        target = output_.create(parent, name, dataset.type_id(), space.get(), H5P_DEFAULT);
        copy_attributes(dataset.object(), target.get());
    }
    const std::uint64_t step = std::max<std::uint64_t>(1, block_bytes / dataset.row_bytes());
    std::vector<std::byte> bytes;
    for (std::uint64_t row = 0; row < dataset.rows(); row += step) {
        job_.check_cancelled();
        const std::uint64_t count = std::min(step, dataset.rows() - row);
        bytes.resize(count * dataset.row_bytes());
        dataset.read_rows(row, count, bytes);
        output_.write_rows(target.get(), dataset.type_id(), row, count, bytes.data());
    }
}

/// Reads and writes through libhdf5, which follows text of variable length anywhere in the type. (H5Ocopy
/// would do, but crashes on records that hold such text, at least in 1.10.8.)
void TreeCopier::copy_values(const Dataset& dataset, hid_t parent, const std::string& name) {
    Handle type, target;
    {
        const Lock lock;
        type = Handle(H5Tcopy(dataset.type_id()));
        if (H5Tdetect_class(type.get(), H5T_REFERENCE) > 0) {
            job_.warn("'" + dataset.key() + "' holds references into the old file and was not copied");
            return;
        }
        const Handle creation(H5Dget_create_plist(dataset.id())), space(H5Dget_space(dataset.id()));
        target = Handle(H5Dcreate2(parent, name.c_str(), type.get(), space.get(), H5P_DEFAULT, creation.get(),
                                   H5P_DEFAULT));
        if (!target) { // for want of a filter that compresses
            H5Premove_filter(creation.get(), H5Z_FILTER_ALL);
            H5Pset_deflate(creation.get(), gzip_level);
            target = output_.create(parent, name, type.get(), space.get(), creation.get());
        }
        copy_attributes(dataset.object(), target.get());
    }
    const std::uint64_t step = batch_rows(dataset);
    for (std::uint64_t row = 0; row < dataset.rows() && dataset.row_elements() > 0; row += step) {
        copy_rows(dataset, target.get(), type.get(), row, std::min(step, dataset.rows() - row));
    }
}

void TreeCopier::copy_rows(const Dataset& dataset, hid_t target, hid_t type, std::uint64_t first,
                           std::uint64_t count) {
    job_.check_cancelled();
    std::vector<std::byte> values;
    const bool plain = dataset.raw() && dataset.shape().size() <= 2;
    if (plain) { // also decodes what libhdf5 lacks a plug-in for
        values.resize(count * dataset.row_bytes());
        dataset.read_rows(first, count, values);
    }
    const Lock lock;
    const Handle space(H5Dget_space(dataset.id()));
    if (!dataset.shape().empty()) {
        std::vector<hsize_t> start(dataset.shape().size(), 0),
            length(dataset.shape().begin(), dataset.shape().end());
        start[0] = first;
        length[0] = count;
        H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, start.data(), nullptr, length.data(), nullptr);
    }
    const hsize_t total = static_cast<hsize_t>(H5Sget_select_npoints(space.get()));
    const Handle memory(H5Screate_simple(1, &total, nullptr));
    if (!plain) {
        values.resize(total * H5Tget_size(type));
        if (H5Dread(dataset.id(), type, memory.get(), space.get(), H5P_DEFAULT, values.data()) < 0) {
            throw dataset.error("Corrupt", "The values of '" + dataset.key() + "' cannot be read");
        }
    }
    const herr_t written = H5Dwrite(target, type, memory.get(), space.get(), H5P_DEFAULT, values.data());
    H5Dvlen_reclaim(type, memory.get(), H5P_DEFAULT, values.data());
    if (written < 0) {
        output_.fail(dataset.key());
    }
}

void TreeCopier::copy_whole(const Object& object, hid_t parent, const std::string& name) {
    const Lock lock;
    if (H5Ocopy(object.handle.get(), ".", parent, name.c_str(), H5P_DEFAULT, H5P_DEFAULT) < 0) {
        output_.fail(object.key);
    }
}

} // namespace ember::h5

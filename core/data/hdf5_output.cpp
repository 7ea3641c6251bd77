#include "core/data/hdf5_output.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace ember::h5 {

namespace {

Handle text_type() {
    Handle type(H5Tcopy(H5T_C_S1));
    H5Tset_size(type.get(), H5T_VARIABLE);
    H5Tset_cset(type.get(), H5T_CSET_UTF8);
    return type;
}

Handle space_of(const std::vector<std::uint64_t>& dims) {
    const std::vector<hsize_t> lengths(dims.begin(), dims.end());
    return Handle(dims.empty() ? H5Screate(H5S_SCALAR)
                               : H5Screate_simple(static_cast<int>(lengths.size()), lengths.data(), nullptr));
}

std::vector<const char*> pointers_to(const std::vector<std::string>& texts) {
    std::vector<const char*> pointers;
    pointers.reserve(texts.size());
    for (const auto& text : texts) {
        pointers.push_back(text.c_str());
    }
    return pointers;
}

/// Whether libhdf5's error stack tells of a full disk.
bool disk_full() {
    bool full = errno == ENOSPC || errno == EDQUOT;
    const auto look = [](unsigned, const H5E_error2_t* error, void* data) -> herr_t {
        if (error->desc != nullptr && (std::strstr(error->desc, "errno = 28,") != nullptr ||
                                       std::strstr(error->desc, "errno = 122,") != nullptr)) {
            *static_cast<bool*>(data) = true;
        }
        return 0;
    };
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, look, &full);
    return full;
}

} // namespace

Handle type_of(const std::string& numpy_name) {
    const Lock lock;
    if (numpy_name == "bool") {
        Handle type(H5Tenum_create(H5T_NATIVE_INT8));
        signed char value = 0;
        H5Tenum_insert(type.get(), "FALSE", &value);
        value = 1;
        H5Tenum_insert(type.get(), "TRUE", &value);
        return type;
    }
    const std::pair<const char*, hid_t> known[] = {
        {"int8", H5T_NATIVE_INT8},     {"int16", H5T_NATIVE_INT16},   {"int32", H5T_NATIVE_INT32},
        {"int64", H5T_NATIVE_INT64},   {"uint8", H5T_NATIVE_UINT8},   {"uint16", H5T_NATIVE_UINT16},
        {"uint32", H5T_NATIVE_UINT32}, {"uint64", H5T_NATIVE_UINT64}, {"float32", H5T_NATIVE_FLOAT},
        {"float64", H5T_NATIVE_DOUBLE}};
    for (const auto& [name, type] : known) {
        if (numpy_name == name) {
            return Handle(H5Tcopy(type));
        }
    }
    return {};
}

Output::Output(const std::filesystem::path& target) : atomic_(target) {
    const Lock lock;
    const Handle access(H5Pcreate(H5P_FILE_ACCESS));
    H5Pset_file_locking(access.get(), false, true);
    // Attributes beyond 64 KB (the order of thousands of columns) need the format of HDF5 1.8.
    H5Pset_libver_bounds(access.get(), H5F_LIBVER_V18, H5F_LIBVER_LATEST);
    file_ = Handle(H5Fcreate(atomic_.temporary().c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access.get()));
    descriptor_ = ::open(atomic_.temporary().c_str(), O_WRONLY | O_CLOEXEC);
    if (!file_ || descriptor_ < 0) {
        fail({});
    }
}

Output::~Output() {
    file_ = Handle();
    if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
}

void Output::fail(const std::string& key) const {
    const Place place{atomic_.target().string(), key, {}};
    if (disk_full()) {
        throw ResourceError("NoSpace", "The file cannot be written: the disk is full", place,
                            "Free some space or choose another folder");
    }
    throw Error("CannotWrite", "The file cannot be written", place,
                "Choose a folder that exists and that you may write to");
}

Handle Output::group(hid_t parent, const std::string& name, const std::string& encoding,
                     const std::string& version) {
    const Lock lock;
    if (exists(parent, name)) {
        return Handle(H5Gopen2(parent, name.c_str(), H5P_DEFAULT));
    }
    Handle made(H5Gcreate2(parent, name.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    if (!made) {
        fail(name);
    }
    if (!encoding.empty()) {
        set_encoding(made.get(), encoding, version);
    }
    return made;
}

bool Output::exists(hid_t parent, const std::string& name) const {
    const Lock lock;
    return H5Lexists(parent, name.c_str(), H5P_DEFAULT) > 0;
}

void Output::remove(hid_t parent, const std::string& name) const {
    const Lock lock;
    if (exists(parent, name)) {
        H5Ldelete(parent, name.c_str(), H5P_DEFAULT);
    }
}

void Output::set_attribute(hid_t object, const char* name, hid_t type, hid_t space, const void* value) {
    const Lock lock;
    if (H5Aexists(object, name) > 0) {
        H5Adelete(object, name);
    }
    const Handle attribute(H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT));
    const bool empty = H5Sget_simple_extent_npoints(space) == 0;
    if (!attribute || (!empty && H5Awrite(attribute.get(), type, value) < 0)) {
        fail(name);
    }
}

void Output::set_text(hid_t object, const char* name, const std::string& value) {
    const Lock lock;
    const char* pointer = value.c_str();
    set_attribute(object, name, text_type().get(), space_of({}).get(), &pointer);
}

void Output::set_texts(hid_t object, const char* name, const std::vector<std::string>& values) {
    const Lock lock;
    set_attribute(object, name, text_type().get(), space_of({values.size()}).get(),
                  pointers_to(values).data());
}

void Output::set_integers(hid_t object, const char* name, const std::vector<std::int64_t>& values) {
    const Lock lock;
    set_attribute(object, name, H5T_NATIVE_INT64, space_of({values.size()}).get(), values.data());
}

void Output::set_flag(hid_t object, const char* name, bool value) {
    const Lock lock;
    const signed char byte = value ? 1 : 0;
    set_attribute(object, name, type_of("bool").get(), space_of({}).get(), &byte);
}

void Output::set_encoding(hid_t object, const std::string& encoding, const std::string& version) {
    set_text(object, "encoding-type", encoding);
    set_text(object, "encoding-version", version);
}

Handle Output::create(hid_t parent, const std::string& name, hid_t type, hid_t space, hid_t creation) {
    const Lock lock;
    Handle dataset(H5Dcreate2(parent, name.c_str(), type, space, H5P_DEFAULT, creation, H5P_DEFAULT));
    if (!dataset) {
        fail(name);
    }
    return dataset;
}

Handle Output::write_array(hid_t parent, const std::string& name, hid_t type,
                           const std::vector<std::uint64_t>& dims, const void* values) {
    const Lock lock;
    const Handle space = space_of(dims);
    Handle dataset = create(parent, name, type, space.get(), H5P_DEFAULT);
    if (H5Sget_simple_extent_npoints(space.get()) > 0 &&
        H5Dwrite(dataset.get(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0) {
        fail(name);
    }
    set_encoding(dataset.get(), dims.empty() ? "numeric-scalar" : "array", "0.2.0");
    return dataset;
}

Handle Output::write_texts(hid_t parent, const std::string& name, const std::vector<std::string>& values) {
    const Lock lock;
    const Handle type = text_type();
    Handle dataset = create(parent, name, type.get(), space_of({values.size()}).get(), H5P_DEFAULT);
    if (!values.empty() &&
        H5Dwrite(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers_to(values).data()) < 0) {
        fail(name);
    }
    set_encoding(dataset.get(), "string-array", "0.2.0");
    return dataset;
}

Handle Output::write_text(hid_t parent, const std::string& name, const std::string& value) {
    const Lock lock;
    const Handle type = text_type();
    const char* pointer = value.c_str();
    Handle dataset = create(parent, name, type.get(), space_of({}).get(), H5P_DEFAULT);
    if (H5Dwrite(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, &pointer) < 0) {
        fail(name);
    }
    set_encoding(dataset.get(), "string", "0.2.0");
    return dataset;
}

void Output::write_rows(hid_t dataset, hid_t type, std::uint64_t first, std::uint64_t count,
                        const void* values) {
    const Lock lock;
    const Handle space(H5Dget_space(dataset));
    hsize_t dims[2] = {0, 1};
    H5Sget_simple_extent_dims(space.get(), dims, nullptr);
    const hsize_t start[2] = {first, 0}, length[2] = {count, dims[1]}, total = count * dims[1];
    if (total == 0) {
        return;
    }
    H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, start, nullptr, length, nullptr);
    const Handle memory(H5Screate_simple(1, &total, nullptr));
    if (H5Dwrite(dataset, type, memory.get(), space.get(), H5P_DEFAULT, values) < 0) {
        fail({});
    }
}

std::uint64_t Output::reserve_floats(hid_t parent, const std::string& name, std::uint64_t rows,
                                     std::uint64_t cols) {
    const Lock lock;
    const Handle creation(H5Pcreate(H5P_DATASET_CREATE));
    H5Pset_alloc_time(creation.get(), H5D_ALLOC_TIME_EARLY);
    H5Pset_fill_time(creation.get(), H5D_FILL_TIME_NEVER);
    const Handle dataset =
        create(parent, name, H5T_NATIVE_FLOAT, space_of({rows, cols}).get(), creation.get());
    set_encoding(dataset.get(), "array", "0.2.0");
    if (rows * cols == 0) {
        return 0;
    }
    const haddr_t offset = H5Dget_offset(dataset.get());
    if (offset == HADDR_UNDEF) {
        fail(name);
    }
    // Asks for the space now, so that a full disk is found before the work and not after it.
    errno = 0;
    if (::fallocate(descriptor_, 0, static_cast<off_t>(offset),
                    static_cast<off_t>(rows * cols * sizeof(float))) != 0 &&
        (errno == ENOSPC || errno == EDQUOT || errno == EFBIG)) {
        fail(name);
    }
    errno = 0;
    return offset;
}

void Output::write_at(std::uint64_t offset, std::span<const std::byte> bytes) const {
    while (!bytes.empty()) {
        const ssize_t written = ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            const Lock lock;
            fail({});
        }
        bytes = bytes.subspan(static_cast<std::size_t>(written));
        offset += static_cast<std::uint64_t>(written);
    }
}

void Output::finish() {
    {
        const Lock lock;
        if (H5Fflush(file_.get(), H5F_SCOPE_GLOBAL) < 0) {
            fail({});
        }
        file_ = Handle();
    }
    atomic_.commit();
}

} // namespace ember::h5

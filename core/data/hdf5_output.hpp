#pragma once
// An HDF5 file being written, in the encodings of AnnData 0.8 and later.

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/base/atomic_file.hpp"
#include "core/base/error.hpp"
#include "core/data/hdf5_handle.hpp"

namespace ember::h5 {

/// A number type to write, by numpy's name ("int64", "float32", "bool"); invalid for an unknown name.
Handle type_of(const std::string& numpy_name);

/// Creates the file under a temporary name; finish() moves it to its place. Every method takes the HDF5 lock
/// by itself, and throws ResourceError `NoSpace` or Error `CannotWrite`.
class Output {
public:
    explicit Output(const std::filesystem::path& target);
    ~Output();
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;

    hid_t root() const noexcept { return file_.get(); }

    /// Opens the group below `parent`, or makes it with the given encoding ("" for none).
    Handle group(hid_t parent, const std::string& name, const std::string& encoding,
                 const std::string& version);
    Handle dict(hid_t parent, const std::string& name) { return group(parent, name, "dict", "0.1.0"); }
    bool exists(hid_t parent, const std::string& name) const;
    void remove(hid_t parent, const std::string& name) const;

    void set_text(hid_t object, const char* name, const std::string& value);
    void set_texts(hid_t object, const char* name, const std::vector<std::string>& values);
    void set_integers(hid_t object, const char* name, const std::vector<std::int64_t>& values);
    void set_flag(hid_t object, const char* name, bool value);
    void set_encoding(hid_t object, const std::string& encoding, const std::string& version);

    /// An array in memory, stored contiguously; `dims` empty: a scalar.
    Handle write_array(hid_t parent, const std::string& name, hid_t type,
                       const std::vector<std::uint64_t>& dims, const void* values);
    Handle write_texts(hid_t parent, const std::string& name, const std::vector<std::string>& values);
    Handle write_text(hid_t parent, const std::string& name, const std::string& value);

    /// An empty dataset of any form. `creation` may be H5P_DEFAULT.
    Handle create(hid_t parent, const std::string& name, hid_t type, hid_t space, hid_t creation);

    /// Writes rows [first, first + count) of a dataset of one or two dimensions; `type` is that of `values`.
    void write_rows(hid_t dataset, hid_t type, std::uint64_t first, std::uint64_t count, const void* values);

    /// A dense contiguous float32 dataset whose values write_at() fills in past libhdf5; returns the file
    /// offset of the first value.
    std::uint64_t reserve_floats(hid_t parent, const std::string& name, std::uint64_t rows,
                                 std::uint64_t cols);
    void write_at(std::uint64_t offset, std::span<const std::byte> bytes) const;

    /// Closes the file, makes it durable and moves it to its place.
    void finish();

    /// The error for a failed write, told from the library's and the system's report.
    [[noreturn]] void fail(const std::string& key) const;

private:
    void set_attribute(hid_t object, const char* name, hid_t type, hid_t space, const void* value);

    AtomicFile atomic_;
    Handle file_;
    int descriptor_ = -1;
};

} // namespace ember::h5

#pragma once
// Builds small HDF5 files of any layout, which the writer of the program would never make.

#include <cstdint>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include <hdf5.h>

namespace ember::test {

/// A folder that is removed with everything in it.
class TemporaryFolder {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

enum class Form { dense, csr, csc };
const char* to_string(Form form);

/// How the values of a matrix are stored.
struct Storage {
    Form form = Form::dense;
    hid_t type = H5T_IEEE_F32LE;
    std::vector<hsize_t> chunk; ///< empty: contiguous; sparse arrays use the first number
    bool gzip = false, shuffle = false, checksum = false;
};

/// A random matrix [rows × cols], row-major; two thirds are zeros, the rest small whole numbers, which every
/// number type holds.
std::vector<float> random_matrix(std::uint64_t rows, std::uint64_t cols, unsigned seed);

/// An HDF5 file being written; closes itself.
class FileBuilder {
public:
    /// A new file, or with H5F_ACC_RDWR one that is there.
    explicit FileBuilder(const std::filesystem::path& path, unsigned access = H5F_ACC_TRUNC);
    ~FileBuilder();
    FileBuilder(const FileBuilder&) = delete;
    FileBuilder& operator=(const FileBuilder&) = delete;

    hid_t id() const { return file_; }
    void group(const std::string& key) const;
    void text_attribute(const std::string& key, const char* name, const std::string& value) const;
    void integer_attribute(const std::string& key, const char* name,
                           const std::vector<std::int64_t>& values) const;
    void texts(const std::string& key, const std::vector<std::string>& values) const;
    /// Values converted from doubles to `type` by libhdf5.
    void numbers(const std::string& key, const std::vector<double>& values, const std::vector<hsize_t>& dims,
                 const Storage& storage) const;

    /// obs and var with names c0 … and g0 … in the present encoding.
    void tables(std::uint64_t cells, std::uint64_t genes) const;
    void matrix(const std::string& key, const std::vector<float>& values, std::uint64_t rows,
                std::uint64_t cols, const Storage& storage) const;

private:
    hid_t file_;
};

} // namespace ember::test

#pragma once
// An HDF5 file opened for reading, or bytes in memory that are one.

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/error.hpp"
#include "core/data/hdf5_handle.hpp"
#include "core/data/hdf5_superblock.hpp"

namespace ember::h5 {

class File;
using FilePtr = std::shared_ptr<const File>;

/// Read-only, without file locking, so that another program may hold the file.
class File {
public:
    /// Throws CannotRead, NotHdf5, Truncated or Corrupt.
    static FilePtr open(const std::filesystem::path& path);
    /// The same for a file image in memory; `name` stands in errors.
    static FilePtr open_image(std::vector<unsigned char> bytes, const std::string& name);
    ~File();
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    hid_t id() const noexcept { return handle_.get(); }
    const std::filesystem::path& path() const noexcept { return path_; }
    std::uint64_t size() const noexcept { return size_; }
    const Superblock& superblock() const noexcept { return superblock_; }

    /// Whether addresses inside the file can be read past libhdf5.
    bool direct() const noexcept { return superblock_.base_address == 0; }

    /// Reads bytes at an absolute offset; needs no lock. Throws Truncated naming `key`.
    void read_at(std::uint64_t offset, std::span<std::byte> out, const std::string& key) const;

    /// An error in this file at `key`; see data_error().
    Error error(const std::string& class_name, const std::string& key, std::string message,
                std::string remedy = {}) const;

private:
    File() = default;
    bool try_read(std::uint64_t offset, std::span<unsigned char> out) const noexcept;
    void check_start();

    std::filesystem::path path_;
    std::uint64_t size_ = 0;
    int descriptor_ = -1;
    std::vector<unsigned char> image_;
    Superblock superblock_;
    Handle handle_;
};

} // namespace ember::h5

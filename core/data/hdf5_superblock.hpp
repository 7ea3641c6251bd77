#pragma once
// The start of an HDF5 file, read without libhdf5: https://docs.hdfgroup.org/hdf5/develop/_f_m_t3.html

#include <cstdint>
#include <functional>
#include <span>
#include <string>

namespace ember::h5 {

struct Superblock {
    std::uint64_t base_address = 0; ///< where addresses count from (a user block lies before it)
    std::uint64_t end_of_file = 0;  ///< size that the file claims to have, in bytes
    std::uint64_t root_address = 0; ///< header of the root group
    std::uint64_t extension_address = ~std::uint64_t(0); ///< header with more about the file, if any
};

/// Reads `size` bytes at `offset` of the file; false beyond its end.
using ByteReader = std::function<bool(std::uint64_t offset, std::span<unsigned char> out)>;

/// Finds and reads the superblock. Throws Error `NotHdf5` or `Truncated`.
Superblock read_superblock(const ByteReader& read, std::uint64_t file_size, const std::string& file);

} // namespace ember::h5

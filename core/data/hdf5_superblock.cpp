#include "core/data/hdf5_superblock.hpp"

#include <algorithm>
#include <array>

#include "core/data/hdf5_error.hpp"

namespace ember::h5 {

namespace {

constexpr std::array<unsigned char, 8> signature = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};

std::uint64_t little_endian(std::span<const unsigned char> bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = bytes.size(); i-- > 0;) {
        value = value << 8 | bytes[i];
    }
    return value;
}

Superblock parse(std::span<const unsigned char> block, const std::string& file) {
    const int version = block[8];
    if (version > 3) {
        throw data_error("Corrupt", "The HDF5 superblock has the unknown version " + std::to_string(version),
                         file, {});
    }
    const std::size_t width = version < 2 ? block[13] : block[9];
    if (width != 8 || block[version < 2 ? 14 : 10] != 8) {
        throw data_error("UnsupportedType", "The file uses HDF5 addresses of other than 8 bytes", file, {},
                         "Write the file anew with anndata");
    }
    const std::size_t addresses = version == 0 ? 24 : version == 1 ? 28 : 12;
    Superblock result;
    result.base_address = little_endian(block.subspan(addresses, width));
    result.root_address = little_endian(block.subspan(addresses + (version < 2 ? 5 : 3) * width, width));
    if (version >= 2) {
        result.extension_address = little_endian(block.subspan(addresses + width, width));
    }
    result.end_of_file = little_endian(block.subspan(addresses + 2 * width, width));
    return result;
}

} // namespace

Superblock read_superblock(const ByteReader& read, std::uint64_t file_size, const std::string& file) {
    std::array<unsigned char, 96> block{};
    std::uint64_t position = 0;
    for (;;) {
        if (position + signature.size() > file_size ||
            !read(position, std::span(block).first(signature.size()))) {
            throw data_error("NotHdf5", file_size == 0 ? "The file is empty" : "This is not an HDF5 file",
                             file, {});
        }
        if (std::equal(signature.begin(), signature.end(), block.begin())) {
            break;
        }
        position = position == 0 ? 512 : position * 2;
    }
    if (!read(position, block)) {
        throw data_error("Truncated", "The file ends within its first block", file, {});
    }
    const Superblock result = parse(block, file);
    if (result.end_of_file > file_size) {
        throw data_error("Truncated",
                         "The file has " + std::to_string(file_size) + " bytes, it should have " +
                             std::to_string(result.end_of_file),
                         file, {});
    }
    return result;
}

} // namespace ember::h5

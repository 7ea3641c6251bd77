#pragma once
// Text of variable length, kept in HDF5's global heap; read without libhdf5, which trusts the lengths it
// finds.

#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <vector>

#include "core/data/hdf5_file.hpp"

namespace ember::h5 {

/// Reads heap collections and keeps the last few. For one thread at a time.
class GlobalHeap {
public:
    explicit GlobalHeap(const File& file, std::string key) : file_(file), key_(std::move(key)) {}

    /// The text behind a 16-byte reference (length, address of the collection, index); ends at the first
    /// null. Valid until the next call. Throws Corrupt (also when references repeat until the texts outgrow
    /// the file) or Truncated.
    std::string_view text(std::span<const std::byte, 16> reference);

private:
    struct Collection {
        std::uint64_t address = 0;
        std::vector<std::byte> bytes;
        std::vector<std::pair<std::uint32_t, std::uint32_t>> objects; ///< by index: offset, size
    };
    const Collection& collection(std::uint64_t address);
    Collection load(std::uint64_t address) const;

    const File& file_;
    std::string key_;
    std::list<Collection> recent_;
    std::uint64_t taken_bytes_ = 0; ///< of all texts so far
};

} // namespace ember::h5

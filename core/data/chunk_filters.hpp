#pragma once
// The compression of HDF5 chunks, undone without libhdf5: deflate, shuffle, fletcher32 and lzf.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <hdf5.h>

namespace ember::h5 {

struct ChunkFilter {
    int id = 0;          ///< number registered with the HDF Group
    std::string name;    ///< "gzip", "lzf", "blosc", "zstd", "shuffle" … or "filter 12345"
    bool ours = false;   ///< decoded here
    bool known = true;   ///< decoded here or by a plug-in that is installed
    unsigned option = 0; ///< first client value (shuffle: bytes of an element)
};

/// A dataset's filters in the order they were applied when it was written.
using ChunkFilters = std::vector<ChunkFilter>;

/// The filters of a dataset creation property list. Call with the lock held.
ChunkFilters read_filters(hid_t creation_list);

/// The compressing ones by name, joined with "+": "gzip"; "" when there is none.
std::string compression_name(const ChunkFilters& filters);

bool all_ours(const ChunkFilters& filters);

/// Undoes the filters whose bit in `mask` is not set. `out` has the size of a whole chunk; anything that does
/// not come to exactly that size is an error. Returns what is wrong, "" when all is well. `data` is used as
/// scratch space.
std::string decode_chunk(const ChunkFilters& filters, std::uint32_t mask, std::size_t element_bytes,
                         std::vector<std::byte>& data, std::span<std::byte> out);

} // namespace ember::h5

#include "core/data/lzf_filter.hpp"

#include <algorithm>
#include <hdf5.h>

#include "core/data/lzf.hpp"

namespace ember::h5 {

namespace {

constexpr H5Z_filter_t lzf_id = 32000;
constexpr std::size_t largest_chunk = std::size_t(1) << 30;
constexpr std::size_t best_ratio = 132; ///< a copy of 264 bytes takes at least 2

/// The third parameter is what h5py thinks the size of a chunk is; text takes more than that.
std::size_t lzf(unsigned flags, std::size_t count, const unsigned values[], std::size_t bytes,
                std::size_t* buffer_size, void** buffer) {
    if ((flags & H5Z_FLAG_REVERSE) == 0) {
        return 0;
    }
    const std::size_t most = std::min(largest_chunk, bytes * best_ratio);
    std::size_t room = std::min(most, count > 2 && values[2] > 0 ? values[2] : 4 * bytes);
    for (;;) {
        void* plain = H5allocate_memory(room, false);
        if (plain == nullptr) {
            return 0;
        }
        const std::size_t size = lzf_decompress({static_cast<const std::byte*>(*buffer), bytes},
                                                {static_cast<std::byte*>(plain), room});
        if (size > 0) {
            H5free_memory(*buffer);
            *buffer = plain;
            *buffer_size = room;
            return size;
        }
        H5free_memory(plain);
        if (room >= most) {
            return 0;
        }
        room = std::min(most, 2 * room);
    }
}

} // namespace

void register_lzf_filter() {
    const H5Z_class2_t filter = {H5Z_CLASS_T_VERS, lzf_id, 0, 1, "lzf", nullptr, nullptr, lzf};
    H5Zregister(&filter);
}

} // namespace ember::h5

#include "core/data/chunk_filters.hpp"

#include <algorithm>
#include <cstring>

#include <zlib.h>

#include "core/data/lzf.hpp"

namespace ember::h5 {

namespace {

constexpr int lzf_id = 32000;

std::string filter_name(int id) {
    switch (id) {
    case H5Z_FILTER_DEFLATE:
        return "gzip";
    case H5Z_FILTER_SHUFFLE:
        return "shuffle";
    case H5Z_FILTER_FLETCHER32:
        return "fletcher32";
    case H5Z_FILTER_SZIP:
        return "szip";
    case H5Z_FILTER_NBIT:
        return "nbit";
    case H5Z_FILTER_SCALEOFFSET:
        return "scaleoffset";
    case 307:
        return "bzip2";
    case lzf_id:
        return "lzf";
    case 32001:
        return "blosc";
    case 32004:
        return "lz4";
    case 32008:
        return "bitshuffle";
    case 32013:
        return "zfp";
    case 32015:
        return "zstd";
    case 32026:
        return "blosc2";
    default:
        return "filter " + std::to_string(id);
    }
}

/// HDF5's variant of Fletcher's checksum over 16-bit big-endian words.
std::uint32_t fletcher32(std::span<const std::byte> bytes) {
    std::uint32_t sum1 = 0, sum2 = 0;
    std::size_t i = 0;
    const std::size_t words = bytes.size() / 2;
    for (std::size_t word = 0; word < words;) {
        const std::size_t end = std::min(words, word + 360);
        for (; word < end; ++word, i += 2) {
            sum1 +=
                std::to_integer<std::uint32_t>(bytes[i]) << 8 | std::to_integer<std::uint32_t>(bytes[i + 1]);
            sum2 += sum1;
        }
        sum1 = (sum1 & 0xffff) + (sum1 >> 16);
        sum2 = (sum2 & 0xffff) + (sum2 >> 16);
    }
    if (bytes.size() % 2 != 0) {
        sum1 += std::to_integer<std::uint32_t>(bytes[i]) << 8;
        sum2 += sum1;
        sum1 = (sum1 & 0xffff) + (sum1 >> 16);
        sum2 = (sum2 & 0xffff) + (sum2 >> 16);
    }
    sum1 = (sum1 & 0xffff) + (sum1 >> 16);
    sum2 = (sum2 & 0xffff) + (sum2 >> 16);
    return sum2 << 16 | sum1;
}

bool strip_checksum(std::vector<std::byte>& data) {
    if (data.size() < 4) {
        return false;
    }
    std::uint32_t stored;
    std::memcpy(&stored, data.data() + data.size() - 4, 4);
    data.resize(data.size() - 4);
    const std::uint32_t sum = fletcher32(data);
    // Old releases wrote the bytes of each half swapped; libhdf5 accepts both.
    const std::uint32_t swapped = (sum & 0x00ff00ffU) << 8 | (sum >> 8 & 0x00ff00ffU);
    return stored == sum || stored == swapped;
}

std::size_t inflate_into(std::span<const std::byte> data, std::span<std::byte> out) {
    uLongf size = out.size();
    const int result = ::uncompress(reinterpret_cast<Bytef*>(out.data()), &size,
                                    reinterpret_cast<const Bytef*>(data.data()), data.size());
    return result == Z_OK ? size : 0;
}

void unshuffle(std::span<const std::byte> data, std::size_t width, std::span<std::byte> out) {
    const std::size_t count = data.size() / width;
    for (std::size_t byte = 0; byte < width; ++byte) {
        const std::byte* in = data.data() + byte * count;
        for (std::size_t i = 0; i < count; ++i) {
            out[i * width + byte] = in[i];
        }
    }
    std::copy(data.begin() + static_cast<std::ptrdiff_t>(count * width), data.end(),
              out.begin() + static_cast<std::ptrdiff_t>(count * width));
}

} // namespace

ChunkFilters read_filters(hid_t creation_list) {
    ChunkFilters filters;
    const int count = H5Pget_nfilters(creation_list);
    for (int i = 0; i < count; ++i) {
        unsigned flags = 0, config = 0, values[8] = {};
        std::size_t value_count = 8;
        const int id = H5Pget_filter2(creation_list, static_cast<unsigned>(i), &flags, &value_count, values,
                                      0, nullptr, &config);
        ChunkFilter filter;
        filter.id = id;
        filter.name = filter_name(id);
        filter.option = value_count > 0 ? values[0] : 0;
        filter.ours = id == H5Z_FILTER_DEFLATE || id == H5Z_FILTER_SHUFFLE || id == H5Z_FILTER_FLETCHER32 ||
                      id == lzf_id;
        filter.known = filter.ours || (id > 0 && H5Zfilter_avail(id) > 0);
        filters.push_back(filter);
    }
    return filters;
}

std::string compression_name(const ChunkFilters& filters) {
    std::string name;
    for (const auto& filter : filters) {
        if (filter.id != H5Z_FILTER_SHUFFLE && filter.id != H5Z_FILTER_FLETCHER32) {
            name += (name.empty() ? "" : "+") + filter.name;
        }
    }
    return name;
}

bool all_ours(const ChunkFilters& filters) {
    return std::all_of(filters.begin(), filters.end(), [](const ChunkFilter& filter) { return filter.ours; });
}

std::string decode_chunk(const ChunkFilters& filters, std::uint32_t mask, std::size_t element_bytes,
                         std::vector<std::byte>& data, std::span<std::byte> out) {
    std::vector<std::byte> scratch;
    // A checksum may have been added before compression, so a stage may come out four bytes longer.
    const std::size_t limit = out.size() + 4 * filters.size();
    for (std::size_t i = filters.size(); i-- > 0;) {
        if (i < 32 && (mask >> i & 1) != 0) {
            continue;
        }
        if (filters[i].id == H5Z_FILTER_FLETCHER32) {
            if (!strip_checksum(data)) {
                return "The checksum of a chunk does not match its values";
            }
            continue;
        }
        if (filters[i].id == H5Z_FILTER_SHUFFLE) {
            const std::size_t width = filters[i].option > 0 ? filters[i].option : element_bytes;
            if (width > 1 && width <= data.size()) {
                scratch.resize(data.size());
                unshuffle(data, width, scratch);
                data.swap(scratch);
            }
            continue;
        }
        scratch.resize(limit);
        const std::size_t size =
            filters[i].id == lzf_id ? lzf_decompress(data, scratch) : inflate_into(data, scratch);
        if (size == 0) {
            return "A chunk cannot be decompressed: its bytes are damaged";
        }
        scratch.resize(size);
        data.swap(scratch);
    }
    if (data.size() != out.size()) {
        return "A chunk has " + std::to_string(data.size()) + " bytes instead of " +
               std::to_string(out.size());
    }
    std::memcpy(out.data(), data.data(), out.size());
    return {};
}

} // namespace ember::h5

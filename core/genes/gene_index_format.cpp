#include "core/genes/gene_index_format.hpp"

#include <algorithm>
#include <cstring>

#include <nmmintrin.h>

namespace ember::gene_index {

std::uint64_t payload_bytes(std::uint32_t count, std::uint64_t cells) noexcept {
    return count == stored_dense ? cells * sizeof(float) : count * (sizeof(float) + sizeof(std::uint16_t));
}

std::uint32_t checksum(std::span<const std::byte> bytes, std::uint32_t seed) noexcept {
    std::uint64_t sum = ~seed;
    while (bytes.size() >= sizeof(std::uint64_t)) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data(), sizeof word);
        sum = _mm_crc32_u64(sum, word);
        bytes = bytes.subspan(sizeof word);
    }
    auto rest = static_cast<std::uint32_t>(sum);
    for (const std::byte byte : bytes) {
        rest = _mm_crc32_u8(rest, static_cast<unsigned char>(byte));
    }
    return ~rest;
}

std::uint32_t payload_checksum(std::span<const std::byte> payload, std::uint64_t gene, std::uint64_t segment,
                               std::uint64_t at, std::uint32_t count) noexcept {
    const std::uint64_t place[] = {gene, segment, at, count};
    return checksum(payload, checksum(std::as_bytes(std::span(place))));
}

std::uint32_t header_checksum(Header header) noexcept {
    header.checksum = 0;
    return checksum(std::as_bytes(std::span(&header, 1)));
}

Header make_header(std::string_view key, std::uint64_t cells, std::uint64_t genes) {
    Header header{};
    std::memcpy(header.magic, "EMBGENES", sizeof header.magic);
    header.version = version;
    header.cells = cells;
    header.genes = genes;
    std::copy_n(key.begin(), std::min(key.size(), sizeof header.key), header.key);
    return header;
}

} // namespace ember::gene_index

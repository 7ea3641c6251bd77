#pragma once
// The file of a gene index. Little-endian; written and read by the same machine.
//
//   header      4096 bytes
//   payloads    per segment, gene after gene (see encode_gene)
//   entries     [genes × segments] GeneEntry
//   segments    [segments] SegmentRecord
//
// A segment is a run of at most 65,536 cells, so that a cell takes two bytes; the pass over the matrix makes
// one after the other in bounded memory. Every part has a checksum (CRC-32C).

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ember::gene_index {

inline constexpr std::uint32_t version = 1;
inline constexpr std::uint64_t header_bytes = 4096;
inline constexpr std::uint64_t segment_cells = 65536;
inline constexpr std::uint32_t stored_dense = ~0U; ///< in place of a count: one float for each cell

struct Header {
    char magic[8];
    std::uint32_t version, checksum; ///< of this header with `checksum` zero
    std::uint64_t cells, genes, segments;
    std::uint64_t entries_at, segments_at, file_bytes;
    std::uint32_t segments_checksum, reserved;
    char key[64];
};

struct SegmentRecord {
    std::uint64_t first_cell, cells;
};

struct GeneEntry {
    std::uint64_t at;       ///< byte offset of the payload
    std::uint32_t count;    ///< entries, or stored_dense
    std::uint32_t checksum; ///< of the payload, its place, gene and segment
};

/// Bytes of a gene's payload: `count` floats, then `count` cells of two bytes; or `cells` floats.
std::uint64_t payload_bytes(std::uint32_t count, std::uint64_t cells) noexcept;

std::uint32_t payload_checksum(std::span<const std::byte> payload, std::uint64_t gene, std::uint64_t segment,
                               std::uint64_t at, std::uint32_t count) noexcept;
std::uint32_t checksum(std::span<const std::byte> bytes, std::uint32_t seed = 0) noexcept;

Header make_header(std::string_view key, std::uint64_t cells, std::uint64_t genes);
std::uint32_t header_checksum(Header header) noexcept;

} // namespace ember::gene_index

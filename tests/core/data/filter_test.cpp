// Chunk decoding and text against hand-made bytes, good and bad.

#include <cstring>

#include <gtest/gtest.h>
#include <zlib.h>

#include "core/data/chunk_filters.hpp"
#include "core/data/lzf.hpp"
#include "core/data/text_reader.hpp"

namespace ember::h5 {
namespace {

std::vector<std::byte> bytes_of(const std::string& text) {
    std::vector<std::byte> bytes(text.size());
    std::memcpy(bytes.data(), text.data(), text.size());
    return bytes;
}

std::string unpack(const std::string& packed, std::size_t room) {
    std::vector<std::byte> out(room);
    const auto size = lzf_decompress(bytes_of(packed), out);
    return {reinterpret_cast<const char*>(out.data()), size};
}

TEST(Lzf, literals_and_copies) {
    EXPECT_EQ(unpack(std::string("\x02") + "abc", 8), "abc");
    EXPECT_EQ(unpack(std::string("\x00", 1) + "a" + std::string("\x80\x00", 2), 8),
              "aaaaaaa"); // overlapping copy
    EXPECT_EQ(unpack(std::string("\x00", 1) + "a" + std::string("\xe0\x05\x00", 3), 32).size(), 15U);
}

TEST(Lzf, refuses_what_does_not_fit) {
    EXPECT_EQ(unpack(std::string("\x05") + "abc", 8), "");                               // literals cut off
    EXPECT_EQ(unpack(std::string("\x02") + "abc", 2), "");                               // no room
    EXPECT_EQ(unpack(std::string("\x00", 1) + "a" + std::string("\x80\x07", 2), 8), ""); // before the start
    EXPECT_EQ(unpack(std::string("\x00", 1) + "a" + std::string("\xe0", 1), 8), "");     // copy cut off
}

std::vector<std::byte> deflated(std::size_t zeros) {
    const std::vector<Bytef> plain(zeros, 0);
    std::vector<Bytef> packed(::compressBound(zeros));
    uLongf size = packed.size();
    ::compress(packed.data(), &size, plain.data(), zeros);
    std::vector<std::byte> bytes(size);
    std::memcpy(bytes.data(), packed.data(), size);
    return bytes;
}

TEST(ChunkFilters, a_chunk_must_come_to_its_exact_size) {
    const ChunkFilters gzip = {{H5Z_FILTER_DEFLATE, "gzip", true, true, 4}};
    std::vector<std::byte> out(1000);
    auto data = deflated(1000);
    EXPECT_EQ(decode_chunk(gzip, 0, 4, data, out), "");
    data = deflated(999);
    EXPECT_NE(decode_chunk(gzip, 0, 4, data, out), "");
    data = deflated(10'000'000); // a bomb: stops at the size of the chunk
    EXPECT_NE(decode_chunk(gzip, 0, 4, data, out), "");
    data = bytes_of("no deflate stream");
    EXPECT_NE(decode_chunk(gzip, 0, 4, data, out), "");
}

TEST(ChunkFilters, a_masked_filter_was_not_applied) {
    const ChunkFilters gzip = {{H5Z_FILTER_DEFLATE, "gzip", true, true, 4}};
    std::vector<std::byte> out(4);
    auto data = bytes_of("abcd");
    EXPECT_EQ(decode_chunk(gzip, 1, 4, data, out), "");
    EXPECT_EQ(std::memcmp(out.data(), "abcd", 4), 0);
}

TEST(ChunkFilters, shuffle_is_undone) {
    const ChunkFilters shuffle = {{H5Z_FILTER_SHUFFLE, "shuffle", true, true, 2}};
    std::vector<std::byte> out(7);
    auto data = bytes_of("acebdf!");
    EXPECT_EQ(decode_chunk(shuffle, 0, 2, data, out), "");
    EXPECT_EQ(std::memcmp(out.data(), "abcdef!", 7), 0);
}

TEST(Utf8, knows_good_from_bad) {
    EXPECT_TRUE(valid_utf8("größe 基因 🧬"));
    EXPECT_TRUE(valid_utf8(""));
    for (const char* bad :
         {"\xff", "\xc3", "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf5\x80\x80\x80", "a\x80"}) {
        EXPECT_FALSE(valid_utf8(bad));
    }
}

} // namespace
} // namespace ember::h5

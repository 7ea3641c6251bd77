#pragma once
// Little-endian numbers at unaligned addresses.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>

namespace ember {

static_assert(std::endian::native == std::endian::little, "files are little-endian and read in place");

/// The number at the start of `bytes`, which must hold at least sizeof(T).
template<typename T>
T read_little_endian(const std::byte* bytes) noexcept {
    T value;
    std::memcpy(&value, bytes, sizeof(T));
    return value;
}

template<typename T>
T read_little_endian(std::span<const std::byte> bytes, std::size_t offset) noexcept {
    return read_little_endian<T>(bytes.data() + offset);
}

/// The number's bytes.
template<typename T>
std::string little_endian_text(T value) {
    return {reinterpret_cast<const char*>(&value), sizeof(T)};
}

} // namespace ember

#include "core/run/unicode_text.hpp"

#include <cstdint>

#include "core/base/error.hpp"
#include "core/run/little_endian.hpp"

namespace ember {

namespace {

bool is_character(std::uint32_t code) noexcept {
    return code < 0x110000 && (code < 0xd800 || code > 0xdfff);
}

/// The next character of UTF-8 and its length in bytes; 0 when malformed.
std::size_t decode(std::string_view text, std::uint32_t& code) noexcept {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned first = byte(0);
    if (first < 0x80) {
        code = first;
        return 1;
    }
    const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || text.size() < length) {
        return 0;
    }
    code = first & (0xffU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0U) != 0x80U) {
            return 0;
        }
        code = (code << 6U) | (byte(i) & 0x3fU);
    }
    const std::uint32_t lowest = length == 4 ? 0x10000 : length == 3 ? 0x800 : 0x80;
    return code >= lowest && is_character(code) ? length : 0;
}

void append_utf8(std::string& text, std::uint32_t code) {
    const auto put = [&](std::uint32_t byte) { text.push_back(static_cast<char>(byte)); };
    if (code < 0x80) {
        put(code);
    } else if (code < 0x800) {
        put(0xc0 | (code >> 6U));
        put(0x80 | (code & 0x3fU));
    } else if (code < 0x10000) {
        put(0xe0 | (code >> 12U));
        put(0x80 | ((code >> 6U) & 0x3fU));
        put(0x80 | (code & 0x3fU));
    } else {
        put(0xf0 | (code >> 18U));
        put(0x80 | ((code >> 12U) & 0x3fU));
        put(0x80 | ((code >> 6U) & 0x3fU));
        put(0x80 | (code & 0x3fU));
    }
}

} // namespace

bool is_utf8(std::string_view text) noexcept {
    std::uint32_t code = 0;
    while (!text.empty()) {
        const std::size_t length = decode(text, code);
        if (length == 0) {
            return false;
        }
        text.remove_prefix(length);
    }
    return true;
}

std::optional<std::string> utf8_of_utf32(std::string_view bytes, bool big_endian) {
    if (bytes.size() % 4 != 0) {
        return std::nullopt;
    }
    std::string text;
    const auto* const start = reinterpret_cast<const std::byte*>(bytes.data());
    for (std::size_t i = 0; i < bytes.size(); i += 4) {
        auto code = read_little_endian<std::uint32_t>(start + i);
        if (big_endian) {
            code = __builtin_bswap32(code);
        }
        append_utf8(text, is_character(code) ? code : 0xfffd);
    }
    while (!text.empty() && text.back() == '\0') {
        text.pop_back();
    }
    return text;
}

std::optional<std::string> latin1_of_utf8(std::string_view text) {
    std::string bytes;
    bytes.reserve(text.size());
    std::uint32_t code = 0;
    while (!text.empty()) {
        const std::size_t length = decode(text, code);
        if (length == 0 || code > 0xff) {
            return std::nullopt;
        }
        bytes.push_back(static_cast<char>(code));
        text.remove_prefix(length);
    }
    return bytes;
}

std::u32string utf32_of_utf8(std::string_view text) {
    std::u32string characters;
    while (!text.empty()) {
        std::uint32_t code = 0;
        const std::size_t length = decode(text, code);
        if (length == 0) {
            throw Error("NotUtf8", "A text cannot be saved: it is not in UTF-8");
        }
        characters.push_back(code);
        text.remove_prefix(length);
    }
    return characters;
}

std::string utf8_of_latin1(std::string_view bytes) {
    std::string text;
    for (const char byte : bytes) {
        append_utf8(text, static_cast<unsigned char>(byte));
    }
    return text;
}

} // namespace ember

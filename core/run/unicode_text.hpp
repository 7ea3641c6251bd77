#pragma once
// Text as pickles and numpy hold it.

#include <optional>
#include <string>
#include <string_view>

namespace ember {

bool is_utf8(std::string_view text) noexcept;

/// numpy's fixed-width text (UTF-32, little-endian unless `big_endian`, padded with NULs) as UTF-8; a value
/// that is no character becomes U+FFFD. Nothing when the length is not a multiple of four.
std::optional<std::string> utf8_of_utf32(std::string_view bytes, bool big_endian);

/// The bytes that Python's text.encode('latin1') gives; nothing when a character is beyond U+00FF.
std::optional<std::string> latin1_of_utf8(std::string_view text);

/// The characters of valid UTF-8. Throws Error `NotUtf8`.
std::u32string utf32_of_utf8(std::string_view text);

/// Each byte as the character of its number.
std::string utf8_of_latin1(std::string_view bytes);

} // namespace ember
